"""Counts over all tables of the platform, for `doctor`: how much waits, what is late, what failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import direct_room, fault, outbox, room, sync_position, task, timer

_OUTBOX = select(outbox.c.state, func.count().label("number")).group_by(outbox.c.state)
_DROPPED = (
    select(outbox.c.error, func.count().label("number"))
    .where(
        outbox.c.state == "dropped", outbox.c.created_at >= bindparam("since"), outbox.c.error.is_not(None)
    )
    .group_by(outbox.c.error)
    .order_by(outbox.c.error)
)
_TIMERS = select(func.count().label("number"), func.min(timer.c.due_at).label("next"))
_LATE = select(func.count()).select_from(timer).where(timer.c.due_at <= bindparam("before"))
_FAILING = (
    select(task.c.kind, func.count().label("number"), func.max(task.c.attempts).label("attempts"))
    .where(task.c.attempts > 0)
    .group_by(task.c.kind)
    .order_by(task.c.kind)
)
_ROOMS = (
    select(room.c.encrypted, func.count().label("number"))
    .where(room.c.membership == "join")
    .group_by(room.c.encrypted)
)
_DIRECTS = select(direct_room.c.state, func.count().label("number")).group_by(direct_room.c.state)
_FAULTS = (
    select(fault.c.number, fault.c.happened_at)
    .where(fault.c.happened_at >= bindparam("since"))
    .order_by(fault.c.happened_at.desc())
)
_TOKENS = select(func.count()).select_from(sync_position)


@dataclass(frozen=True, slots=True)
class TimerCount:
    """Timers that wait; `late` are those that should have gone before the moment asked for."""

    number: int
    late: int
    next_at: datetime | None


async def count_outbox(db: Transaction) -> dict[str, int]:
    """Rows by their state."""
    return {row.state: int(row.number) for row in await db.all(_OUTBOX)}


async def count_dropped(db: Transaction, since: datetime) -> dict[str, int]:
    """Rows that could not be sent, by the reason."""
    return {row.error: int(row.number) for row in await db.all(_DROPPED, since=since)}


async def count_timers(db: Transaction, before: datetime) -> TimerCount:
    row = await db.one(_TIMERS)
    late = await db.value(_LATE, before=before)
    return TimerCount(int(row.number), int(late), row.next) if row is not None else TimerCount(0, 0, None)


async def list_failing_tasks(db: Transaction) -> Sequence[Row]:
    """Kinds of tasks that were tried in vain so far (`kind`, `number`, `attempts` of the worst)."""
    return await db.all(_FAILING)


async def count_rooms(db: Transaction) -> tuple[int, int]:
    """Rooms the bot is in, and how many of them are encrypted."""
    numbers = {bool(row.encrypted): int(row.number) for row in await db.all(_ROOMS)}
    return sum(numbers.values()), numbers.get(True, 0)


async def count_directs(db: Transaction) -> dict[str, int]:
    """Direct rooms by their state: creating, invited, joined, left."""
    return {row.state: int(row.number) for row in await db.all(_DIRECTS)}


async def list_faults(db: Transaction, since: datetime) -> Sequence[Row]:
    """Faults that somebody was told of (`number`, `happened_at`), the newest first."""
    return await db.all(_FAULTS, since=since)


async def has_synced(db: Transaction) -> bool:
    """Whether a sync was ever handled: then there is a place to go on from."""
    return bool(await db.value(_TOKENS))
