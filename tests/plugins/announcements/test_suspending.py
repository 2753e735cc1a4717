"""A guardian whom a judge or the school keeps away: out at once, and nobody else is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import pytest

from coedu_bot.homeserver import Unreachable
from coedu_bot.school.families import Entitlement, Families, Guardian, Pupil
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
    for word in ("réadmettre", "suspendre", "réadmettre"):
        await office.say(HEAD, f"{word} {FATHER}")
    father = await bot.direct(FATHER)
    assert [one.kind for one in father.shown] == ["announcement.copy"]  # what is still open, once


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


async def test_who_comes_back_is_asked_back_into_the_rooms(
    bot: FakeBot, rooms: Mapping[str, FakeRoom], office: FakeRoom
) -> None:
    await office.say(HEAD, f"suspendre {FATHER}")
    await office.say(HEAD, f"suspendre {FATHER}")
    assert office.last.kind == "error"
    await office.say(HEAD, f"réadmettre {FATHER}")
    assert FATHER in bot.homeserver.rooms[rooms["6B"].id].members()
    assert FATHER not in bot.homeserver.rooms[rooms["6C"].id].members()


async def test_a_kill_between_two_rooms_forgets_none(
    bot: FakeBot, rooms: Mapping[str, FakeRoom], office: FakeRoom
) -> None:
    bot.homeserver.failures.extend([Unreachable(), Unreachable()])
    await office.say(HEAD, f"suspendre {COSTA}")
    bot.restart()
    await bot.later(minutes=1)
    for room in rooms.values():
        assert COSTA not in bot.homeserver.rooms[room.id].members()
    await office.say(HEAD, f"réadmettre {COSTA}")
    for room in rooms.values():
        assert COSTA in bot.homeserver.rooms[room.id].members()


async def test_a_correction_does_not_reach_what_they_were_sent_before(
    bot: FakeBot, rooms: Mapping[str, FakeRoom], office: FakeRoom
) -> None:
    private, father = await bot.direct(DURAND), await bot.direct(FATHER)
    await private.say(DURAND, PRIVATELY)
    assert "Sortie" in father.last.body
    await office.say(HEAD, f"suspendre {FATHER}")
    await private.say(DURAND, "modifier A1 Sortie au Louvre.")
    assert "Louvre" not in "".join(one.body for one in father.shown)


async def test_what_they_write_is_handed_to_nobody_and_they_read_where_to_turn(
    bot: FakeBot, rooms: Mapping[str, FakeRoom], office: FakeRoom
) -> None:
    bot.bot.current.school = replace(bot.school, contact="dpo@ecole.test")
    father, teacher = await bot.direct(FATHER), await bot.direct(DURAND)
    await office.say(HEAD, f"suspendre {FATHER}")
    before = len(teacher.shown), len(office.shown)
    await father.say(FATHER, "Pourquoi ne vois-je plus rien ?")
    assert "dpo@ecole.test" in father.last.body
    assert (len(teacher.shown), len(office.shown)) == before


async def test_a_teacher_who_is_suspended_as_a_parent_goes_on_teaching(bot: FakeBot) -> None:
    own = Guardian(DURAND, "Mme Durand", "Durand", DURAND)
    families = Families({DURAND: own}, (Pupil("Jo D.", "6B", {DURAND: Entitlement.FULL}),))
    bot.school = replace(bot.school, families=families)
    bot.restart()
    rooms = await a_school.open_rooms(bot)
    await (await bot.direct(HEAD)).say(HEAD, f"suspendre {DURAND}")
    assert bot.bot.current.school.families.entitlement(DURAND) is Entitlement.NONE
    assert DURAND in bot.homeserver.rooms[rooms["6B"].id].members()
    await (await bot.direct(DURAND)).say(DURAND, "annonce Piscine. pour=6B")
    assert "Piscine" in rooms["6B"].last.body
