"""A person asks to be forgotten: the school answers within a month, the person reads each step."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Table, Text, cast, or_, select

from coedu_bot.homeserver import Unreachable
from coedu_bot.school.person import Person
from coedu_bot.school.rights import Role
from coedu_bot.store.erasures import erasure
from coedu_bot.store.tables import outbox, person_setting, room_member
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements import a_school
from tests.plugins.announcements.a_school import COSTA, DURAND, FATHER, HEAD, MOTHER

DEPUTY = "@deputy:test"


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    head = frozenset({Role.COORDINATOR})
    people = {
        DURAND: Person(DURAND, "Mme Durand"),
        HEAD: Person(HEAD, "M. Martin", roles=head),
        DEPUTY: Person(DEPUTY, "Mme Adjointe", roles=head),
    }
    school = a_school.school(people=people, controller="La principale", contact="dpo@ecole.test")
    async with FakeBot.with_plugins("announcements", **school) as bot:
        yield bot


@pytest.fixture
async def room(bot: FakeBot) -> FakeRoom:
    return (await a_school.open_rooms(bot))["6B"]


@pytest.fixture
async def office(bot: FakeBot, room: FakeRoom) -> FakeRoom:
    return await bot.direct(HEAD)


@pytest.fixture
async def father(bot: FakeBot, room: FakeRoom) -> FakeRoom:
    return await bot.direct(FATHER)


async def ask(one: FakeRoom, who: str = FATHER) -> None:
    await one.say(who, "effacer")
    await one.vote(who, 1)


async def rows_of(bot: FakeBot, table: Table, *where: Any) -> list[Any]:
    async with bot.database.reading() as db:
        return list(await db.all(select(table).where(*where)))


async def grant(bot: FakeBot, office: FakeRoom) -> None:
    """Accepted, and carried out once the person has read so."""
    await office.vote(HEAD, "Accepter et effacer")
    await bot.later(minutes=1)


async def test_it_is_explained_and_asked_about_before_anything_happens(
    bot: FakeBot, office: FakeRoom, father: FakeRoom
) -> None:
    await father.say(FATHER, "effacer")
    question = father.menu.content["org.matrix.msc3381.poll.start"]["question"]["body"]
    assert "la liste des familles" in question
    assert "dpo@ecole.test" in question
    await father.vote(FATHER, 2)
    assert "rien ne change" in father.last.body
    assert not office.shown


async def test_the_school_reads_who_asks_until_when_and_what_must_be_kept(
    bot: FakeBot, office: FakeRoom, father: FakeRoom
) -> None:
    await ask(father)
    assert "5 novembre 2026" in father.last.body
    asked = office.last
    assert asked.rings
    for part in ("M. Benali (Sami B., 6B)", "5 novembre 2026", "la liste des familles"):
        assert part in asked.body.replace("\u2068", "").replace("\u2069", "")
    assert len(office.menu.choices) == 4
    await father.say(FATHER, "effacer")
    assert "Votre demande du mardi 6 octobre 2026" in father.last.body


async def test_granted_the_person_reads_a_last_word_and_is_forgotten(
    bot: FakeBot, room: FakeRoom, office: FakeRoom, father: FakeRoom
) -> None:
    await father.say(FATHER, "heures 20h-8h")
    await ask(father)
    deputy = await bot.direct(DEPUTY)
    await grant(bot, office)
    assert "ce message est le dernier" in father.last.body
    assert father.last.rings
    assert "6 octobre 2026 est fait" in office.last.body
    assert "encore dans la liste des familles" in office.last.body
    assert not deputy.polls
    assert await rows_of(bot, person_setting, person_setting.c.user_id == FATHER) == []
    named = or_(outbox.c.recipient == FATHER, cast(outbox.c.content, Text).contains("M. Benali"))
    assert await rows_of(bot, outbox, named) == []


async def test_refused_the_person_reads_the_reason_and_where_to_turn(
    bot: FakeBot, office: FakeRoom, father: FakeRoom
) -> None:
    await ask(father)
    await office.vote(HEAD, "Refuser\u00a0: enfant encore inscrit")
    assert "tant que votre enfant est inscrit" in father.last.body
    assert "CNIL" in father.last.body
    await father.say(FATHER, "effacer")
    assert father.polls


async def test_a_reason_in_a_coordinators_own_words_is_read_as_it_is(
    bot: FakeBot, office: FakeRoom, father: FakeRoom
) -> None:
    await ask(father)
    await office.vote(HEAD, "Refuser\u00a0: autre motif")
    await office.say(HEAD, "Un recours est en cours.", reply_to=office.last.event_id)
    assert "Un recours est en cours." in father.last.body
    assert "C’est noté" in office.last.body


async def test_two_coordinators_answer_once(bot: FakeBot, office: FakeRoom, father: FakeRoom) -> None:
    await ask(father)
    deputy = await bot.direct(DEPUTY)
    menu = deputy.menu
    await office.vote(HEAD, "Refuser\u00a0: procédure en cours")
    shown = len(father.shown)
    await deputy.vote(DEPUTY, "Accepter et effacer", menu)
    assert len(father.shown) == shown
    assert await rows_of(bot, erasure, erasure.c.state == "refused")


async def test_the_next_request_is_put_before_them_when_one_is_answered(
    bot: FakeBot, office: FakeRoom, father: FakeRoom
) -> None:
    costa = await bot.direct(COSTA)
    await ask(father)
    await bot.later(minutes=1)
    await ask(costa, COSTA)
    assert "M. Benali" in office.last.body
    assert "autre demande attend" in office.last.body
    await office.vote(HEAD, "Refuser\u00a0: procédure en cours")
    assert "M. Costa" in office.last.body
    await grant(bot, office)
    assert not office.polls
    assert not await rows_of(bot, erasure, erasure.c.user_id == COSTA)
    assert await rows_of(bot, erasure, erasure.c.user_id == FATHER)


async def test_they_are_reminded_and_after_a_month_the_person_reads_where_to_turn(
    bot: FakeBot, office: FakeRoom, father: FakeRoom
) -> None:
    await ask(father)
    asked = len(office.of_kind("question"))
    for days, reminders in ((13.9, 0), (0.2, 1), (7, 2), (6, 3)):
        await bot.later(days=days)
        assert len(office.of_kind("question")) == asked + reminders
    shown = len(father.shown)
    await bot.later(days=4)
    assert "dans le mois" in father.last.body
    assert len(father.shown) == shown + 1
    await bot.later(days=60)
    assert len(father.shown) == shown + 1


async def test_answered_requests_are_reminded_of_no_more(
    bot: FakeBot, office: FakeRoom, father: FakeRoom
) -> None:
    await ask(father)
    await office.vote(HEAD, "Refuser\u00a0: procédure en cours")
    shown = len(office.shown), len(father.shown)
    await bot.later(days=40)
    assert (len(office.shown), len(father.shown)) == shown


async def test_who_wrote_stop_reads_the_answer_and_stays_left_in_peace_after_it(
    bot: FakeBot, room: FakeRoom, office: FakeRoom, father: FakeRoom
) -> None:
    await father.say(FATHER, "stop")
    await ask(father)
    await grant(bot, office)
    assert "ce message est le dernier" in father.last.body
    shown = len(father.shown)
    private = await bot.direct(DURAND)
    await private.say(DURAND, "annonce Piscine.\n\npour : 6B\naccusé : privé")
    assert len(father.shown) == shown


async def test_the_last_word_is_sent_before_anything_is_forgotten_whatever_fails(
    bot: FakeBot, office: FakeRoom, father: FakeRoom
) -> None:
    await ask(father)
    bot.homeserver.failures.extend(Unreachable() for _ in range(6))
    await office.vote(HEAD, "Accepter et effacer")
    bot.restart()
    await bot.later(minutes=30)
    assert "ce message est le dernier" in father.last.body
    assert len([one for one in father.shown if "dernier" in one.body]) == 1
    assert not await rows_of(bot, erasure, erasure.c.user_id == FATHER)


async def test_of_somebody_who_has_left_the_school_the_direct_room_is_left_too(
    bot: FakeBot, office: FakeRoom, father: FakeRoom
) -> None:
    await ask(father)
    bot.bot.current.school = replace(bot.school, families=bot.school.families.without([FATHER]))
    await grant(bot, office)
    assert bot.homeserver.user_id not in bot.homeserver.rooms[father.id].members()
    assert not await rows_of(bot, room_member, room_member.c.in_room == father.id)
    assert "liste des familles" not in office.last.body


async def test_only_the_person_decides_for_themselves_and_only_coordinators_answer(
    bot: FakeBot, room: FakeRoom, office: FakeRoom, father: FakeRoom
) -> None:
    await ask(father)
    menu = office.menu
    mother = await bot.direct(MOTHER)
    await office.vote(MOTHER, "Accepter et effacer", menu)
    assert await rows_of(bot, erasure, erasure.c.state == "open")
    assert not mother.shown


async def test_without_coordinators_the_person_reads_whom_to_write_to() -> None:
    people = {DURAND: Person(DURAND, "Mme Durand")}
    async with FakeBot.with_plugins(
        "announcements", **a_school.school(people=people, contact="dpo@ecole.test")
    ) as bot:
        father = await bot.direct(FATHER)
        await father.say(FATHER, "effacer")
        assert "dpo@ecole.test" in father.last.body
