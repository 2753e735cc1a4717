"""What is due happens, exactly once, in its order, late if need be; a faulty handler stops nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from coedu_bot.context import Context, TimerContext
from coedu_bot.effects import Effects
from coedu_bot.plugin import NoSettings, Plugin
from coedu_bot.school.calendar import Calendar, Holiday
from coedu_bot.testing import FakeBot, FakeRoom

DURAND = "@durand:test"
PARIS = ZoneInfo("Europe/Paris")
HOLIDAYS = Calendar.of([Holiday(date(2026, 10, 17), date(2026, 11, 1))])


@dataclass(frozen=True, slots=True)
class Mondays:
    """Every Monday, 7:30."""

    rule: str = "FREQ=WEEKLY;BYDAY=MO"
    first: datetime = datetime(2026, 10, 12, 7, 30)
    zone: str = "Europe/Paris"
    week: str | None = None


class Bell:
    """A plugin that notes when it is called; `broken` times it fails first."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, bool]] = []
        self.broken = 0
        self.effects: Any = lambda ctx: None
        self.plugin = Plugin("bell", package="tests.unit.timers", letters="Z")
        self.plugin.command("plan")(self._plan)
        self.plugin.timer("ring")(self._ring)

    async def _plan(self, ctx: Context[NoSettings]) -> Effects:
        effects: Effects = self.effects(ctx)
        return effects

    async def _ring(self, ctx: TimerContext[NoSettings], *item: str) -> Effects:
        if self.broken:
            self.broken -= 1
            raise RuntimeError("broken")
        local = ctx.due.astimezone(ZoneInfo(ctx.school.zone))
        self.rung.append((f"{local:%m-%dT%H:%M}", ctx.late))
        return None


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
async def bot(bell: Bell) -> AsyncIterator[FakeBot]:
    async with FakeBot.with_plugins(extra={"bell": bell.plugin}, calendar=HOLIDAYS) as bot:
        bot.bot.dispatcher.desk.vocabulary._words["fr"] = {"plan": "plan"}
        yield bot


@pytest.fixture
async def room(bot: FakeBot) -> FakeRoom:
    return await bot.room("6B", {DURAND: "Mme Durand"})


async def down_until(bot: FakeBot, at: datetime) -> None:
    """The bot is stopped, and comes back then."""
    bot.clock.set(at)
    bot.restart()
    await bot.settle()


async def test_one_that_comes_again_rings_each_time_and_skips_the_holidays(
    bot: FakeBot, bell: Bell, room: FakeRoom
) -> None:
    bell.effects = lambda ctx: ctx.wake_every("ring", Mondays(), skip_holidays=True)
    await room.say(DURAND, "!plan")
    await bot.later(days=35)
    assert bell.rung == [("10-12T07:30", False), ("11-02T07:30", False), ("11-09T07:30", False)]


async def test_weeks_of_the_other_letter_are_skipped_also_after_the_school_counts_them_anew(
    bot: FakeBot, bell: Bell, room: FakeRoom
) -> None:
    bot.school = replace(bot.school, calendar=Calendar(week_a=date(2026, 8, 31)))
    bot.restart()
    bell.effects = lambda ctx: ctx.wake_every("ring", Mondays(week="A"))
    bot.bot.dispatcher.desk.vocabulary._words["fr"] = {"plan": "plan"}
    await room.say(DURAND, "!plan")
    await bot.later(days=21)
    bot.school = replace(bot.school, calendar=Calendar(week_a=date(2026, 11, 2)))
    bot.restart()
    await bot.settle()
    await bot.later(days=21)
    assert [day for day, _ in bell.rung] == ["10-12T07:30", "10-26T07:30", "11-02T07:30", "11-16T07:30"]


async def test_after_weeks_without_the_bot_one_is_caught_up_with_and_marked_late(
    bot: FakeBot, bell: Bell, room: FakeRoom
) -> None:
    bell.effects = lambda ctx: ctx.wake_every("ring", Mondays())
    await room.say(DURAND, "!plan")
    await down_until(bot, datetime(2026, 10, 28, 12, tzinfo=UTC))
    assert bell.rung == [("10-26T07:30", True)]
    await bot.later(days=6)
    assert bell.rung[1:] == [("11-02T07:30", False)]


async def test_missed_on_a_day_off_nothing_is_caught_up_with(
    bot: FakeBot, bell: Bell, room: FakeRoom
) -> None:
    bell.effects = lambda ctx: ctx.wake_every("ring", Mondays(), skip_holidays=True)
    await room.say(DURAND, "!plan")
    await bot.later(days=7)
    await down_until(bot, datetime(2026, 10, 28, 12, tzinfo=UTC))
    assert bell.rung == [("10-12T07:30", False)]


async def test_five_minutes_are_not_late(bot: FakeBot, bell: Bell, room: FakeRoom) -> None:
    bell.effects = lambda ctx: [ctx.wake("ring", ctx.now + timedelta(minutes=m)) for m in (1, 2)]
    await room.say(DURAND, "!plan")
    await down_until(bot, bot.clock.now() + timedelta(minutes=6, seconds=30))
    assert [late for _, late in bell.rung] == [True, False]


async def test_the_schools_zone_changes_and_its_wall_times_stay(
    bot: FakeBot, bell: Bell, room: FakeRoom
) -> None:
    evening = datetime(2026, 10, 7, 18, tzinfo=PARIS)
    bell.effects = lambda ctx: [ctx.wake("ring", evening), ctx.wake_every("ring", Mondays())]
    await room.say(DURAND, "!plan")
    bot.school = replace(bot.school, zone="Indian/Reunion")
    bot.restart()
    await bot.settle()
    await bot.later(days=7)
    assert bell.rung == [("10-07T18:00", False), ("10-12T07:30", False)]


async def test_a_time_that_the_new_zone_makes_past_is_not_lost(
    bot: FakeBot, bell: Bell, room: FakeRoom
) -> None:
    soon = datetime(2026, 10, 6, 8, 30, tzinfo=PARIS)
    bell.effects = lambda ctx: ctx.wake("ring", soon)
    await room.say(DURAND, "!plan")
    bot.school = replace(bot.school, zone="Indian/Reunion")
    bot.restart()
    await bot.settle()
    assert bell.rung == [("10-06T08:30", True)]


async def test_a_persons_own_zone_does_not_follow_the_schools(
    bot: FakeBot, bell: Bell, room: FakeRoom
) -> None:
    evening = datetime(2026, 10, 7, 18, tzinfo=PARIS)
    bell.effects = lambda ctx: ctx.wake("ring", evening, own_zone=True)
    await room.say(DURAND, "!plan")
    bot.school = replace(bot.school, zone="Indian/Reunion")
    bot.restart()
    await bot.later(days=2)
    assert bell.rung == [("10-07T20:00", False)]


async def test_holidays_that_are_dropped_bring_their_times_back(
    bot: FakeBot, bell: Bell, room: FakeRoom
) -> None:
    bell.effects = lambda ctx: ctx.wake_every("ring", Mondays(), skip_holidays=True)
    await room.say(DURAND, "!plan")
    await bot.later(days=7)
    bot.school = replace(bot.school, calendar=Calendar())
    bot.restart()
    await bot.settle()
    await bot.later(days=14)
    assert [day for day, _ in bell.rung] == ["10-12T07:30", "10-19T07:30", "10-26T07:30"]


async def test_a_faulty_handler_stops_nobody_and_is_tried_again(
    bot: FakeBot, bell: Bell, room: FakeRoom
) -> None:
    bell.broken = 2  # once together with the others, once alone
    bell.effects = lambda ctx: [ctx.wake("ring", ctx.now + timedelta(seconds=s)) for s in (1, 2, 3)]
    await room.say(DURAND, "!plan")
    bot.clock.advance(timedelta(seconds=3))
    await bot.settle()
    assert len(bell.rung) == 2
    await bot.later(minutes=1)
    assert len(bell.rung) == 3


async def test_one_that_always_fails_is_given_up_until_its_next_time(
    bot: FakeBot, bell: Bell, room: FakeRoom
) -> None:
    bell.broken = 8  # four tries, each in company and alone
    bell.effects = lambda ctx: ctx.wake_every("ring", Mondays())
    await room.say(DURAND, "!plan")
    await bot.later(days=14)
    assert bell.rung == [("10-19T07:30", False)]


async def test_a_burst_is_handled_once_each_whatever_the_batch(
    bot: FakeBot, bell: Bell, room: FakeRoom
) -> None:
    bell.effects = lambda ctx: [ctx.wake("ring", ctx.now + timedelta(seconds=1)) for _ in range(65)]
    await room.say(DURAND, "!plan")
    await bot.later(seconds=2)
    assert len(bell.rung) == 65


async def test_a_cancelled_item_does_not_ring(bot: FakeBot, bell: Bell, room: FakeRoom) -> None:
    bell.effects = lambda ctx: [
        ctx.wake_every("ring", Mondays(), item="Z1"),
        ctx.wake("ring", ctx.now + timedelta(days=1), item="Z1"),
        ctx.unwake("Z1"),
    ]
    await room.say(DURAND, "!plan")
    await bot.later(days=14)
    assert bell.rung == []
