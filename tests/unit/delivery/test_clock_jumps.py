"""A clock that is set, or a machine that slept, neither keeps anything back nor does it twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

import pytest

from coedu_bot.clock import LONGEST_SLEEP, SystemClock, seconds_until
from coedu_bot.delivery.turnstile import Turnstile
from coedu_bot.homeserver import RateLimited
from coedu_bot.school.quiet_hours import QuietHours
from coedu_bot.testing import FakeBot
from coedu_bot.testing.bot import TUESDAY_MORNING
from coedu_bot.testing.clock import FakeClock
from coedu_bot.timers.ticker import Ticker

DURAND, COSTA = "@durand:test", "@costa:test"
BACK = -timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Watched:
    """A clock that notes how long each sleep was."""

    clock: FakeClock
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.clock.now()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self.clock.sleep(seconds)


async def test_a_homeserver_that_asked_for_two_seconds_is_left_alone_for_no_hour() -> None:
    clock = Watched(FakeClock(TUESDAY_MORNING))
    turnstile = Turnstile(clock)
    turnstile.close_for(2)
    clock.clock.advance(BACK)
    async with asyncio.timeout(5), turnstile.turn(0):
        assert clock.slept == [2]


async def test_a_turnstile_opens_when_the_longest_wait_is_over() -> None:
    turnstile = Turnstile(SystemClock())
    for seconds in (0.01, 0.2, 0.05):
        turnstile.close_for(seconds)
    begun = asyncio.get_running_loop().time()
    async with turnstile.turn(0):
        assert 0.19 <= asyncio.get_running_loop().time() - begun < 5
    await turnstile.aclose()


@pytest.mark.parametrize("jump", [BACK, -timedelta(days=400), timedelta(days=400)])
async def test_what_is_to_be_tried_again_is_tried_after_a_jump_whichever_way(jump: timedelta) -> None:
    async with FakeBot.with_plugins("announcements") as bot:
        room = await bot.room("6B", {DURAND: "Mme Durand", COSTA: "M. Costa"}, {DURAND: 50})
        bot.homeserver.failures.append(RateLimited(60))
        await room.say(DURAND, "!annonce")  # to be asked for in private: a room has to be made
        assert bot.direct_of(DURAND) is None
        bot.clock.advance(jump)
        await bot.settle()
        assert bot.direct_of(DURAND) is not None


async def test_nobody_sleeps_long_for_something_far_away() -> None:
    nights = QuietHours(time(19), time(7, 30))
    async with FakeBot.with_plugins("announcements", quiet_hours=nights, now=TUESDAY_MORNING) as bot:
        room = await bot.room("6B", {DURAND: "Mme Durand", COSTA: "M. Costa"}, {DURAND: 50})
        bot.clock.advance(timedelta(hours=14))
        await room.say(DURAND, "!annonce Demain, cantine fermée.")
        bot.bot.sender.clock = clock = Watched(bot.clock)
        sending = asyncio.create_task(bot.bot.sender.run())
        async with asyncio.timeout(10):
            while not room.of_kind("announcement"):
                await asyncio.sleep(0)
        sending.cancel()
        assert len(clock.slept) > 100
        assert max(clock.slept) == LONGEST_SLEEP.total_seconds()


def test_a_sleep_is_never_negative_and_never_long() -> None:
    now = datetime(2026, 10, 6, tzinfo=UTC)
    assert seconds_until(now - timedelta(days=1), now) == 0
    assert seconds_until(now + timedelta(seconds=7), now) == 7
    assert seconds_until(now + timedelta(days=7), now) == 300
    assert seconds_until(None, now) == 300


async def test_what_is_done_every_minute_is_done_within_a_minute_after_the_clock_was_put_back() -> None:
    async def nothing_due(now: datetime) -> None:
        return None

    async def job() -> None: ...

    ticker = Ticker(SystemClock(), nothing_due)
    ticker.every(timedelta(minutes=1), job)
    ticking = asyncio.create_task(ticker.run())
    await asyncio.sleep(0)
    planned, _ = ticker._repeated[0]
    planned.modify(next_run_time=planned.next_run_time - BACK)  # as it is after the clock was put back
    ticker.notify()
    await asyncio.sleep(0.2)
    assert planned.next_run_time <= SystemClock().now() + timedelta(minutes=1)
    ticking.cancel()
