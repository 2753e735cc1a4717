"""A class with a teacher and three parents, as every test of announcements finds it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from coedu_bot.testing import FakeBot, FakeRoom

DURAND = "@durand:test"
BENALI = "@benali:test"
COSTA = "@costa:test"
YILMAZ = "@yilmaz:test"
NAMES = {DURAND: "Mme Durand", BENALI: "Mme Benali", COSTA: "M. Costa", YILMAZ: "Mme Yılmaz"}


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    async with FakeBot.with_plugins("announcements") as bot:
        yield bot


@pytest.fixture
async def class_room(bot: FakeBot) -> FakeRoom:
    return await bot.room("6B", NAMES, {DURAND: 50})


@pytest.fixture
async def other_room(bot: FakeBot) -> FakeRoom:
    return await bot.room("6C", {DURAND: "Mme Durand", YILMAZ: "Mme Yılmaz"}, {DURAND: 50})


@pytest.fixture
async def private(bot: FakeBot, class_room: FakeRoom) -> FakeRoom:
    """Mme Durand's direct room."""
    return await bot.direct(DURAND)
