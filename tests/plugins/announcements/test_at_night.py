"""What is announced at night waits for the morning, and its author hears when it goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from coedu_bot.school.quiet_hours import QuietHours
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements.conftest import BENALI, COSTA, DURAND, NAMES, YILMAZ

PARIS = ZoneInfo("Europe/Paris")
TUESDAY_NIGHT = datetime(2026, 10, 6, 21, 0, tzinfo=PARIS)
FRIDAY_NIGHT = datetime(2026, 10, 9, 21, 0, tzinfo=PARIS)
BEFORE_WINTER_TIME = datetime(2026, 10, 22, 21, 0, tzinfo=PARIS)
BEFORE_SUMMER_TIME = datetime(2027, 3, 25, 21, 0, tzinfo=PARIS)
HOURS = QuietHours(time(19), time(7, 30), quiet_weekend=True)
PRIVATELY = "annonce Rendez-vous.\n\npour : 6B\naccusé : privé"


@pytest.fixture
async def bot(request: pytest.FixtureRequest) -> AsyncIterator[FakeBot]:
    now = getattr(request, "param", TUESDAY_NIGHT)
    async with FakeBot.with_plugins("announcements", now=now, quiet_hours=HOURS) as bot:
        yield bot


@pytest.fixture
async def class_room(bot: FakeBot) -> FakeRoom:
    return await bot.room("6B", NAMES, {DURAND: 50})


@pytest.fixture
async def private(bot: FakeBot, class_room: FakeRoom) -> FakeRoom:
    return await bot.direct(DURAND)


def wall(bot: FakeBot) -> str:
    return f"{bot.clock.now().astimezone(PARIS):%a %H:%M}"


async def went_at(bot: FakeBot, room: FakeRoom, kind: str = "announcement") -> str | None:
    """When (wall time) the first message of a kind was there; None if it is not."""
    sent = [event for event in bot.homeserver.rooms[room.id].timeline if _kind(event.content) == kind]
    return f"{sent[0].sent_at.astimezone(PARIS):%a %H:%M}" if sent else None


def _kind(content: object) -> str:
    return str(content.get("org.coedu", {}).get("kind")) if isinstance(content, dict) else ""


async def test_it_waits_for_the_morning_and_its_author_reads_when_it_goes(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, "!annonce Rapportez les livres du CDI.")
    assert [message.kind for message in class_room.shown] == ["reply"]
    assert class_room.last.body.startswith("🌙 Partira demain à 7\u00a0h\u00a030.")
    assert not class_room.last.rings
    await bot.later(hours=10, minutes=29)
    assert not class_room.of_kind("announcement")
    await bot.later(minutes=2)
    assert await went_at(bot, class_room) == "Wed 07:30"
    assert set(class_room.of_kind("announcement")[0].reactions) == {"✅"}


async def test_it_reaches_nobody_if_the_bot_is_killed_at_night_and_goes_once(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, "!annonce Rapportez les livres du CDI.")
    bot.restart()
    await bot.later(hours=24)
    assert len(class_room.of_kind("announcement")) == 1


async def test_urgent_goes_at_once(private: FakeRoom, class_room: FakeRoom) -> None:
    await private.say(DURAND, "annonce Collège fermé demain.\n\npour : 6B\npriorité : urgente")
    await private.tap(DURAND, private.last)
    assert class_room.of_kind("announcement")


@pytest.mark.parametrize("bot", [FRIDAY_NIGHT], indirect=True)
async def test_a_quiet_weekend_lasts_from_friday_to_monday(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonce Bon week-end.")
    assert "lun. 12 oct. à 7\u00a0h\u00a030" in class_room.last.body
    await bot.later(hours=72)
    assert await went_at(bot, class_room) == "Mon 07:30"


@pytest.mark.parametrize("bot", [BEFORE_WINTER_TIME, BEFORE_SUMMER_TIME], indirect=True)
async def test_a_person_with_own_hours_gets_theirs_also_over_the_night_when_clocks_change(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom
) -> None:
    costa = await bot.direct(COSTA)
    await costa.say(COSTA, "heures 22h-6h45 week-end=non")
    assert "de 22\u00a0h à 6\u00a0h\u00a045." in costa.last.body
    await bot.later(days=2)  # Saturday evening, another time begins at night
    await bot.later(hours=1, minutes=30)
    await private.say(DURAND, PRIVATELY)
    assert await went_at(bot, costa, "announcement.copy") is None
    await bot.later(hours=20)
    assert await went_at(bot, costa, "announcement.copy") == "Sun 06:45"
    yilmaz = await bot.direct(YILMAZ)
    assert await went_at(bot, yilmaz, "announcement.copy") is None
    await bot.later(hours=24)
    assert await went_at(bot, yilmaz, "announcement.copy") == "Mon 07:30"


async def test_changing_ones_hours_counts_for_what_waits_already(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom
) -> None:
    costa, benali = await bot.direct(COSTA), await bot.direct(BENALI)
    await private.say(DURAND, PRIVATELY)
    assert not costa.of_kind("announcement.copy")
    await costa.say(COSTA, "heures non")
    assert costa.of_kind("announcement.copy")
    await benali.say(BENALI, "heures 20h-9h")
    await bot.later(hours=14)
    assert await went_at(bot, benali, "announcement.copy") == "Wed 09:00"


@pytest.mark.parametrize("typed", ["heures fuseau=Nouméa", "fuseau Nouméa"])
async def test_ones_own_zone_counts_for_what_waits_already_and_can_be_given_back(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom, typed: str
) -> None:
    costa = await bot.direct(COSTA)
    await private.say(DURAND, PRIVATELY)
    for word in (typed, typed.replace("Nouméa", "école"), typed):
        await costa.say(COSTA, word)
    assert "Nouméa" in costa.last.body
    assert not costa.of_kind("announcement.copy")  # 6:00 over there
    await bot.later(hours=2)
    assert await went_at(bot, costa, "announcement.copy") == "Tue 22:30"


async def test_the_author_can_send_it_now_with_one_tap_and_nobody_else_can(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom
) -> None:
    await private.say(DURAND, "annonce Rapportez les livres. pour=6B priorité=importante")
    notice = private.last
    assert "✅" in notice.reactions
    await private.tap(COSTA, notice)
    assert not class_room.shown
    await private.tap(DURAND, notice)
    assert class_room.of_kind("announcement")
    assert class_room.pinned
    assert "C’est parti" in private.last.body
    await private.tap(DURAND, notice)
    await bot.later(hours=24)
    assert len(class_room.of_kind("announcement")) == 1


async def test_what_waits_is_changed_by_an_edit_without_a_correction(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    command = await class_room.say(DURAND, "!annonce Départ à 8 h 30.")
    await class_room.edit(DURAND, command, "!annonce Départ à 7 h 45.")
    await bot.later(hours=24)
    assert [one.body.split("\n")[0] for one in class_room.of_kind("announcement")] == ["Départ à 7 h 45."]
    assert not class_room.of_kind("announcement.correction")


async def test_what_waits_is_dropped_by_a_redaction(bot: FakeBot, class_room: FakeRoom) -> None:
    command = await class_room.say(DURAND, "!annonce Départ à 8 h 30.")
    await class_room.redact(DURAND, command)
    await bot.later(hours=24)
    assert not class_room.of_kind("announcement")


async def test_a_message_delayed_into_the_night_waits_for_the_morning(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom
) -> None:
    bot.people_accept = False  # their direct rooms open only later
    await bot.later(hours=12)
    await private.say(DURAND, PRIVATELY)
    await bot.later(hours=13)
    bot.people_accept = True
    await bot.settle()
    costa = bot.direct_of(COSTA)
    assert costa is not None
    assert not costa.shown
    await bot.later(hours=12)
    assert await went_at(bot, costa, "announcement.copy") == "Thu 07:30"


async def test_a_copy_for_who_comes_too_late_lapses(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom
) -> None:
    bot.people_accept = False
    await bot.later(hours=12)
    await private.say(DURAND, PRIVATELY)
    await bot.later(days=15)
    bot.people_accept = True
    await bot.settle()
    costa = bot.direct_of(COSTA)
    assert costa is not None
    assert not costa.shown


async def test_the_answer_to_ones_own_act_never_waits(bot: FakeBot, private: FakeRoom) -> None:
    await private.say(DURAND, "annonces")
    assert private.last.kind == "reply"
