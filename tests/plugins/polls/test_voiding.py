"""Whoever is suspended has said nothing in the polls that are still open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from coedu_bot.school.families import Entitlement, Families, Pupil
from coedu_bot.school.person import Person
from coedu_bot.school.rights import Role
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.polls.conftest import (
    COSTA,
    DURAND,
    FAMILIES,
    FATHER,
    GUARDIANS,
    MOTHER,
    SCHOOL,
    open_class_room,
)
from tests.plugins.polls.test_native import plain, result

HEAD = "@head:test"
ASKED = "!sondage Quel jour ? | lundi | mardi | jeudi"
PRIVATE = "!sondage Que peut-on apporter ?\n- gâteau\n- fruits\n- boissons\nchoix : 2\nrésultats : direct"


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    head = Person(HEAD, "Mme Martin", roles=frozenset({Role.COORDINATOR}))
    people = {DURAND: Person(DURAND, "Mme Durand"), HEAD: head}
    async with FakeBot.with_plugins("polls", **{**SCHOOL, "people": people}) as bot:
        yield bot


@pytest.fixture
async def room(bot: FakeBot) -> FakeRoom:
    return await open_class_room(bot)


async def suspend(bot: FakeBot, who: str = "M. Benali") -> None:
    await (await bot.direct(HEAD)).say(HEAD, f"suspendre {who}")


def votes_shown(bot: FakeBot, room: FakeRoom, who: str) -> int:
    timeline = bot.homeserver.rooms[room.id].timeline
    return sum(
        1 for event in timeline if event.sender == who and "response" in event.type and not event.redacted
    )


@pytest.mark.parametrize("voice", ["foyer", "personne", "élève"])
async def test_an_open_vote_counts_no_more_and_others_do(bot: FakeBot, room: FakeRoom, voice: str) -> None:
    await room.say(DURAND, f"{ASKED} voix={voice}")
    await room.vote(FATHER, "jeudi")
    await room.vote(COSTA, "lundi")
    await suspend(bot)
    assert votes_shown(bot, room, FATHER) == 0
    assert votes_shown(bot, room, COSTA) == 1
    await room.say(DURAND, "!fin P1")
    assert "jeudi : 0 voix" in await result(room)
    assert "lundi : 0 voix" not in await result(room)


async def test_it_does_not_come_back_with_the_person(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, f"{ASKED} voix=foyer")
    await room.vote(FATHER, "jeudi")
    await suspend(bot)
    await (await bot.direct(HEAD)).say(HEAD, "réadmettre M. Benali")
    await room.say(DURAND, "!fin P1")
    assert "0 foyer sur 4" in await result(room)


async def test_a_result_that_is_out_stays(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, f"{ASKED} voix=foyer")
    await room.vote(FATHER, "jeudi")
    await room.say(DURAND, "!fin P1")
    before = await result(room)
    await suspend(bot)
    assert await result(room) == before
    assert votes_shown(bot, room, FATHER) == 1


async def test_counts_that_the_room_shows_are_without_it_and_no_phone_rings(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, PRIVATE)
    await (await bot.direct(FATHER)).say(FATHER, "voter P1 2 3")
    shown = len(room.shown)
    assert "fruits : 1 voix" in plain(room.last.body)
    await suspend(bot)
    assert "fruits : 0 voix" in plain(room.last.body)
    assert len(room.shown) == shown


async def test_answers_to_dates_go_too_and_what_is_asked_with_them(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, "!dates Réunion | jeudi 18h | samedi 10h")
    father = await bot.direct(FATHER)
    await father.vote(FATHER, "Oui")
    assert "jeu. 8 oct. à 18 h : ✅ 1" in plain(room.last.body)
    await suspend(bot)
    assert "jeu. 8 oct. à 18 h : ✅ 0" in plain(room.last.body)
    assert not father.polls
    await father.say(FATHER, "voter D1 1 oui")
    assert "✅ 1" not in plain(room.of_kind("poll")[0].body)


async def test_the_other_parent_sees_nothing_of_it(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, f"{ASKED} voix=élève")
    await room.vote(FATHER, "jeudi")
    mother = await bot.direct(MOTHER)
    before = len(mother.shown), len(room.shown)
    await suspend(bot)
    assert (len(mother.shown), len(room.shown)) == before


async def test_a_new_configuration_that_says_aucun_voids_it_too(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, f"{ASKED} voix=foyer")
    await room.vote(FATHER, "jeudi")
    nothing = Pupil("Lina B.", "6B", {MOTHER: Entitlement.FULL, FATHER: Entitlement.NONE})
    families = Families({one.key: one for one in GUARDIANS}, (nothing, *FAMILIES.pupils[1:]))
    bot.bot.current.school = replace(bot.school, families=families)
    await bot.bot.follow_school()
    await bot.settle()
    assert votes_shown(bot, room, FATHER) == 0
