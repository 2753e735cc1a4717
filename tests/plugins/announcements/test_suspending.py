"""A guardian whom a judge or the school keeps away: out at once, and nobody else is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import pytest

from coedu_bot.school.person import Person
from coedu_bot.school.rights import Role
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements import a_school
from tests.plugins.announcements.a_school import COSTA, DURAND, FATHER, HEAD, MOTHER

PRIVATELY = "annonce Sortie.\n\npour : 6B\naccusé : privé"


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    people = {
        DURAND: Person(DURAND, "Mme Durand"),
        HEAD: Person(HEAD, "M. Martin", roles=frozenset({Role.COORDINATOR})),
    }
    async with FakeBot.with_plugins("announcements", **a_school.school(people=people)) as bot:
        yield bot


@pytest.fixture
async def rooms(bot: FakeBot) -> Mapping[str, FakeRoom]:
    return await a_school.open_rooms(bot)


@pytest.fixture
async def office(bot: FakeBot, rooms: Mapping[str, FakeRoom]) -> FakeRoom:
    return await bot.direct(HEAD)


async def test_a_suspended_guardian_is_out_of_the_rooms_and_gets_no_copies(
    bot: FakeBot, rooms: Mapping[str, FakeRoom], office: FakeRoom
) -> None:
    father = await bot.direct(FATHER)
    before = len(father.shown)
    await office.say(HEAD, "suspendre M. Benali")
    assert "M. Benali ne reçoit plus rien" in office.last.body
    assert FATHER not in bot.homeserver.rooms[rooms["6B"].id].members()
    private = await bot.direct(DURAND)
    await private.say(DURAND, PRIVATELY)
    assert len(father.shown) == before
    await private.say(DURAND, "suivi A1")
    assert "Benali (mère)" in private.last.body
    assert "Benali (père)" not in private.last.body


async def test_nobody_else_reads_of_it(bot: FakeBot, rooms: Mapping[str, FakeRoom], office: FakeRoom) -> None:
    mother = await bot.direct(MOTHER)
    before = [len(room.shown) for room in (mother, rooms["6B"], rooms["6C"])]
    await office.say(HEAD, f"suspendre {FATHER}")
    assert [len(room.shown) for room in (mother, rooms["6B"], rooms["6C"])] == before


async def test_what_was_still_to_go_to_them_never_goes(
    bot: FakeBot, rooms: Mapping[str, FakeRoom], office: FakeRoom
) -> None:
    bot.people_accept = False
    private = await bot.direct(DURAND)
    await private.say(DURAND, PRIVATELY)
    await office.say(HEAD, f"suspendre {FATHER}")
    bot.people_accept = True
    await bot.settle()
    father = bot.direct_of(FATHER)
    assert father is None or not father.shown


async def test_a_reload_leaves_it_and_reinstating_ends_it(
    bot: FakeBot, rooms: Mapping[str, FakeRoom], office: FakeRoom
) -> None:
    await office.say(HEAD, f"suspendre {FATHER}")
    bot.bot.current.school = replace(bot.school, name="Après")
    assert bot.bot.current.school.families.household_of(FATHER) is None
    await office.say(HEAD, f"réadmettre {FATHER}")
    assert bot.bot.current.school.families.household_of(FATHER) is not None
    await office.say(HEAD, f"réadmettre {FATHER}")
    assert office.last.kind == "error"


@pytest.mark.parametrize("who", ["M. Personne", "", DURAND])
async def test_who_is_no_guardian_cannot_be_suspended(bot: FakeBot, office: FakeRoom, who: str) -> None:
    await office.say(HEAD, f"!suspendre {who}")
    assert office.last.kind == "error"


async def test_only_coordinators_may(bot: FakeBot, rooms: Mapping[str, FakeRoom]) -> None:
    private = await bot.direct(DURAND)
    await private.say(DURAND, f"!suspendre {COSTA}")
    assert private.last.kind == "error"
    assert COSTA in bot.homeserver.rooms[rooms["6B"].id].members()
