"""A school with every kind of family, for tests.

6B: Benali (separated: two households), Costa (a sibling in 6C), Yılmaz, Petit (no smartphone).
6C: Costa, Kovalenko (discreet), Silva (the father is only to be informed), Roux (a parent who may nothing).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coedu_bot.school.class_ import SchoolClass
from coedu_bot.school.families import Entitlement, Families, Guardian, Pupil
from coedu_bot.school.person import Person
from coedu_bot.school.room import SchoolRoom
from coedu_bot.store import rooms
from coedu_bot.testing import FakeBot, FakeRoom

DURAND, LEROY, HEAD = "@durand:test", "@leroy:test", "@head:test"
MOTHER, FATHER = "@benali.m:test", "@benali.f:test"
COSTA, COSTA_TOO = "@costa:test", "@costa2:test"
YILMAZ, KOVALENKO = "@yilmaz:test", "@kovalenko:test"
SILVA, SILVA_INFORMED = "@silva:test", "@silva2:test"
ROUX, ROUX_EXCLUDED = "@roux:test", "@roux2:test"

FULL, INFORMED, NOTHING = Entitlement.FULL, Entitlement.INFORMATION, Entitlement.NONE
GUARDIANS = [
    Guardian(MOTHER, "Mme Benali", "Benali (mère)", MOTHER, "ar"),
    Guardian(FATHER, "M. Benali", "Benali (père)", FATHER, "fr"),
    Guardian(COSTA, "M. Costa", "Costa", COSTA, "pt"),
    Guardian(COSTA_TOO, "Mme Costa", "Costa", COSTA_TOO, "fr"),
    Guardian(YILMAZ, "Mme Yılmaz", "Yılmaz", YILMAZ, "tr"),
    Guardian("Petit/M. Petit", "M. Petit", "Petit", phone="06 12 34 56 78"),
    Guardian(KOVALENKO, "Mme Kovalenko", "Kovalenko", KOVALENKO, "fr", discreet=True),
    Guardian(SILVA, "Mme Silva", "Silva (mère)", SILVA, "fr"),
    Guardian(SILVA_INFORMED, "M. Silva", "Silva (père)", SILVA_INFORMED, "fr"),
    Guardian(ROUX, "Mme Roux", "Roux", ROUX, "fr"),
    Guardian(ROUX_EXCLUDED, "M. Roux", "Roux (père)", ROUX_EXCLUDED, "fr"),
]
PUPILS = (
    Pupil("Sami B.", "6B", {MOTHER: FULL, FATHER: FULL}),
    Pupil("Ana C.", "6B", {COSTA: FULL, COSTA_TOO: FULL}),
    Pupil("Luis C.", "6C", {COSTA: FULL, COSTA_TOO: FULL}),
    Pupil("Elif Y.", "6B", {YILMAZ: FULL}),
    Pupil("Léo P.", "6B", {"Petit/M. Petit": FULL}),
    Pupil("Daria K.", "6C", {KOVALENKO: FULL}),
    Pupil("Inês S.", "6C", {SILVA: FULL, SILVA_INFORMED: INFORMED}),
    Pupil("Zoé R.", "6C", {ROUX: FULL, ROUX_EXCLUDED: NOTHING}),
)
FAMILIES = Families({one.key: one for one in GUARDIANS}, PUPILS)
IN_6B = (MOTHER, FATHER, COSTA, COSTA_TOO, YILMAZ)
IN_6C = (COSTA, COSTA_TOO, SILVA, SILVA_INFORMED, ROUX)
EVERYONE = tuple(one.id for one in GUARDIANS if one.id)


def school(**more: Any) -> dict[str, Any]:
    """The arguments of a school for `FakeBot.with_plugins`."""
    classes = {id_: SchoolClass(id_, f"6e {id_[-1]}", frozenset({DURAND}), ("fr",)) for id_ in ("6B", "6C")}
    bindings = [SchoolRoom(f"{id_}/class", "class", id_) for id_ in classes]
    people = [
        Person(DURAND, "Mme Durand"),
        Person(LEROY, "M. Leroy"),
        Person(HEAD, "M. Martin", roles=frozenset()),
    ]
    return {
        "families": FAMILIES,
        "classes": classes,
        "rooms": {one.binding: one for one in bindings},
        "people": {one.id: one for one in people},
        **more,
    }


async def open_rooms(bot: FakeBot) -> Mapping[str, FakeRoom]:
    """The class rooms with everybody in them who is to be."""
    opened = {}
    for id_, members in (("6B", IN_6B), ("6C", IN_6C)):
        people = dict.fromkeys((DURAND, LEROY, *members), "")
        opened[id_] = await bot.room(f"6e {id_[-1]}", people, {DURAND: 50})
        async with bot.database.transaction() as db:
            await rooms.mark_room(db, opened[id_].id, bot.clock.now(), binding=f"{id_}/class")
    return opened
