"""Wall times are the person's, wherever the school is, and stay what they are over changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.reminders.conftest import DURAND, plain


async def test_a_persons_own_zone_is_set_by_a_place_shown_and_given_back(private: FakeRoom) -> None:
    await private.say(DURAND, "fuseau La Réunion")
    assert plain(private.last.body) == "Vos dates sont à l’heure de La Réunion. Il y est 9 h 40."
    await private.say(DURAND, "fuseau")
    assert "La Réunion" in private.last.body
    await private.say(DURAND, "fuseau école")
    assert plain(private.last.body) == "Vos dates sont à l’heure de Paris. Il y est 7 h 40."
    await private.say(DURAND, "fuseau Nulle-Part")
    assert private.last.kind != "reply"


async def test_in_private_all_times_are_the_persons(bot: FakeBot, private: FakeRoom) -> None:
    await private.say(DURAND, "fuseau Indian/Reunion")
    await private.say(DURAND, "rappel demain 18h cahier")
    assert plain(private.last.body) == "R1 : mercredi 7 octobre 2026 à 18 h, demain."
    await private.say(DURAND, "rappels")
    assert "mer. 7 oct. à 18 h" in plain(private.last.body)
    await bot.later(hours=32, minutes=15)
    assert not private.of_kind("reminder")
    await bot.later(minutes=10)
    assert bot.clock.now() < datetime(2026, 10, 7, 14, 10, tzinfo=UTC)  # 18:05 there, 16:05 in Paris
    assert len(private.of_kind("reminder")) == 1


async def test_in_a_room_the_place_is_named_to_readers_with_other_clocks(
    bot: FakeBot, class_room: FakeRoom, private: FakeRoom
) -> None:
    await private.say(DURAND, "fuseau Indian/Reunion")
    await class_room.say(DURAND, "!rappel demain 18h cahier")
    told = plain(class_room.last.body)
    assert told.startswith("R1 : mercredi 7 octobre 2026 à 18 h (heure de La Réunion), demain.")


@pytest.mark.parametrize(
    ("now", "utc"),
    [
        (datetime(2026, 10, 24, 8, tzinfo=UTC), ["10-24 10:00", "10-25 11:00", "10-26 11:00"]),
        (datetime(2027, 3, 27, 8, tzinfo=UTC), ["03-27 11:00", "03-28 10:00", "03-29 10:00"]),
    ],
)
async def test_noon_stays_noon_over_both_changes_of_the_clock(
    bot: FakeBot, private: FakeRoom, now: datetime, utc: list[str]
) -> None:
    bot.clock.set(now)
    await private.say(DURAND, "rappel tous les jours à 12h boire")
    assert await said_at(bot, private) == utc


async def test_a_zone_that_never_changes_its_clock(bot: FakeBot, private: FakeRoom) -> None:
    await private.say(DURAND, "fuseau Tunis")
    bot.clock.set(datetime(2026, 10, 24, 8, tzinfo=UTC))
    await private.say(DURAND, "rappel tous les jours à 12h boire")
    assert await said_at(bot, private) == ["10-24 11:00", "10-25 11:00", "10-26 11:00"]


async def test_each_night_of_change_is_one_reminder(bot: FakeBot, private: FakeRoom) -> None:
    bot.clock.set(datetime(2026, 10, 24, 8, tzinfo=UTC))
    await private.say(DURAND, "heures non")
    await private.say(DURAND, "rappel tous les jours à 2h30 veiller")
    assert await said_at(bot, private) == ["10-25 00:30", "10-26 01:30", "10-27 01:30"]


async def said_at(bot: FakeBot, room: FakeRoom) -> list[str]:
    """When the reminders of three days were said, in UTC."""
    await bot.later(days=3)
    timeline = bot.homeserver.rooms[room.id].timeline
    said = [event for event in timeline if event.content.get("org.coedu", {}).get("kind") == "reminder"]
    return [f"{event.sent_at:%m-%d %H:%M}" for event in said][:3]
