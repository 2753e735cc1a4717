"""A class of three households and four pupils, as every test of polls finds it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from coedu_bot.school.class_ import SchoolClass
from coedu_bot.school.families import Entitlement, Families, Guardian, Pupil
from coedu_bot.school.person import Person
from coedu_bot.school.room import SchoolRoom
from coedu_bot.testing import FakeBot, FakeRoom

DURAND = "@durand:test"
MOTHER, FATHER = "@benali-mere:test", "@benali-pere:test"  # parted: two households of Lina
COSTA, COSTA_TOO = "@costa:test", "@costa2:test"  # one household
INFORMED = "@silva:test"  # may be told, does not decide
PEOPLE = {
    DURAND: "Mme Durand",
    MOTHER: "Mme Benali",
    FATHER: "M. Benali",
    COSTA: "M. Costa",
    COSTA_TOO: "Mme Costa",
    INFORMED: "M. Silva",
}
FULL, TOLD = Entitlement.FULL, Entitlement.INFORMATION
GUARDIANS = (
    Guardian(MOTHER, "Mme Benali", "Benali mère", MOTHER),
    Guardian(FATHER, "M. Benali", "Benali père", FATHER),
    Guardian(COSTA, "M. Costa", "Costa", COSTA),
    Guardian(COSTA_TOO, "Mme Costa", "Costa", COSTA_TOO),
    Guardian(INFORMED, "M. Silva", "Silva", INFORMED),
    Guardian("Petit/Mme Petit", "Mme Petit", "Petit"),
)
PUPILS = (
    Pupil("Lina B.", "6B", {MOTHER: FULL, FATHER: FULL}),
    Pupil("Rui C.", "6B", {COSTA: FULL, COSTA_TOO: FULL}),
    Pupil("Ana C.", "6B", {COSTA: FULL, COSTA_TOO: FULL, INFORMED: TOLD}),
    Pupil("Léo P.", "6B", {"Petit/Mme Petit": FULL}),
)
FAMILIES = Families({one.key: one for one in GUARDIANS}, PUPILS)
SCHOOL = {
    "families": FAMILIES,
    "people": {DURAND: Person(DURAND, "Mme Durand")},
    "classes": {"6B": SchoolClass("6B", "6e B", teachers=frozenset({DURAND}))},
    "rooms": {"6B/class": SchoolRoom("6B/class", "class", "6B", alias="#6b:test")},
}


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    """Without families: power levels are roles, members are voices."""
    async with FakeBot.with_plugins("polls") as bot:
        yield bot


@pytest.fixture
async def room(bot: FakeBot) -> FakeRoom:
    return await bot.room("6B", PEOPLE, {DURAND: 50})


@pytest.fixture
async def school_bot() -> AsyncIterator[FakeBot]:
    """With families."""
    async with FakeBot.with_plugins("polls", **SCHOOL) as bot:
        yield bot


@pytest.fixture
async def class_room(school_bot: FakeBot) -> FakeRoom:
    return await open_class_room(school_bot)


async def open_class_room(bot: FakeBot) -> FakeRoom:
    """The class room that the school names."""
    room = await bot.room("6e B", PEOPLE, {DURAND: 50})
    async with bot.database.transaction() as db:
        await db.script(f"UPDATE room SET binding = '6B/class' WHERE id = '{room.id}'")
    return room
