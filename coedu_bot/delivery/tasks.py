"""Durable tasks: calls without a transaction id, kept in the database until they are known to be done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from coedu_bot.clock import Clock, seconds_until
from coedu_bot.effects import new_ref
from coedu_bot.homeserver import HomeserverError, RateLimited, Refused, SessionLost
from coedu_bot.log import logger
from coedu_bot.store.database import Database, DatabaseUnavailable, Row, Transaction
from coedu_bot.store.tables import task

_ADD = insert(task)
# nothing waits longer than `_LONGEST_WAIT`: what seems to was put there before the clock was put back
_IS_DUE = or_(task.c.next_at <= bindparam("now"), task.c.next_at > bindparam("latest"))
# a start may leave a thousand rooms to be read: what somebody waits for goes first
_DUE = select(task).where(_IS_DUE).order_by(task.c.kind == "learn-room", task.c.next_at).limit(10)
_SAME = select(task.c.id).where(task.c.kind == bindparam("kind"), task.c.subject == bindparam("subject"))
_NEXT = select(func.min(task.c.next_at))
_REMOVE = delete(task).where(task.c.id == bindparam("id"))
_RETRY = (
    update(task)
    .where(task.c.id == bindparam("task"))
    .values(attempts=task.c.attempts + 1, next_at=bindparam("at"))
)
_LONGEST_WAIT = timedelta(minutes=10)
_MOST_FAULTS = 8
_GATHERING = 0.05  # seconds: a burst wakes the worker once

Finish = Callable[[Transaction], Awaitable[None]]
Perform = Callable[[Row], Awaitable[Finish]]
"""The network part of a task; what it returns stores the result, in the transaction that ends the task."""

log = logger(__name__)


async def add_task(
    db: Transaction, kind: str, subject: str, payload: Mapping[str, Any], now: datetime
) -> str:
    """Keep a task; it runs at once and again until it succeeds or is refused."""
    id_ = new_ref()
    await db.run(_ADD, id=id_, kind=kind, subject=subject, payload=dict(payload), attempts=0, next_at=now)
    return id_


async def has_task(db: Transaction, kind: str, subject: str) -> bool:
    """Whether the same is to be done already."""
    return await db.one(_SAME, kind=kind, subject=subject) is not None


async def get_next_at(db: Transaction) -> datetime | None:
    at: datetime | None = await db.value(_NEXT)
    return at


@dataclass(frozen=True, slots=True)
class Tasks:
    """Runs what is due; `performers` by kind."""

    database: Database
    performers: Mapping[str, Perform]
    finished: Callable[[], Awaitable[None]]  # results may have effects of their own

    async def run_due(self, now: datetime) -> int:
        """Run every task that is due, one after the other; returns how many."""
        async with self.database.reading() as db:
            due: Sequence[Row] = await db.all(_DUE, now=now, latest=now + _LONGEST_WAIT)
        for row in due:
            await self._run(row, now)
            await self.finished()
        return len(due)

    async def _run(self, row: Row, now: datetime) -> None:
        try:
            finish = await self.performers[row.kind](row)
        except SessionLost:
            raise
        except Refused as refusal:
            log.warning("task-refused", kind=row.kind, code=refusal.code)
            await self._end(row, _nothing)
        except HomeserverError as problem:
            await self._again(row, now + _wait(row.attempts, problem))
        else:
            await self._finish(row, finish, now)

    async def _finish(self, row: Row, finish: Finish, now: datetime) -> None:
        """Keep the result; a fault in doing so must neither stop the other tasks nor come back for ever."""
        try:
            await self._end(row, finish)
        except DatabaseUnavailable:
            raise
        except Exception as fault:
            log.error("task-fault", kind=row.kind, attempts=row.attempts, fault=type(fault).__name__)
            if row.attempts < _MOST_FAULTS:
                await self._again(row, now + _wait(row.attempts, HomeserverError()))
            else:
                await self._end(row, _nothing)

    async def _end(self, row: Row, finish: Finish) -> None:
        async with self.database.transaction() as db:
            if await db.run(_REMOVE, id=row.id):
                await finish(db)

    async def _again(self, row: Row, at: datetime) -> None:
        async with self.database.transaction() as db:
            await db.run(_RETRY, task=row.id, at=at)


@dataclass(slots=True)
class Worker:
    """Runs tasks as they become due."""

    tasks: Tasks
    clock: Clock
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def notify(self) -> None:
        """A task was added."""
        self._wake.set()

    async def run(self) -> None:
        """Work for ever; raises SessionLost."""
        while True:
            self._wake.clear()
            due = await self._run_due()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), seconds_until(due, self.clock.now()))
            await self.clock.sleep(_GATHERING)

    async def _run_due(self) -> datetime | None:
        try:
            while await self.tasks.run_due(self.clock.now()):
                pass
            async with self.tasks.database.reading() as db:
                return await get_next_at(db)
        except DatabaseUnavailable:
            return self.clock.now() + timedelta(seconds=1)


async def _nothing(db: Transaction) -> None:
    """What is refused leaves no result."""


def _wait(attempts: int, problem: HomeserverError) -> timedelta:
    if isinstance(problem, RateLimited):
        return min(timedelta(seconds=problem.retry_after), _LONGEST_WAIT)
    return min(timedelta(seconds=2 ** min(attempts, 10)), _LONGEST_WAIT)
