"""Who has waited for an answer since before the start comes before the work that was left over."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from coedu_bot.delivery.tasks import Finish, Tasks, Worker, add_task
from coedu_bot.store.database import Database, Row, Transaction
from coedu_bot.testing.bot import TUESDAY_MORNING


@dataclass(slots=True)
class Paused:
    """A clock that stands, and on which who sleeps waits until let go."""

    asleep: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    def now(self) -> datetime:
        return TUESDAY_MORNING

    async def sleep(self, seconds: float) -> None:
        self.asleep.set()
        await self.go.wait()


async def nothing(db: Transaction) -> None:
    pass


@pytest.mark.parametrize("left_over", [True, False])
async def test_only_work_left_over_lets_the_first_words_pass(database: Database, *, left_over: bool) -> None:
    done = asyncio.Event()

    async def perform(row: Row) -> Finish:
        done.set()
        return nothing

    async def plan() -> None:
        async with database.transaction() as db:
            await add_task(db, "learn-room", "!6b", {}, TUESDAY_MORNING)

    clock = Paused()
    worker = Worker(Tasks(database, {"learn-room": perform}), clock)
    if left_over:
        await plan()
    running = asyncio.create_task(worker.run())
    if left_over:
        await clock.asleep.wait()
        assert not done.is_set()
        clock.go.set()
    else:
        await asyncio.sleep(0.05)
        assert not clock.asleep.is_set()
        await plan()
        clock.go.set()
        worker.notify()
    async with asyncio.timeout(5):
        await done.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
