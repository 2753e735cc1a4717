"""Secret polls: asked and answered privately, counted once, shown without names, then cut loose from them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from coedu_bot.api import UserId
from coedu_bot.testing import FakeBot, FakeRoom, Shown
from coedu_bot.testing.homeserver import POLL_RESPONSE, MemoryHomeserver
from plugins.polls.secret_store import list_counted_ballots
from tests.plugins.announcements.test_at_night import HOURS
from tests.plugins.polls.conftest import COSTA, COSTA_TOO, DURAND, FATHER, INFORMED, MOTHER
from tests.plugins.polls.test_native import body, file_of, plain, result

ASKED = "!sondage Changer de délégué ? | oui | non secret=oui"
CODE = re.compile(r"[A-Z2-9]{3}-[A-Z2-9]{3}")
EVERYBODY = (DURAND, MOTHER, FATHER, COSTA, COSTA_TOO, INFORMED)


async def ballot_of(bot: FakeBot, person: UserId) -> FakeRoom:
    """The direct room with somebody's ballot in it."""
    private = bot.direct_of(person)
    assert private is not None
    return private


async def vote(bot: FakeBot, person: UserId, choice: str) -> str:
    """Vote by the menu; returns the code of the receipt."""
    private = await ballot_of(bot, person)
    await private.vote(person, choice)
    return CODE.findall(private.of_kind("poll.receipt")[-1].body)[0]


async def test_everybody_gets_a_ballot_privately_and_the_room_no_native_poll(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, ASKED)
    assert not room.polls
    assert "Vote secret : chacun reçoit son bulletin en privé" in await body(room)
    for person in EVERYBODY:
        private = await ballot_of(bot, person)
        ballot = private.of_kind("poll.ballot")[-1]
        assert ballot.rings
        for promised in ("sans votre nom", "visible sur votre téléphone", "Jusqu’à la fin, je garde"):
            assert promised in plain(ballot.body)
        assert list(private.menu.choices) == ["oui", "non"]
        assert not ballot.reactions


async def test_a_vote_is_kept_once_its_menu_and_its_event_are_taken_away_and_a_receipt_verifies(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, ASKED)
    codes = {person: await vote(bot, person, "non") for person in (MOTHER, FATHER, COSTA)}
    codes |= {person: await vote(bot, person, "oui") for person in (DURAND, COSTA_TOO)}
    private = await ballot_of(bot, COSTA)
    assert private.polls == []
    timeline = bot.homeserver.rooms[private.id].timeline
    given = [event for event in timeline if event.type == POLL_RESPONSE and event.sender == COSTA]
    assert [event.redacted for event in given] == [True]
    receipt = private.of_kind("poll.receipt")[-1]
    assert "non" not in plain(receipt.body).replace("Notez", "").split()
    await room.say(DURAND, "!fin P1")
    text = await result(room)
    assert "1 oui : 2 voix" in text
    assert "2 non : 3 voix" in text
    assert "5 personnes sur 6 ont voté." in text
    said_no = next(line for line in text.splitlines() if line.startswith("- 2 :"))
    assert set(CODE.findall(said_no)) == {codes[one] for one in (MOTHER, FATHER, COSTA)}
    assert private.of_kind("poll.receipt") == []


@pytest.mark.parametrize("typed", ["1", "non", "voter P1 1", "!voter P1 2"])
async def test_a_second_vote_is_refused_however_it_comes(bot: FakeBot, room: FakeRoom, typed: str) -> None:
    await room.say(DURAND, ASKED)
    private = await ballot_of(bot, COSTA)
    ballot = private.of_kind("poll.ballot")[-1]
    await private.say(COSTA, "2", reply_to=ballot.event_id)
    assert len(private.of_kind("poll.receipt")) == 1
    await private.say(COSTA, typed, reply_to=None if "voter" in typed else ballot.event_id)
    assert "vous avez déjà voté" in plain(private.last.body)
    for other in (MOTHER, FATHER, DURAND, COSTA_TOO):
        await vote(bot, other, "oui")
    await room.say(DURAND, "!fin P1")
    assert "2 non : 1 voix" in await result(room)


async def test_a_household_votes_once_and_another_household_of_a_pupil_learns_only_that_there_is_a_vote(
    school_bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, ASKED)
    await vote(school_bot, COSTA, "oui")
    private = await ballot_of(school_bot, COSTA_TOO)
    await private.vote(COSTA_TOO, "non")
    assert "votre foyer a déjà voté" in plain(private.last.body)
    assert school_bot.direct_of(INFORMED) is None
    await class_room.say(DURAND, ASKED + " voix=élève")
    await vote(school_bot, MOTHER, "oui")
    private = await ballot_of(school_bot, FATHER)
    await private.vote(FATHER, "non", private.polls[-1])
    assert plain(private.last.body) == (
        "P2 : une réponse est déjà enregistrée. En désaccord ? Écrivez à Mme Durand."
    )


async def test_with_fewer_than_five_votes_only_their_number_is_shown(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    for person in (MOTHER, FATHER, COSTA, DURAND):
        await vote(bot, person, "oui")
    await room.say(DURAND, "!fin P1")
    text = await result(room)
    assert "4 personnes sur 6 ont voté." in text
    assert "Il fallait 5 votes : pas de résultat." in text
    assert not CODE.search(text)
    assert "voix" not in text
    await room.say(DURAND, "!résultats P1")
    assert "pas de résultat" in await body(room)
    async with bot.database.reading() as db:
        assert await list_counted_ballots(db, "P1") == {}


async def test_below_its_quorum_nothing_is_shown_though_there_are_five(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED + " quorum=6")
    for person in (MOTHER, FATHER, COSTA, DURAND, COSTA_TOO):
        await vote(bot, person, "oui")
    await room.say(DURAND, "!fin P1")
    assert "Il fallait 6 votes : pas de résultat." in await result(room)


async def test_before_the_end_staff_read_how_many_voted_and_parents_nothing(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, ASKED)
    await vote(bot, MOTHER, "oui")
    await room.say(COSTA, "!résultats P1")
    assert "paraît à la fin" in await body(room)
    await room.say(DURAND, "!résultats P1")
    private = await ballot_of(bot, DURAND)
    assert "1 personne sur 6 a voté." in plain(private.last.body)
    assert "oui" not in plain(private.last.body)


async def test_the_author_gets_the_ballots_without_names(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    codes = [await vote(bot, person, "oui") for person in (MOTHER, FATHER, COSTA, DURAND, COSTA_TOO)]
    await room.say(DURAND, "!fin P1")
    rows = await file_of(bot, await ballot_of(bot, DURAND))
    assert rows == [["code", "réponse"], *([code, "oui"] for code in sorted(codes))]


async def test_what_is_said_before_the_others_does_not_count_and_is_hidden(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, ASKED)
    typed = await room.say(COSTA, "!voter P1 2")
    assert bot.homeserver.rooms[room.id].event(typed).redacted
    private = await ballot_of(bot, COSTA)
    assert "ne compte pas" in plain(private.shown[-2].body)
    assert len(private.polls) == 1
    await private.vote(COSTA, "oui")
    assert private.of_kind("poll.receipt")


async def test_nobody_votes_for_another(school_bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, ASKED)
    said = await class_room.say(DURAND, "!voter P1 2 pour Petit")
    assert school_bot.homeserver.rooms[class_room.id].event(said).redacted
    private = await school_bot.direct(DURAND)
    assert "personne ne vote pour quelqu’un d’autre" in plain(private.last.body)


async def test_who_finds_no_ballot_asks_for_one(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    private = await ballot_of(bot, COSTA)
    await private.say(COSTA, "voter P1")
    assert len(private.polls) == 1
    assert private.last.kind == "poll.ballot"


async def test_several_choices_are_numbers_in_a_reply(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, "!sondage Goûter ? | gâteau | fruits | jus secret=oui choix=2")
    for person in (MOTHER, FATHER, COSTA, DURAND, COSTA_TOO):
        private = await ballot_of(bot, person)
        await private.say(person, "1 3", reply_to=private.last.event_id)
    await room.say(DURAND, "!fin P1")
    text = await result(room)
    assert "1 gâteau : 5 voix" in text
    assert "3 jus : 5 voix" in text


async def test_what_is_no_answer_is_not_quoted(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    private = await ballot_of(bot, COSTA)
    await private.say(COSTA, "plutôt zzz", reply_to=private.of_kind("poll.ballot")[-1].event_id)
    assert "Je ne reconnais pas de réponse" in plain(private.last.body)
    assert "zzz" not in private.last.body


async def test_a_vote_sent_in_time_counts_though_it_is_heard_after_the_end(
    bot: FakeBot, room: FakeRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.say(DURAND, ASKED + ' fin="6 octobre 9h"')
    for person in (MOTHER, FATHER, DURAND, COSTA_TOO):
        await vote(bot, person, "oui")
    private = await ballot_of(bot, COSTA)
    in_time, menu = bot.clock.now(), private.menu

    async def late(homeserver: MemoryHomeserver, to: object) -> None:
        monkeypatch.undo()
        await private.answer(COSTA, "2", on=menu.event_id, at=in_time)

    monkeypatch.setattr(MemoryHomeserver, "catch_up", late)
    await bot.later(hours=2)
    assert "2 non : 1 voix" in await result(room)
    await private.say(COSTA, "voter P1 1")
    assert "P1 est terminé" in plain(private.last.body)


async def test_cancelled_it_tells_who_voted_and_keeps_nothing(bot: FakeBot, room: FakeRoom) -> None:
    command = await room.say(DURAND, ASKED)
    await vote(bot, COSTA, "oui")
    await room.redact(DURAND, command)
    private = await ballot_of(bot, COSTA)
    assert [one.kind for one in private.shown] == ["reply"]
    assert "Sondage annulé" in plain(private.last.body)
    other = await ballot_of(bot, MOTHER)
    assert (other.shown, other.polls) == ([], [])


async def test_before_the_first_vote_it_can_be_replaced_and_after_it_not(
    bot: FakeBot, room: FakeRoom
) -> None:
    command = await room.say(DURAND, ASKED)
    await room.edit(DURAND, command, "!sondage Changer ? | oui | non | peut-être secret=oui")
    private = await ballot_of(bot, COSTA)
    assert len(private.of_kind("poll.ballot")) == len(private.polls) == 1
    await vote(bot, COSTA, "peut-être")
    await room.edit(DURAND, command, ASKED)
    assert "On a déjà voté" in await body(room)


async def test_who_has_not_voted_is_reminded_and_answers_there(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED + ' fin="vendredi 18h" rappel=oui')
    await vote(bot, COSTA, "oui")
    await bot.later(days=2, hours=11)
    assert not (await ballot_of(bot, COSTA)).of_kind("poll.reminder")
    private = await ballot_of(bot, MOTHER)
    reminder: Shown = private.of_kind("poll.reminder")[-1]
    await private.say(MOTHER, "2", reply_to=reminder.event_id)
    assert private.of_kind("poll.receipt")


async def test_a_secret_poll_shows_nothing_live_and_a_delicate_matter_is_advised_to_be_secret(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, ASKED + " résultats=direct")
    assert "ne montre rien avant la fin" in await body(room)
    await room.say(DURAND, "!sondage Repas ? | avec porc | sans porc")
    private = await ballot_of(bot, DURAND)
    assert "ajoutez « secret : oui »" in plain(private.last.body)
    await room.say(DURAND, "!sondage Repas ? | avec porc | sans porc secret=oui")
    assert "Réponses visibles de tous" not in await body(room)


async def test_the_author_of_a_poll_for_a_handful_is_told_that_it_will_show_nothing(
    school_bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, ASKED)
    assert "Moins de 5 personnes ou foyers" in plain(class_room.of_kind("reply")[-1].body)


async def test_ballots_wait_for_the_end_of_the_night(bot: FakeBot, room: FakeRoom) -> None:
    object.__setattr__(bot.school, "quiet_hours", HOURS)
    bot.clock.advance(timedelta(hours=14))
    await room.say(DURAND, ASKED)
    await bot.later(minutes=1)
    private = bot.direct_of(COSTA)
    assert private is None or not private.shown
    await bot.later(hours=11)
    assert (await ballot_of(bot, COSTA)).of_kind("poll.ballot")
