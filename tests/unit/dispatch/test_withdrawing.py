"""What a stolen account did in a day is taken back with one tap, whatever plugin it used."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from coedu_bot.school.person import Person
from coedu_bot.school.rights import Role
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements import a_school
from tests.plugins.announcements.a_school import COSTA, DURAND, FATHER, HEAD, MOTHER

PLUGINS = ("announcements", "polls", "reminders")


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    people = {
        DURAND: Person(DURAND, "Mme Durand"),
        HEAD: Person(HEAD, "M. Martin", roles=frozenset({Role.COORDINATOR})),
    }
    async with FakeBot.with_plugins(*PLUGINS, **a_school.school(people=people)) as bot:
        yield bot


@pytest.fixture
async def room(bot: FakeBot) -> FakeRoom:
    return (await a_school.open_rooms(bot))["6B"]


async def stolen(bot: FakeBot, room: FakeRoom) -> FakeRoom:
    """A day of somebody else with Mme Durand's account."""
    private = await bot.direct(DURAND)
    await private.say(DURAND, "annonce Hier.\n\npour : 6B\naccusé : privé")
    await bot.later(hours=30)
    await private.say(DURAND, "annonce Cliquez ici.\n\npour : 6B\naccusé : privé")
    await private.say(DURAND, "annonce Et demain là.\n\npour : 6B\nenvoyer : demain 10h")
    await room.say(DURAND, "!sondage Votre mot de passe ? | oui | non")
    await room.say(DURAND, "!rappel dans 10 minutes payez ici")
    await room.say(DURAND, "!rappel demain à 9 h payez vite")
    await private.say(DURAND, "relance A1")
    await bot.later(minutes=20)
    return private


async def withdraw(bot: FakeBot) -> FakeRoom:
    office = await bot.direct(HEAD)
    await office.say(HEAD, "gel Mme Durand")
    await office.tap(HEAD, office.last)
    return office


async def test_announcements_polls_reminders_nudges_and_copies_of_a_day_go(
    bot: FakeBot, room: FakeRoom
) -> None:
    await stolen(bot, room)
    father = await bot.direct(FATHER)
    assert room.polls
    assert room.of_kind("reminder")
    assert father.of_kind("announcement.nudge")
    await withdraw(bot)
    assert [one.body.split("\n")[0] for one in room.shown if one.kind != "sent-privately"] == ["Hier."]
    assert not room.polls
    assert [one.kind for one in father.shown] == ["announcement.copy"]


async def test_what_it_had_planned_in_that_day_never_comes_not_even_when_it_is_given_back(
    bot: FakeBot, room: FakeRoom
) -> None:
    await stolen(bot, room)
    office = await withdraw(bot)
    await office.say(HEAD, "dégel Mme Durand")
    await bot.later(hours=48)
    text = "".join(one.body for one in room.shown)
    assert "payez vite" not in text
    assert "Et demain là" not in text


async def test_a_second_tap_tells_nobody_again(bot: FakeBot, room: FakeRoom) -> None:
    private = await bot.direct(DURAND)
    await private.say(DURAND, "annonce Cliquez ici. pour=6B")
    await room.tap(COSTA, room.last)
    office = await withdraw(bot)
    costa = await bot.direct(COSTA)
    assert len(costa.shown) == 1
    offer = office.last
    await office.tap(HEAD, offer)
    assert len(costa.shown) == 1
    assert office.last.body == offer.body


async def test_letters_to_parents_go_too_and_no_more_are_carried(bot: FakeBot, room: FakeRoom) -> None:
    private, mother = await bot.direct(DURAND), await bot.direct(MOTHER)
    await mother.say(MOTHER, "Inès est malade.")
    await mother.vote(MOTHER, "Mme Durand")
    await private.say(DURAND, "Donnez-moi votre mot de passe.", reply_to=private.last.event_id)
    assert "mot de passe" in mother.last.body
    await withdraw(bot)
    assert "mot de passe" not in "".join(one.body for one in mother.shown)
    await private.say(DURAND, "Et votre carte ?", reply_to=private.last.event_id)
    assert "carte" not in "".join(one.body for one in mother.shown)


async def test_nothing_at_all_that_the_account_sends_has_an_effect(bot: FakeBot, room: FakeRoom) -> None:
    private = await bot.direct(DURAND)
    await room.say(HEAD, "!ping")
    await (await bot.direct(HEAD)).say(HEAD, "gel Mme Durand")
    before = len(private.shown)
    for text in ("moi", "langue", "ping", "aide", "bonjour"):
        await private.say(DURAND, text)
    assert len(private.shown) == before


async def test_a_letter_to_a_frozen_account_waits_and_it_is_offered_to_nobody_new(
    bot: FakeBot, room: FakeRoom
) -> None:
    private, mother = await bot.direct(DURAND), await bot.direct(MOTHER)
    office = await bot.direct(HEAD)
    await mother.say(MOTHER, "Inès est malade.")
    menu = mother.menu
    await office.say(HEAD, "gel Mme Durand")
    await mother.vote(MOTHER, "Mme Durand", menu)
    assert "Inès est malade." not in "".join(one.body for one in private.shown)
    assert mother.last.kind == "help"
    await mother.say(MOTHER, "Elle revient demain.")
    assert list(mother.menu.choices) == ["المدرسة"]


async def test_what_others_caused_waits_for_the_owner_to_be_back(bot: FakeBot, room: FakeRoom) -> None:
    private, office = await bot.direct(DURAND), await bot.direct(HEAD)
    await private.say(DURAND, "annonce Alerte.\n\npour : 6B\npriorité : urgente")
    await private.tap(DURAND, private.last)
    copy = office.last
    await bot.later(hours=30)
    await office.say(HEAD, "gel Mme Durand")
    before = len(private.shown)
    await office.tap(HEAD, copy, "❌")
    await bot.later(hours=3)
    assert len(private.shown) == before
    await office.say(HEAD, "dégel Mme Durand")
    await bot.later(hours=1)
    assert "A1" in private.last.body


async def test_a_teacher_of_a_class_without_a_name_in_the_list_can_be_frozen(bot: FakeBot) -> None:
    people = {HEAD: Person(HEAD, "M. Martin", roles=frozenset({Role.COORDINATOR}))}
    async with FakeBot.with_plugins("announcements", **a_school.school(people=people)) as other:
        await a_school.open_rooms(other)
        office = await other.direct(HEAD)
        await office.say(HEAD, f"gel {DURAND}")
        assert office.last.kind == "freeze"
        assert other.bot.current.school.frozen == {DURAND}
        await office.say(HEAD, f"dégel {DURAND}")
        await office.say(HEAD, "gel cette prof", mentions=(DURAND,))
        assert other.bot.current.school.frozen == {DURAND}
        await office.say(HEAD, f"dégel {DURAND}")
        shown = await other.room("Salle des profs", {DURAND: "Mme Durand", COSTA: "Mme Costa"}, {DURAND: 50})
        await office.say(HEAD, "!gel Mme Costa")
        assert office.last.kind == "error"
        await office.say(HEAD, "gel mme durand")
        assert other.bot.current.school.frozen == {DURAND}
        assert shown.shown == []
