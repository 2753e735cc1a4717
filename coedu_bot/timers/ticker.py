"""APScheduler as the ticker: one job that sleeps until something is due."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from coedu_bot.clock import LONGEST_SLEEP, Clock, SystemClock, seconds_until

RunDue = Callable[[datetime], Awaitable[datetime | None]]
"""Do what is due at a moment; returns when the next thing is due, or None."""

_JOB = "due"
_GATHERING = 0.05
"""Seconds in which several wakings become one, so that a burst of commands is not slowed by looking."""


class Ticker:
    """Calls `run_due` at its time; `notify` when something earlier may have come up."""

    def __init__(self, clock: Clock, run_due: RunDue) -> None:
        self._clock = clock
        self._run_due = run_due
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._wake = asyncio.Event()
        self._will_ring = False
        self._due: datetime | None = None
        self._repeated: list[tuple[Job, timedelta]] = []

    def notify(self) -> None:
        """Something was added: look when the next is due."""
        self._wake.set()

    async def run(self) -> None:
        """Tick for ever."""
        self._scheduler.start()
        try:
            while True:
                self._wake.clear()
                self._plan(await self._run_due(self._clock.now()))
                self._mind_the_clock()
                with suppress(TimeoutError):
                    async with asyncio.timeout(LONGEST_SLEEP.total_seconds()):
                        await self._wake.wait()
                await self._clock.sleep(_GATHERING)
        finally:
            self._scheduler.shutdown(wait=False)

    def every(self, interval: timedelta, job: Callable[[], Awaitable[None]]) -> None:
        """Call `job` again and again, first one interval from now."""
        trigger = IntervalTrigger(seconds=int(interval.total_seconds()))
        self._repeated.append((self._scheduler.add_job(job, trigger, max_instances=1), interval))

    def _mind_the_clock(self) -> None:
        """Where it was put back, nothing waits longer than its interval."""
        now = SystemClock().now()
        for job, interval in self._repeated:
            if job.next_run_time > now + interval:
                job.modify(next_run_time=now + interval)

    def _ring(self) -> None:
        self._will_ring = False
        self._wake.set()

    def _plan(self, due: datetime | None) -> None:
        now = self._clock.now()
        if self._will_ring and due == self._due and (due is None or now < due):
            return  # most of what wakes us adds no timer
        self._will_ring, self._due = True, due
        # the scheduler reads the machine's clock, which in a demo is not the bot's
        machine_now = SystemClock().now()
        trigger = DateTrigger(machine_now + timedelta(seconds=seconds_until(due, now)))
        self._scheduler.add_job(self._ring, trigger, id=_JOB, replace_existing=True, misfire_grace_time=None)
