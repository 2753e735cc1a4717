"""Guided dialogues: asked in private, one thing at a time; the result is that of the one-line form."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.api import Ask
from coedu_bot.dispatch.choices import split_choices
from coedu_bot.dispatch.composing import composed, listed
from coedu_bot.events import MessageReceived
from coedu_bot.language.words import fold
from coedu_bot.testing import FakeBot, FakeRoom

DURAND, LEROY, BENALI = "@durand:test", "@leroy:test", "@benali:test"


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    async with FakeBot.with_plugins("announcements") as bot:
        yield bot


@pytest.fixture
async def room(bot: FakeBot) -> FakeRoom:
    people = {DURAND: "Mme Durand", LEROY: "M. Leroy", BENALI: "Mme Benali"}
    return await bot.room("6B", people, {DURAND: 50, LEROY: 50})


def texts(room: FakeRoom) -> list[str]:
    """What was announced."""
    return [post.body.partition("\n")[0] for post in room.of_kind("announcement")]


def said(room: FakeRoom) -> str:
    return fold(room.last.body)


async def test_a_bare_command_is_asked_for_in_private_and_runs_where_it_was_typed(
    bot: FakeBot, room: FakeRoom
) -> None:
    typed = await room.say(DURAND, "!annonce")
    assert room.last.kind == "sent-privately"
    assert bot.homeserver.rooms[room.id].event(typed).redacted
    private = await bot.direct(DURAND)
    assert private.last.kind == "dialogue"
    assert private.last.rings
    assert "que voulez-vous annoncer" in said(private)
    await private.say(DURAND, "La sortie est reportée.")
    assert texts(room) == ["La sortie est reportée."]


async def test_in_private_the_room_is_a_menu(bot: FakeBot, room: FakeRoom) -> None:
    await bot.room("6C", {DURAND: "Mme Durand"}, {DURAND: 50})
    await bot.room("Club", {DURAND: "Mme Durand"})
    private = await bot.direct(DURAND)
    await private.say(DURAND, "annonce")
    await private.say(DURAND, "La sortie est reportée.")
    assert list(private.menu.choices) == ["6B", "6C"]
    await private.vote(DURAND, "6B")
    assert texts(room) == ["La sortie est reportée."]
    assert private.polls == []
    assert [one.body for one in private.shown[-2:]] == ["Noté\u00a0: 6B.", "A1 publiée\u00a0: 6B"]


async def test_only_the_missing_room_is_asked_for(bot: FakeBot, room: FakeRoom) -> None:
    private = await bot.direct(DURAND)
    await private.say(DURAND, "annonce La sortie est reportée.\nApportez une gourde.")
    assert list(private.menu.choices) == ["6B"]
    await private.say(DURAND, "6b")
    (post,) = room.of_kind("announcement")
    assert "La sortie est reportée." in post.body
    assert "Apportez une gourde." in post.body


async def test_annuler_leaves(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, "!annonce")
    private = await bot.direct(DURAND)
    await private.say(DURAND, "Annuler")
    assert "rien n'est parti" in said(private)
    await private.say(DURAND, "La sortie est reportée.")
    assert room.of_kind("announcement") == []


async def test_it_gives_up_after_a_quarter_of_an_hour_and_says_so(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, "!annonce")
    private = await bot.direct(DURAND)
    await bot.later(minutes=14)
    assert "annoncer" in said(private)
    await bot.later(minutes=2)
    assert "j'arrete la" in said(private)
    assert "!annonce" in said(private)
    await private.say(DURAND, "La sortie est reportée.")
    assert room.of_kind("announcement") == []


async def test_each_answer_starts_the_quarter_of_an_hour_anew(bot: FakeBot, room: FakeRoom) -> None:
    private = await bot.direct(DURAND)
    await private.say(DURAND, "annonce")
    await bot.later(minutes=10)
    await private.say(DURAND, "La sortie est reportée.")
    await bot.later(minutes=10)
    await private.say(DURAND, "1")
    assert len(room.of_kind("announcement")) == 1


async def test_it_survives_a_restart(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, "!annonce")
    private = await bot.direct(DURAND)
    bot.restart()
    await private.say(DURAND, "La sortie est reportée.")
    assert len(room.of_kind("announcement")) == 1


async def test_what_was_answered_while_the_bot_was_down_comes_before_giving_up(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, "!annonce")
    private = await bot.direct(DURAND)
    bot.clock.advance(timedelta(minutes=5))
    answered_at = bot.clock.now()
    bot.clock.advance(timedelta(hours=1))
    bot.restart()
    await bot.settle()
    assert "annoncer" in said(private)
    event = MessageReceived(
        event_id="$late", room_id=private.id, sender=DURAND, sent_at=answered_at, text="La sortie."
    )
    await bot.arrive(event)
    assert len(room.of_kind("announcement")) == 1


async def test_another_command_meanwhile_is_run_and_the_question_stays_open(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, "!annonce")
    private = await bot.direct(DURAND)
    await private.say(DURAND, "!ping")
    assert "Je suis là" in private.last.body
    await private.say(DURAND, "La sortie est reportée.")
    assert len(room.of_kind("announcement")) == 1


async def test_what_is_no_answer_is_handed_on_and_the_question_stays_open(
    bot: FakeBot, room: FakeRoom
) -> None:
    private = await bot.direct(DURAND)
    await private.say(DURAND, "annonce La sortie est reportée.")
    await private.say(DURAND, "Bonjour, Yanis a oublié son sac ce matin.")
    assert "transmettre" in private.menu.body
    parent = next(label for label in private.menu.choices if label.startswith("Mme Benali"))
    await private.vote(DURAND, parent)
    assert "oublié son sac" in (await bot.direct(BENALI)).last.body
    assert texts(room) == []
    await private.vote(DURAND, "6B", private.polls[0])
    assert texts(room) == ["La sortie est reportée."]


async def test_two_peoples_dialogues_do_not_mix(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, "!annonce")
    await room.say(LEROY, "!annonce")
    one, other = await bot.direct(DURAND), await bot.direct(LEROY)
    await other.say(LEROY, "De M. Leroy.")
    await one.say(DURAND, "De Mme Durand.")
    assert texts(room) == ["De M. Leroy.", "De Mme Durand."]


async def test_who_may_not_is_told_at_once(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(BENALI, "!annonce")
    assert room.last.kind == "error"
    assert bot.direct_of(BENALI) is None


async def test_who_has_no_room_reads_what_to_do(bot: FakeBot) -> None:
    room = await bot.room("6D", {LEROY: "M. Leroy"}, {LEROY: 50})
    private = await bot.direct(LEROY)
    await private.say(LEROY, "annonce")
    await room.leave(LEROY)
    await private.say(LEROY, "La sortie est reportée.")
    assert private.last.kind == "error"


@pytest.mark.parametrize("typed", ["Pomme, poire", "Pomme | poire", "- Pomme\n- poire", "1. Pomme\n2. poire"])
def test_the_entries_of_a_list_are_typed_in_any_way(typed: str) -> None:
    assert listed(typed) == ["Pomme", "poire"]


WORDS = st.text("abcdé ?", min_size=1, max_size=12).filter(lambda text: text == text.strip() != "")


@given(WORDS, st.lists(WORDS, min_size=2, max_size=6))
def test_question_and_choices_become_what_the_one_line_form_reads(question: str, entries: list[str]) -> None:
    asks = (Ask("question"), Ask("choices", lines=True))
    text = composed("", asks, {"question": question, "choices": "\n".join(entries)}, str)
    assert split_choices(text) == (question, entries)


def test_options_stand_first_and_in_quotes() -> None:
    asks = (Ask("text"), Ask("to", option=True), Ask("until", option=True))
    answers = {"text": "La sortie", "to": 'la "6e B"', "until": ""}
    assert composed("", asks, answers, {"to": "pour"}.__getitem__) == 'pour="la 6e B" La sortie'
