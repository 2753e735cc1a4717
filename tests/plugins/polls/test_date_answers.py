"""Answers to dates: from the menu, in words, by a tap, for a family; each counts at once, for a voice."""

from __future__ import annotations

import pytest

from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.polls.conftest import COSTA, COSTA_TOO, DURAND, FATHER, INFORMED, MOTHER
from tests.plugins.polls.test_dates import ASKED, counts
from tests.plugins.polls.test_native import body, plain


async def test_one_date_after_the_other_is_asked_and_each_answer_counts_at_once(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, ASKED)
    private = await bot.direct(COSTA)
    assert "Date 1 sur 3 : jeudi 8 octobre 2026 à 18 h ?" in plain(private.menu.body)
    await private.vote(COSTA, "Oui")
    assert counts(room) == ["100", "000", "000"]
    bot.restart()
    assert "Date 2 sur 3 : vendredi 9 octobre 2026 à 17 h 30 ?" in plain(private.menu.body)
    await private.say(COSTA, "si besoin")
    await private.say(COSTA, "3")
    assert counts(room) == ["100", "010", "001"]
    assert "1 personne sur 6 a voté." in plain(room.of_kind("poll")[0].body)
    assert not private.polls
    receipt = private.last
    assert receipt.kind == "poll.receipt"
    assert "2 ven. 9 oct. à 17 h 30 : si besoin" in plain(receipt.body)
    assert len(room.of_kind("poll")) == 1
    assert "Costa" not in str([one.content for one in room.shown])


async def test_a_date_can_be_passed_over_and_nothing_is_noted_of_it(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    private = await bot.direct(COSTA)
    for _ in range(3):
        await private.vote(COSTA, "Passer cette date")
    assert not private.of_kind("poll.receipt")
    assert counts(room) == ["000", "000", "000"]


@pytest.mark.parametrize("typed", ["1 oui 2 peut-être", "!voter D1 1 oui 2 peut-être", "D1", "reply"])
async def test_answers_in_words_count_whether_typed_alone_by_id_or_in_reply(
    bot: FakeBot, room: FakeRoom, typed: str
) -> None:
    await room.say(DURAND, ASKED)
    private = await bot.direct(COSTA)
    if typed == "D1":
        await private.say(COSTA, "voter d1 1 yes, 2 if need be")
    elif typed == "reply":
        await private.say(COSTA, "1 oui 2 si besoin", reply_to=private.of_kind("poll.ballot")[0].event_id)
    else:
        await private.say(COSTA, typed)
    assert counts(room) == ["100", "010", "000"]
    assert "1 jeu. 8 oct. à 18 h : oui" in plain(private.last.body)
    assert not private.polls


async def test_everybody_is_asked_and_shown_how_to_answer_in_their_language(
    bot: FakeBot, room: FakeRoom
) -> None:
    private = await bot.direct(COSTA)
    await private.say(COSTA, "langue de")
    await room.say(DURAND, ASKED)
    assert "1 ja 2 vielleicht" in plain(private.of_kind("poll.ballot")[0].body)
    assert "Donnerstag, 8. Oktober 2026 um 18:00" in plain(private.menu.body)
    assert list(private.menu.choices)[:3] == ["Ja", "Notfalls", "Nein"]
    await private.say(COSTA, "1 ja 2 vielleicht 3 nein")
    assert counts(room) == ["100", "010", "001"]


async def test_an_answer_changes_and_what_is_not_said_again_stays(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    private = await bot.direct(COSTA)
    await private.say(COSTA, "1 oui 2 oui")
    for _ in range(10):
        await private.say(COSTA, "voter D1 2 non")
    assert counts(room) == ["100", "001", "000"]
    await private.say(COSTA, "3 si besoin", reply_to=private.last.event_id)
    assert counts(room) == ["100", "001", "010"]
    await private.say(COSTA, "voter D1 0")
    assert "votre réponse est retirée" in plain(private.last.body)
    assert counts(room) == ["000", "000", "000"]


async def test_a_message_with_answers_that_is_edited_or_redacted_says_what_it_says_now(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, ASKED)
    private = await bot.direct(COSTA)
    await private.say(COSTA, "voter D1 1 oui")
    typed = await private.say(COSTA, "voter D1 1 non 2 oui")
    await private.edit(COSTA, typed, "voter D1 2 si besoin")
    assert counts(room) == ["100", "010", "000"]
    await private.redact(COSTA, typed)
    assert counts(room) == ["100", "000", "000"]


async def test_a_fresh_ballot_shows_what_was_answered(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    private = await bot.direct(COSTA)
    await private.say(COSTA, "1 si besoin")
    await private.say(COSTA, "voter D1")
    assert list(private.menu.choices) == ["Oui", "✓ Si besoin", "Non", "Passer cette date"]


async def test_a_tap_answers_all_dates_and_goes_with_its_taking_back(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    private = await bot.direct(COSTA)
    ballot = private.of_kind("poll.ballot")[0]
    first = await private.tap(COSTA, ballot, "✅")
    assert counts(room) == ["100", "100", "100"]
    assert not private.polls
    await private.say(COSTA, "voter D1 2 non")
    assert counts(room) == ["100", "001", "100"]
    second = await private.tap(COSTA, ballot, "🤷")
    assert counts(room) == ["010", "010", "010"]
    await private.redact(COSTA, second)
    assert counts(room) == ["100", "001", "100"]
    await private.redact(COSTA, first)
    assert counts(room) == ["000", "001", "000"]


async def test_words_that_are_no_answer_are_explained_or_handed_on(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    private = await bot.direct(COSTA)
    await private.say(COSTA, "voter D1 4 oui")
    assert "Je ne comprends pas « 4 oui »" in plain(private.last.body)
    assert "!voter D1 1 oui 2 peut-être" in plain(private.last.body)
    await private.say(COSTA, "3 enfants seront absents jeudi")
    await private.say(COSTA, "je verrai", reply_to=private.of_kind("poll.ballot")[0].event_id)
    assert len(private.of_kind("error")) == 1
    teacher = await bot.direct(DURAND)
    assert "je verrai" in teacher.last.body
    assert counts(room) == ["000", "000", "000"]


async def test_in_the_room_answers_count_are_confirmed_privately_and_taken_away(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, ASKED)
    typed = await room.say(COSTA, "1 oui 3 non", reply_to=room.of_kind("poll")[0].event_id)
    assert bot.homeserver.rooms[room.id].event(typed).redacted
    assert counts(room) == ["100", "000", "001"]
    private = bot.direct_of(COSTA)
    assert private is not None
    assert private.last.kind == "poll.receipt"
    before = len(room.shown)
    await room.say(MOTHER, "1 fois par an suffit", reply_to=room.of_kind("poll")[0].event_id)
    assert len(room.shown) == before


async def test_a_household_answers_with_one_voice_its_latest_for_each_date(
    school_bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, ASKED)
    one, other = await school_bot.direct(COSTA), await school_bot.direct(COSTA_TOO)
    await one.say(COSTA, "1 oui 2 oui")
    await other.say(COSTA_TOO, "2 non")
    await (await school_bot.direct(MOTHER)).say(MOTHER, "1 oui")
    await (await school_bot.direct(FATHER)).say(FATHER, "1 non")
    assert counts(class_room) == ["201", "001", "000"]
    assert "3 foyers sur 4 ont voté." in plain(class_room.of_kind("poll")[0].body)
    await class_room.say(INFORMED, "!voter D1 1 oui")
    told = await school_bot.direct(INFORMED)
    assert "ne compte pas dans D1. Une question ? Écrivez à Mme Durand." in await body(told)


async def test_a_pupils_first_answer_stands_and_the_other_household_learns_no_more_than_that(
    school_bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, ASKED + " voix=élève")
    mother, father = await school_bot.direct(MOTHER), await school_bot.direct(FATHER)
    await mother.say(MOTHER, "1 oui")
    await father.say(FATHER, "1 non 2 oui")
    assert "une réponse est déjà enregistrée. En désaccord ? Écrivez à Mme Durand." in plain(father.last.body)
    assert "oui" not in plain(father.last.body)
    assert counts(class_room) == ["100", "000", "000"]


async def test_staff_answer_for_a_family_without_a_telephone(
    school_bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, ASKED)
    private = await school_bot.direct(DURAND)
    await private.say(DURAND, "voter D1 1 oui 2 peut-être pour Petit")
    assert "D1, saisi pour Petit, Mme Petit" in plain(private.last.body)
    assert counts(class_room) == ["100", "010", "000"]
    await class_room.say(COSTA, "!voter D1 1 oui pour Petit")
    assert (await school_bot.direct(COSTA)).last.kind == "error"
    assert counts(class_room) == ["100", "010", "000"]
