"""A homeserver of keys, and two readers with devices of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from coedu_bot.matrix.olm import GuardedOlm
from tests.unit.matrix.devices import machine
from tests.unit.matrix.key_server import KeyServer, serving


@pytest.fixture
async def server() -> AsyncIterator[KeyServer]:
    async with serving(KeyServer()) as server:
        yield server


@pytest.fixture
def bob(tmp_path: Path) -> GuardedOlm:
    return machine(tmp_path, "@bob:test", GuardedOlm)


@pytest.fixture
def carol(tmp_path: Path) -> GuardedOlm:
    return machine(tmp_path, "@carol:test", GuardedOlm)
