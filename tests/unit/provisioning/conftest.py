"""Every test of provisioning finds the example's school."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from coedu_bot.testing import FakeBot
from tests.unit.provisioning.a_site import Site, write_example


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    write_example(tmp_path)
    async with FakeBot.with_plugins("announcements") as bot:
        yield Site(tmp_path, bot)
