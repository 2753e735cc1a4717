"""Polls change, end, are cancelled, and remind; answers are taken back; at night nothing rings."""

from __future__ import annotations

from datetime import time, timedelta

from coedu_bot.events import JoinedRoom, PollEnded, SyncBatch
from coedu_bot.school.quiet_hours import QuietHours
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.polls.conftest import COSTA, DURAND, FATHER, INFORMED, MOTHER, PEOPLE
from tests.plugins.polls.test_native import ASKED, body, plain, result
from tests.plugins.polls.test_several import written

NIGHTS = QuietHours(time(19), time(7, 30))


async def test_options_are_locked_after_the_first_vote_and_replaced_before(room: FakeRoom) -> None:
    command = await room.say(DURAND, ASKED)
    await room.edit(DURAND, command, "!sondage Quel jour ? | lundi | vendredi")
    assert len(room.polls) == 1
    assert room.polls[0].coedu["v"] == 2
    await room.answer(COSTA, "1")
    await room.edit(DURAND, command, "!sondage Quel jour ? | samedi | dimanche")
    assert "On a déjà voté" in await body(room)
    await room.edit(DURAND, command, "!sondage Quel jour ? | lundi | vendredi fin=vendredi")
    assert "Fin : ven. 9 oct. à 18 h" in plain(room.of_kind("poll")[-1].body)


async def test_the_redaction_of_the_question_cancels_without_a_result(bot: FakeBot, room: FakeRoom) -> None:
    command = await room.say(DURAND, ASKED)
    await room.answer(COSTA, "1")
    await room.redact(DURAND, command)
    assert not room.polls
    assert not room.of_kind("poll")
    told = bot.direct_of(COSTA)
    assert told is not None
    assert "Sondage annulé" in plain(told.last.body)
    await room.say(DURAND, "!fin P1")
    assert not room.of_kind("poll.result")


async def test_who_has_not_voted_is_reminded_once_privately_a_day_before(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, ASKED + ' fin="vendredi 18h" rappel=oui')
    await room.answer(COSTA, "1")
    await bot.later(days=2, hours=11)
    told = bot.direct_of(MOTHER)
    assert told is not None
    assert [one.kind for one in told.shown] == ["poll.reminder"]
    assert bot.direct_of(COSTA) is None
    await told.say(MOTHER, "2", reply_to=told.last.event_id)
    assert "votre réponse est mardi" in plain(told.last.body)
    assert told.polls == []


async def test_the_reminder_brings_a_menu_so_that_one_tap_answers(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED + ' fin="vendredi 18h" rappel=oui')
    await bot.later(days=2, hours=11)
    mother, father, costa = [await bot.direct(one) for one in (MOTHER, FATHER, COSTA)]
    await mother.vote(MOTHER, "jeudi")
    assert "votre réponse est jeudi" in plain(mother.last.body)
    await father.say(FATHER, "mardi")
    assert "votre réponse est mardi" in plain(father.last.body)
    assert mother.polls == father.polls == []
    await room.answer(COSTA, "1")
    assert costa.polls == []
    late = await bot.direct(INFORMED)
    await bot.later(days=1)
    assert late.polls == []
    text = await result(room)
    assert [f"{n} {day} : 1 voix" in text for n, day in enumerate(("lundi", "mardi", "jeudi"), 1)] == [
        True
    ] * 3


async def test_a_moderators_end_in_a_client_ends_it(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    await room.answer(COSTA, "1")
    poll = room.polls[0].event_id
    for number, who in enumerate((COSTA, DURAND)):
        assert not room.of_kind("poll.result")
        end = PollEnded(
            event_id=f"$end{number}", room_id=room.id, sender=who, sent_at=bot.clock.now(), target=poll
        )
        await bot.arrive(end)
    assert "1 lundi : 1 voix" in await result(room)


async def test_below_the_quorum_there_is_no_result(room: FakeRoom) -> None:
    await room.say(DURAND, ASKED + " quorum=3")
    await room.answer(COSTA, "1")
    await room.say(DURAND, "!fin P1")
    assert "Il en fallait 3" in await body(room)
    assert "lundi :" not in await body(room)
    await room.say(COSTA, "!résultats P1")
    assert "Il en fallait 3" in await body(room)
    assert "lundi :" not in await body(room)


async def test_a_result_stays_as_it_was_published_whoever_leaves_later(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    await room.answer(COSTA, "1")
    await room.say(DURAND, "!fin P1")
    await room.leave(COSTA)
    await room.say(MOTHER, "!résultats P1")
    assert "1 lundi : 1 voix" in await body(room)
    assert "1 personne sur 6 a voté." in await body(room)
    assert not room.last.rings


async def test_the_redaction_of_a_voter_message_takes_that_voice_back(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    private = await bot.direct(COSTA)
    first = await private.say(COSTA, "voter P1 1")
    second = await room.say(COSTA, "!voter P1 2")
    await room.redact(DURAND, second)  # a moderator only hides it
    await room.say(DURAND, "!résultats P1")
    assert "mardi : 1 voix" in await body(room)
    await room.redact(COSTA, second)
    await room.say(DURAND, "!résultats P1")
    assert "lundi : 1 voix" in await body(room)
    await private.redact(COSTA, first)
    await room.say(DURAND, "!fin P1")
    assert "0 personne sur 6 a voté." in await result(room)


async def test_an_edited_voter_message_says_what_it_says_now(room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    typed = await room.say(COSTA, "!voter P1 1")
    await room.edit(COSTA, typed, "!voter P1 3")
    await room.say(DURAND, "!résultats P1")
    assert "1 lundi : 0 voix" in await body(room)
    assert "3 jeudi : 1 voix" in await body(room)
    await room.redact(COSTA, typed)
    await room.say(DURAND, "!fin P1")
    assert "3 jeudi : 0 voix" in await result(room)


async def test_at_night_neither_result_nor_reminder_rings() -> None:
    async with FakeBot.with_plugins("polls", quiet_hours=NIGHTS) as bot:
        room = await bot.room("6B", PEOPLE, {DURAND: 50})
        private = await bot.direct(MOTHER)
        await room.say(DURAND, ASKED + ' fin="vendredi 22h" rappel=oui')
        await bot.later(days=2, hours=15)  # Thursday, 22 h 40
        assert not private.of_kind("poll.reminder")
        await bot.later(hours=10)
        assert len(private.of_kind("poll.reminder")) == 1
        await bot.later(hours=14, minutes=10)  # Friday, 22 h 50
        assert not room.of_kind("poll.result")
        await bot.later(hours=9)
        assert "0 personne sur 6 a voté." in await result(room)


async def test_a_poll_opened_at_night_waits_and_its_author_reads_until_when() -> None:
    async with FakeBot.with_plugins("polls", quiet_hours=NIGHTS) as bot:
        room = await bot.room("6B", PEOPLE, {DURAND: 50})
        await bot.later(hours=14)
        await room.say(DURAND, ASKED)
        assert not room.polls
        assert "7 h 30" in await body(room)
        await bot.later(hours=10)
        assert room.polls


async def test_a_vote_typed_in_time_counts_though_the_bot_was_down_at_the_end(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, ASKED + ' fin="6 octobre 9h"')
    in_time, late = (bot.clock.now() + timedelta(hours=hours) for hours in (1, 2))
    typed = (written(room, COSTA, in_time, "!voter P1 2"), written(room, FATHER, late, "!voter P1 2"))
    bot.clock.set(late)
    bot.restart()
    bot.homeserver.behind = True
    await bot.settle()  # before the first sync
    await bot.bot.intake.take(SyncBatch("after", joined=(JoinedRoom(room.id, events=typed),)))
    bot.homeserver.behind = False
    await bot.later(seconds=5)
    assert "2 mardi : 1 voix" in await result(room)
