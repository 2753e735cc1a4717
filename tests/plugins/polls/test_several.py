"""Several choices: ticked one after the other in private, counted as they are ticked."""

from __future__ import annotations

from datetime import datetime, timedelta

from coedu_bot.events import JoinedRoom, MessageReceived, PollAnswered, SyncBatch
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.polls.conftest import COSTA, COSTA_TOO, DURAND, FATHER, INFORMED, MOTHER
from tests.plugins.polls.test_native import file_of, plain, result

ASKED = "!sondage Goûter ? | gâteau | fruits | boissons choix=2"


def counts(room: FakeRoom) -> str:
    """What the room shows so far."""
    return plain(room.of_kind("poll")[0].body)


async def test_several_choices_are_answered_in_private_and_the_room_shows_counts(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, "!sondage Goûter ? | gâteau | fruits | boissons choix=2")
    assert not room.polls
    private = await bot.direct(COSTA)
    await private.say(COSTA, "voter P1 1 3")
    assert "votre réponse est gâteau et boissons" in plain(private.last.body)
    await private.say(COSTA, "voter P1 1 2 3")
    assert "2 réponses au plus" in plain(private.last.body)
    assert "1 gâteau : 1 voix" in plain(room.of_kind("poll")[0].body)
    typed = await room.say(MOTHER, "!voter P1 1")
    assert bot.homeserver.rooms[room.id].event(typed).redacted
    wrong = await room.say(MOTHER, "!voter P1 9")  # not repeated before the others either
    assert bot.homeserver.rooms[room.id].event(wrong).redacted
    assert "« 9 »" in plain((await bot.direct(MOTHER)).last.body)
    await room.say(DURAND, "!fin P1")
    assert "1 gâteau : 2 voix" in await result(room)
    assert "Le sondage P1 est clos." in counts(room)
    assert "privé" not in counts(room)


async def test_everybody_who_has_a_voice_gets_a_ballot_and_nobody_else(
    school_bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, ASKED)
    for person in (MOTHER, FATHER, COSTA, COSTA_TOO):
        private = school_bot.direct_of(person)
        assert private is not None
        assert list(private.menu.choices) == ["gâteau", "fruits", "boissons"]
    assert school_bot.direct_of(INFORMED) is None


async def test_each_tick_counts_at_once_and_the_last_one_allowed_ends_the_ballot(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, ASKED)
    private = await bot.direct(COSTA)
    await private.vote(COSTA, "gâteau")
    assert "1 gâteau : 1 voix" in counts(room)
    assert list(private.menu.choices) == ["✓ gâteau", "fruits", "boissons", "C’est tout"]
    await private.vote(COSTA, "boissons")
    assert private.polls == []
    assert "votre réponse est gâteau et boissons" in plain(private.last.body)
    assert "3 boissons : 1 voix" in counts(room)
    assert "1 personne sur 6 a voté." in counts(room)


async def test_a_tick_is_taken_away_and_less_than_all_is_enough(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    private = await bot.direct(COSTA)
    await private.vote(COSTA, "gâteau")
    await private.vote(COSTA, "✓ gâteau")
    assert "0 personne sur 6 a voté." in counts(room)
    await private.say(COSTA, "2")
    bot.restart()
    await private.vote(COSTA, "C’est tout")
    assert "votre réponse est fruits" in plain(private.last.body)
    await room.say(DURAND, "!fin P1")
    assert "2 fruits : 1 voix" in await result(room)


async def test_numbers_answer_the_open_ballot_and_it_can_be_asked_for_again(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, ASKED)
    private = await bot.direct(COSTA)
    await private.say(COSTA, "1 3")
    assert "votre réponse est gâteau et boissons" in plain(private.last.body)
    assert private.polls == []
    await private.say(COSTA, "voter P1")
    assert list(private.menu.choices) == ["✓ gâteau", "fruits", "✓ boissons", "C’est tout"]


async def test_two_ballots_lie_side_by_side_and_go_with_their_polls(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    await room.say(DURAND, "!sondage Jeux ? | balle | corde | cartes choix=2")
    private = await bot.direct(COSTA)
    assert len(private.polls) == 2
    await room.say(DURAND, "!fin P1")
    assert list(private.menu.choices) == ["balle", "corde", "cartes"]
    await room.say(DURAND, "!annuler P2")
    assert private.polls == []


async def test_a_households_latest_ballot_counts_and_stands_in_the_table(
    school_bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, ASKED)
    one, other = await school_bot.direct(COSTA), await school_bot.direct(COSTA_TOO)
    await one.say(COSTA, "1 2")
    await other.say(COSTA_TOO, "2 3")
    await class_room.say(DURAND, "!fin P1")
    text = await result(class_room)
    assert "1 gâteau : 0 voix" in text
    assert "2 fruits : 1 voix" in text
    assert "3 boissons : 1 voix" in text
    rows = await file_of(school_bot, await school_bot.direct(DURAND))
    assert ["Costa, M. Costa, Mme Costa", "fruits, boissons", "2026-10-06 07:40", ""] in rows


def written(private: FakeRoom, who: str, at: datetime, text: str) -> MessageReceived:
    """What somebody wrote at that moment, not heard yet."""
    return MessageReceived(event_id=f"${who}", room_id=private.id, sender=who, sent_at=at, text=text)


async def test_what_was_answered_in_time_counts_though_the_bot_was_down_at_the_end(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, ASKED + ' fin="6 octobre 9h"')
    one, other, third = [await bot.direct(who) for who in (COSTA, FATHER, MOTHER)]
    in_time, late = (bot.clock.now() + timedelta(hours=hours) for hours in (1, 2))
    tick = PollAnswered(
        event_id="$1",
        room_id=one.id,
        sender=COSTA,
        sent_at=in_time,
        target=one.menu.event_id,
        answers=("1",),
    )
    heard = (tick, written(other, FATHER, in_time, "1 3"), written(third, MOTHER, late, "1 2"))
    bot.clock.set(late)
    bot.restart()
    await bot.bot.alarms.run_due(bot.clock.now())  # before the first sync
    joined = tuple(JoinedRoom(event.room_id, events=(event,)) for event in heard)
    await bot.bot.intake.take(SyncBatch("after", joined=joined))
    await bot.settle()
    text = await result(room)
    assert "1 gâteau : 2 voix" in text
    assert "2 fruits : 0 voix" in text
    assert "3 boissons : 1 voix" in text
    assert "votre réponse est gâteau" in plain(one.last.body)
    assert "votre réponse est gâteau et boissons" in plain(other.last.body)
    assert "P1 est terminé" in plain(third.last.body)
    assert one.polls == other.polls == third.polls == []


async def test_what_is_over_is_not_called_cancelled(room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    await room.say(DURAND, "!fin P1")
    await room.say(DURAND, "!annuler P1")
    assert "P1 est terminé" in plain(room.last.body)
    assert await result(room)
