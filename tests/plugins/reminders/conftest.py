"""A class with a teacher and two parents, holidays in autumn and nights in which phones are quiet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, time

import pytest

from coedu_bot.school.calendar import Calendar, Holiday
from coedu_bot.school.quiet_hours import QuietHours
from coedu_bot.testing import FakeBot, FakeRoom

DURAND = "@durand:test"
BENALI = "@benali:test"
COSTA = "@costa:test"
NAMES = {DURAND: "Mme Durand", BENALI: "Mme Benali", COSTA: "M. Costa"}
AUTUMN = Calendar.of([Holiday(date(2026, 10, 17), date(2026, 11, 1), "Toussaint")], week_a=date(2026, 8, 31))
NIGHTS = QuietHours(time(19), time(7, 30))


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    async with FakeBot.with_plugins("reminders", calendar=AUTUMN, quiet_hours=NIGHTS) as bot:
        yield bot


@pytest.fixture
async def class_room(bot: FakeBot) -> FakeRoom:
    return await bot.room("6B", NAMES, {DURAND: 50})


@pytest.fixture
async def private(bot: FakeBot, class_room: FakeRoom) -> FakeRoom:
    """Mme Durand's direct room."""
    return await bot.direct(DURAND)


@pytest.fixture
async def parent(bot: FakeBot, class_room: FakeRoom) -> FakeRoom:
    """Mme Benali's direct room."""
    return await bot.direct(BENALI)


def plain(text: str) -> str:
    """Without no-break spaces and marks of direction."""
    kept = text.replace("\u00a0", " ").replace("\u202f", " ")
    return "".join(one for one in kept if one not in "\u2066\u2067\u2068\u2069")
