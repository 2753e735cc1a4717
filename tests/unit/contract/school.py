"""The school of the contract's tests: a class with two families, its teacher, a coordinator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from coedu_bot.api import Role
from coedu_bot.school.class_ import SchoolClass
from coedu_bot.school.families import Entitlement, Families, Guardian, Pupil
from coedu_bot.school.person import Person
from coedu_bot.testing import FakeBot, FakeRoom

DURAND, MARTIN = "@durand:test", "@martin:test"
BENALI, COSTA = "@benali:test", "@costa:test"
FULL = Entitlement.FULL


@dataclass(frozen=True, slots=True)
class Class:
    """The class room, and the direct rooms of a parent and of the teacher."""

    bot: FakeBot
    room: FakeRoom
    parent: FakeRoom
    teacher: FakeRoom

    def is_redacted(self, event: str, room: FakeRoom | None = None) -> bool:
        return self.bot.homeserver.rooms[(room or self.room).id].event(event).redacted


@asynccontextmanager
async def a_class(*plugins: str, **more: Any) -> AsyncIterator[Class]:
    """6B, whose members have joined; Mme Benali and Mme Durand have opened their direct rooms."""
    guardians = {
        BENALI: Guardian(BENALI, "Mme Benali", "Benali", BENALI, "ar"),
        COSTA: Guardian(COSTA, "M. Costa", "Costa", COSTA),
    }
    pupils = (Pupil("Yanis Benali", "6B", {BENALI: FULL}), Pupil("Lina Costa", "6B", {COSTA: FULL}))
    people = {
        MARTIN: Person(MARTIN, "Mme Martin", None, frozenset({Role.COORDINATOR})),
        DURAND: Person(DURAND, "Mme Durand", None, frozenset()),
    }
    school: dict[str, Any] = {
        "people": people,
        "classes": {"6B": SchoolClass("6B", "6e B", frozenset({DURAND}))},
        "families": Families(guardians, pupils),
    }
    async with FakeBot.with_plugins(*(plugins or ("announcements", "polls")), **school, **more) as bot:
        members = {DURAND: "Mme Durand", BENALI: "Mme Benali", COSTA: "M. Costa", MARTIN: "Mme Martin"}
        room = await bot.room("6e B", members, {DURAND: 50})
        yield Class(bot, room, await bot.direct(BENALI), await bot.direct(DURAND))
