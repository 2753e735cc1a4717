"""Said, said again, done with; late is said; each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from coedu_bot.events import StateEvent
from coedu_bot.homeserver import HomeserverError
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.reminders.conftest import BENALI, COSTA, DURAND, plain


async def test_late_by_hours_is_said_late(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!rappel demain 12h cahier")
    await down_until(bot, datetime(2026, 10, 7, 13, tzinfo=UTC))
    assert "Ce rappel était prévu à 12 h." in plain(class_room.last.body)
    await bot.later(days=1)
    assert len(class_room.of_kind("reminder")) == 1


async def test_late_by_days_names_the_day(bot: FakeBot, private: FakeRoom) -> None:
    await private.say(DURAND, "rappel demain 12h cahier")
    await down_until(bot, datetime(2026, 10, 9, 9, tzinfo=UTC))
    assert "Ce rappel était prévu mer. 7 oct. à 12 h." in plain(private.last.body)


async def test_late_in_the_night_waits_for_the_morning(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!rappel demain 12h cahier")
    await down_until(bot, datetime(2026, 10, 7, 22, tzinfo=UTC))
    assert not class_room.of_kind("reminder")
    await bot.later(hours=8)
    assert len(class_room.of_kind("reminder")) == 1


async def test_what_comes_again_is_caught_up_with_once(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!rappel tous les jours à 12h boire")
    await down_until(bot, datetime(2026, 10, 9, 13, tzinfo=UTC))
    assert len(class_room.of_kind("reminder")) == 1
    assert "prévu à 12 h" in plain(class_room.last.body)
    await bot.later(days=1)
    assert len(class_room.of_kind("reminder")) == 2
    assert "prévu" not in class_room.last.body


async def test_a_command_found_after_its_hour_is_said_at_once_and_late(
    bot: FakeBot, private: FakeRoom
) -> None:
    from coedu_bot.events import MessageReceived

    sent_at = bot.clock.now()
    bot.clock.set(datetime(2026, 10, 6, 10, tzinfo=UTC))
    await bot.arrive(
        MessageReceived(
            event_id="$late",
            room_id=private.id,
            sender=DURAND,
            sent_at=sent_at,
            text="rappel dans 2 heures appeler la mairie",
        )
    )
    assert [one.kind for one in private.shown] == ["reminder.set", "reminder"]
    assert "prévu à 9 h 40" in plain(private.last.body)


async def test_snoozed_it_comes_again_in_an_hour(bot: FakeBot, private: FakeRoom) -> None:
    await private.say(DURAND, "rappel aujourd'hui 12h cahier")
    await bot.later(hours=5)
    await private.tap(DURAND, private.last, "💤")
    assert plain(private.last.body).startswith("Encore à 13 h")
    await bot.later(minutes=59)
    assert len(private.of_kind("reminder")) == 1
    await bot.later(minutes=2)
    assert len(private.of_kind("reminder")) == 2
    await private.tap(DURAND, private.last, "💤")
    await bot.later(minutes=61)
    assert len(private.of_kind("reminder")) == 3


async def test_done_stops_what_was_to_come_of_this_time_only(bot: FakeBot, private: FakeRoom) -> None:
    await private.say(DURAND, "rappel tous les jours à 12h boire")
    await bot.later(hours=5)
    said = private.last
    await private.tap(DURAND, said, "💤")
    await private.tap(DURAND, said, "✅")
    await bot.later(hours=12)
    assert len(private.of_kind("reminder")) == 1
    await bot.later(hours=12)
    assert len(private.of_kind("reminder")) == 2


async def test_taking_the_snooze_away_takes_it_back(bot: FakeBot, private: FakeRoom) -> None:
    await private.say(DURAND, "rappel aujourd'hui 12h cahier")
    await bot.later(hours=5)
    tap = await private.tap(DURAND, private.last, "💤")
    await private.redact(DURAND, tap)
    await bot.later(hours=2)
    assert len(private.of_kind("reminder")) == 1


async def test_two_snoozes_of_one_time_are_one_and_the_later_counts(bot: FakeBot, private: FakeRoom) -> None:
    await private.say(DURAND, "rappel aujourd'hui 12h cahier")
    await bot.later(hours=5)
    said = private.last
    await private.tap(DURAND, said, "💤")
    await bot.later(minutes=30)
    await private.tap(DURAND, said, "💤")
    await bot.later(minutes=40)
    assert len(private.of_kind("reminder")) == 1
    await bot.later(minutes=30)
    assert len(private.of_kind("reminder")) == 2


async def test_in_a_room_the_teachers_snooze_is_everyones_and_a_parents_their_own(
    bot: FakeBot, class_room: FakeRoom, parent: FakeRoom
) -> None:
    await class_room.say(DURAND, "!rappel aujourd'hui 12h cahier")
    await bot.later(hours=5)
    said = class_room.last
    await class_room.tap(BENALI, said, "💤")
    await bot.later(minutes=61)
    assert len(class_room.of_kind("reminder")) == 1
    assert parent.last.body.splitlines() == ["⏰ Rappel, 6B", "", "cahier"]
    await class_room.tap(DURAND, said, "💤")
    await bot.later(minutes=61)
    assert len(class_room.of_kind("reminder")) == 2


async def test_a_thumb_on_the_confirmation_brings_it_in_private_too(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, "!rappel demain 12h cahier")
    confirmation = class_room.last
    assert "👍" in confirmation.body
    assert not confirmation.reactions
    await class_room.tap(BENALI, confirmation, "👍")
    taken_back = await class_room.tap(COSTA, confirmation, "👍")
    await class_room.redact(COSTA, taken_back)
    await bot.later(days=2)
    benali, costa = await bot.direct(BENALI), await bot.direct(COSTA)
    assert [one.kind for one in benali.shown] == ["reply", "reminder"]
    assert [one.kind for one in costa.shown] == ["reply"]
    assert len(class_room.of_kind("reminder")) == 1


async def test_who_has_left_the_room_hears_nothing_more(
    bot: FakeBot, class_room: FakeRoom, parent: FakeRoom
) -> None:
    await class_room.say(DURAND, "!rappel demain 12h cahier")
    await class_room.tap(BENALI, class_room.last, "👍")
    await class_room.leave(BENALI)
    await bot.later(days=2)
    assert not parent.of_kind("reminder")


async def test_many_at_once_go_in_due_order_each_once(bot: FakeBot, class_room: FakeRoom) -> None:
    for number in range(45):
        await class_room.say(DURAND, f"!rappel demain 12h Numéro {number}")
    await bot.later(days=2)
    said = [one.body.split()[-1] for one in class_room.of_kind("reminder")]
    assert sorted(map(int, said)) == list(range(45))


async def test_the_schools_zone_changes_and_the_hour_stays(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!rappel demain 12h cahier")
    bot.school = replace(bot.school, zone="Indian/Reunion")
    bot.restart()
    await bot.settle()
    await class_room.say(DURAND, "!rappels")
    assert "mer. 7 oct. à 12 h" in plain(class_room.last.body)
    await bot.later(hours=26, minutes=30)
    assert bot.clock.now() < datetime(2026, 10, 7, 9, tzinfo=UTC)  # 13:00 there, 11:00 in Paris
    said = class_room.of_kind("reminder")
    assert len(said) == 1
    assert "prévu" not in said[0].body


async def upgraded(bot: FakeBot, old: FakeRoom) -> FakeRoom:
    new = bot.homeserver.add_room()
    for event in (
        StateEvent("m.room.create", "", {"room_version": "12"}, DURAND),
        StateEvent("m.room.member", DURAND, {"membership": "join"}, DURAND),
        StateEvent("m.room.member", "@coedu:test", {"membership": "join"}, "@coedu:test"),
    ):
        bot.homeserver.put_state(new.id, event)
    await bot.change_state(old.id, StateEvent("m.room.tombstone", "", {"replacement_room": new.id}, DURAND))
    return FakeRoom(bot, new.id)


async def test_an_upgraded_room_keeps_its_reminders(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!rappel tous les jours à 12h boire")
    moved = await upgraded(bot, class_room)
    await bot.later(hours=5)
    assert len(moved.of_kind("reminder")) == 1
    await moved.say(DURAND, "!annuler R1")
    assert "R1 est annulé" in moved.last.body


async def test_nothing_is_said_in_a_room_that_the_bot_is_about_to_leave_behind(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, "!rappel dans 1 minute boire")
    bot.homeserver.failures.extend((HomeserverError(), HomeserverError()))
    moved = await upgraded(bot, class_room)
    await bot.later(minutes=1)
    assert not class_room.of_kind("reminder")
    await bot.later(minutes=1)
    assert len(moved.of_kind("reminder")) == 1


async def down_until(bot: FakeBot, at: datetime) -> None:
    """The bot is stopped, and comes back then."""
    bot.clock.set(at)
    bot.restart()
    await bot.settle()
