"""The end of a date poll: the best date is proposed, one is fixed, told, sent as a calendar file, moved."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from coedu_bot.events import MessageReceived
from coedu_bot.school.quiet_hours import QuietHours
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.polls.conftest import COSTA, DURAND, FATHER, MOTHER, PEOPLE
from tests.plugins.polls.test_dates import ASKED, counts
from tests.plugins.polls.test_native import body, file_of, plain, result

PARIS = ZoneInfo("Europe/Paris")
SOON = ASKED + ' fin="mercredi 20h"'


def event_of(bot: FakeBot, room: FakeRoom) -> Any:
    """The event in the newest calendar file that the room has."""
    file = [one for one in room.of_kind("poll.result") if "url" in one.content][-1]
    assert file.content["info"]["mimetype"] == "text/calendar"
    assert file.content["filename"] == "D1.ics"
    calendar = icalendar.Calendar.from_ical(bot.homeserver.files[file.content["url"]])
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] in ([], ["Europe/Paris"])
    (event,) = calendar.walk("VEVENT")
    return event


def proposed(private: FakeRoom) -> str:
    """What the author was proposed last."""
    shown = [one for one in private.of_kind("poll.result") if "url" not in one.content]
    return plain(shown[-1].body)


async def answered(bot: FakeBot, room: FakeRoom, asked: str = ASKED) -> FakeRoom:
    """A poll in which Friday suits most; returns the author's direct room."""
    await room.say(DURAND, asked)
    await (await bot.direct(COSTA)).say(COSTA, "1 oui 2 oui")
    await (await bot.direct(MOTHER)).say(MOTHER, "1 non 2 peut-être")
    return await bot.direct(DURAND)


async def test_the_deadline_closes_it_and_proposes_the_best_date_to_its_author(
    bot: FakeBot, room: FakeRoom
) -> None:
    private = await answered(bot, room, SOON)
    await bot.later(days=1, hours=13)
    assert "les réponses sont closes" in plain(room.of_kind("poll")[0].body)
    assert not room.of_kind("poll.result")
    assert "La date qui convient le mieux : vendredi 9 octobre 2026 à 17 h 30" in proposed(private)
    assert plain(list(private.menu.choices)[1]) == "⭐ ven. 9 oct. à 17 h 30 (✅ 1 · 🤷 1)"
    await private.vote(DURAND, 2)
    assert "date retenue : vendredi 9 octobre 2026 à 17 h 30" in await result(room)
    assert "2 ven. 9 oct. à 17 h 30 : ✅ 1 · 🤷 1 · ❌ 0" in await result(room)
    assert "2 personnes sur 6 ont voté." in await result(room)
    assert "date retenue" in plain(room.of_kind("poll")[0].body)
    assert not private.polls


async def test_who_leaves_after_the_end_changes_no_count(bot: FakeBot, room: FakeRoom) -> None:
    private = await answered(bot, room)
    await private.say(DURAND, "fin D1")
    await room.leave(COSTA)
    await private.say(DURAND, "fin D1 2")
    assert "2 ven. 9 oct. à 17 h 30 : ✅ 1 · 🤷 1 · ❌ 0" in await result(room)
    assert counts(room) == ["101", "110", "000"]
    await room.say(DURAND, "!résultats D1")
    assert "2 personnes sur 6 ont voté." in await body(room)


async def test_the_file_says_when_in_which_zone_how_long_and_what(bot: FakeBot, room: FakeRoom) -> None:
    await answered(bot, room)
    await room.say(DURAND, "!fin D1 2")
    event = event_of(bot, room)
    assert str(event["SUMMARY"]) == "Réunion de rentrée"
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert event.decoded("DTSTART") == datetime(2026, 10, 9, 17, 30, tzinfo=PARIS)
    assert event.decoded("DURATION") == timedelta(hours=1)
    assert "Costa" not in str(event)


async def test_whole_days_and_hours_with_an_end_keep_their_length(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, "!dates Sortie | vendredi 16h30-18h | samedi | 12-16 octobre")
    await room.say(DURAND, "!fin D1 1")
    assert event_of(bot, room).decoded("DURATION") == timedelta(minutes=90)
    await room.say(DURAND, "!fin D1 2")
    event = event_of(bot, room)
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 10, 10), date(2026, 10, 11))
    await room.say(DURAND, "!fin D1 3")
    event = event_of(bot, room)
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 10, 12), date(2026, 10, 17))


async def test_another_date_later_moves_the_one_that_calendars_have(bot: FakeBot, room: FakeRoom) -> None:
    await answered(bot, room)
    await room.say(DURAND, "!fin D1 2")
    before = event_of(bot, room)
    bot.restart()
    await room.say(DURAND, "!fin D1 3")
    after = event_of(bot, room)
    assert "nouvelle date : samedi 10 octobre 2026 à 10 h" in await result(room)
    assert str(after["UID"]) == str(before["UID"])
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("DTSTART") == datetime(2026, 10, 10, 10, tzinfo=PARIS)


async def test_two_polls_never_share_what_calendars_know_them_by(bot: FakeBot, room: FakeRoom) -> None:
    await answered(bot, room)
    await room.say(DURAND, "!fin D1 2")
    async with FakeBot.with_plugins("polls") as other:
        elsewhere = await other.room("6B", PEOPLE, {DURAND: 50})
        await answered(other, elsewhere)
        await elsewhere.say(DURAND, "!fin D1 2")
        assert str(event_of(other, elsewhere)["UID"]) != str(event_of(bot, room)["UID"])


async def test_the_author_gets_who_can_come_when_and_the_room_never(bot: FakeBot, room: FakeRoom) -> None:
    private = await answered(bot, room)
    await room.say(DURAND, "!fin D1")
    rows = await file_of(bot, private)
    assert rows[0][:4] == ["voix", "2026-10-08 18:00", "2026-10-09 17:30", "2026-10-10 10:00"]
    assert ["M. Costa", "oui", "oui", "", ""] in rows
    assert ["Mme Benali", "non", "si besoin", "", ""] in rows
    await room.say(DURAND, "!fin D1 2")
    shown = str([one.content for one in room.shown])
    assert "Costa" not in shown
    assert "Benali" not in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("!fin D1 4", "« 4 » n’est pas une de ces dates"),
        ("!fin D1 jeudi", "« jeudi » n’est pas une de ces dates"),
        ("!fin D1 0", "« 0 » n’est pas une de ces dates"),
    ],
)
async def test_a_date_that_is_not_offered_ends_nothing(room: FakeRoom, typed: str, said: str) -> None:
    await room.say(DURAND, ASKED)
    await room.say(DURAND, typed)
    assert said in await body(room)
    assert "les réponses sont closes" not in plain(room.of_kind("poll")[0].body)


async def test_a_parent_fixes_nothing(room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    await room.say(COSTA, "!fin D1 2")
    assert room.last.kind == "error"
    assert not room.of_kind("poll.result")


async def test_a_date_that_is_past_is_neither_proposed_nor_fixed(bot: FakeBot, room: FakeRoom) -> None:
    private = await answered(bot, room)
    await bot.later(days=4)  # Saturday, 7:40
    await private.say(DURAND, "fin D1 2")
    assert "cette date est passée" in plain(private.last.body)
    await private.say(DURAND, "fin D1")
    assert "Aucune date à venir ne convient." in proposed(private)
    await private.vote(DURAND, 3)
    assert "samedi 10 octobre 2026 à 10 h" in await result(room)


async def test_nobody_answered_and_the_author_chooses_all_the_same(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    await room.say(DURAND, "!fin D1")
    private = await bot.direct(DURAND)
    assert "Aucune date à venir ne convient." in proposed(private)
    await private.say(DURAND, "fin D1 1")
    assert "jeudi 8 octobre 2026 à 18 h" in await result(room)


async def test_an_answer_after_the_end_does_not_count_and_one_in_time_does_though_heard_late(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, SOON)
    private, late = await bot.direct(COSTA), await bot.direct(MOTHER)
    in_time = bot.clock.now() + timedelta(days=1, hours=12)
    bot.clock.set(bot.clock.now() + timedelta(days=1, hours=14))  # the bot was down at the deadline
    await bot.bot.alarms.run_due(bot.clock.now())
    event = MessageReceived(
        event_id="$in-time", room_id=private.id, sender=COSTA, sent_at=in_time, text="voter D1 1 oui"
    )
    await bot.arrive(event)
    await late.say(MOTHER, "voter D1 1 oui")
    assert "D1 est terminé" in plain(late.last.body)
    assert counts(room) == ["100", "000", "000"]


async def test_who_has_not_answered_is_reminded_once_and_asked_again(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, ASKED + ' fin="jeudi 12h" rappel=oui')
    await (await bot.direct(COSTA)).say(COSTA, "2 oui")
    await bot.later(days=1, hours=5)
    told, spared = await bot.direct(MOTHER), await bot.direct(COSTA)
    assert [one.kind for one in told.shown] == ["poll.ballot", "poll.reminder"]
    assert not spared.of_kind("poll.reminder")
    assert len(told.polls) == 1
    await told.say(MOTHER, "1 non 3 oui", reply_to=told.of_kind("poll.reminder")[0].event_id)
    assert counts(room) == ["001", "100", "100"]


async def test_members_read_the_counts_and_staff_the_table(bot: FakeBot, room: FakeRoom) -> None:
    private = await answered(bot, room)
    await room.say(COSTA, "!résultats D1")
    assert "D1, pour l’instant" in await body(room)
    assert "2 ven. 9 oct. à 17 h 30 : ✅ 1 · 🤷 1 · ❌ 0" in await body(room)
    assert not [one for one in room.shown if "url" in one.content]
    await private.say(DURAND, "résultats D1")
    assert ["M. Costa", "oui", "oui", "", ""] in await file_of(bot, private)
    stranger = await bot.direct("@stranger:test")
    await stranger.say("@stranger:test", "!résultats D1")
    assert "Réunion" not in plain(stranger.last.body)


async def test_at_night_neither_ballots_nor_the_proposal_ring() -> None:
    nights = QuietHours(time(19), time(7, 30))
    async with FakeBot.with_plugins("polls", quiet_hours=nights) as bot:
        room = await bot.room("6B", PEOPLE, {DURAND: 50})
        private = await bot.direct(DURAND)
        await room.say(DURAND, ASKED + ' fin="mercredi 22h"')
        await bot.later(days=1, hours=16)  # Wednesday, 23:40
        assert not [one for one in private.shown if "url" not in one.content and one.kind == "poll.result"]
        await bot.later(hours=8)
        assert "Aucune date à venir ne convient." in proposed(private)


async def test_a_household_that_comes_later_is_asked_too(school_bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, ASKED)
    father = await school_bot.direct(FATHER)
    handler = school_bot.registry.plugins["polls"].when_guardians_added
    assert handler is not None
    assert len(father.of_kind("poll.ballot")) == 1
    async with school_bot.database.transaction() as db:
        from coedu_bot.context import Base
        from coedu_bot.delivery.cause import Cause

        desk, now = school_bot.bot.dispatcher.desk, school_bot.clock.now()
        ctx: Base[Any] = Base(**desk.base(db, "polls", now))
        await desk.outbox.put(db, await handler(ctx, frozenset({FATHER})), Cause("polls", None, now))
    await school_bot.settle()
    assert len(father.of_kind("poll.ballot")) == 2
    assert len(father.polls) == 1


async def test_in_an_upgraded_room_answers_go_on_and_the_date_is_told_there(
    bot: FakeBot, room: FakeRoom
) -> None:
    from coedu_bot.events import StateEvent

    private = await answered(bot, room)
    new = bot.homeserver.add_room()
    for event in (
        StateEvent("m.room.create", "", {"room_version": "12"}, DURAND),
        *(StateEvent("m.room.member", one, {"membership": "join"}, one) for one in (*PEOPLE, "@coedu:test")),
    ):
        bot.homeserver.put_state(new.id, event)
    await bot.change_state(room.id, StateEvent("m.room.tombstone", "", {"replacement_room": new.id}, DURAND))
    costa = await bot.direct(COSTA)
    await costa.say(COSTA, "voter D1 3 oui")
    assert costa.last.kind == "poll.receipt"
    await private.say(DURAND, "fin D1 3")
    moved = FakeRoom(bot, new.id)
    assert "3 sam. 10 oct. à 10 h : ✅ 1" in await result(moved)
    assert event_of(bot, moved)
