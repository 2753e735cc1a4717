"""Timers that are due: claimed, handled and their effects stored in one transaction each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from coedu_bot.context import TimerContext
from coedu_bot.delivery.outbox import Cause
from coedu_bot.dispatch.desk import Desk
from coedu_bot.log import logger
from coedu_bot.store.database import Database, DatabaseUnavailable, Row, Transaction
from coedu_bot.timers import store as timers

log = logger(__name__)

LATE_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Alarms:
    """Hands due timers to their plugins, exactly once each."""

    desk: Desk
    database: Database
    committed: Callable[[], None]

    async def run_due(self, now: datetime) -> datetime | None:
        """Run everything due at `now`; returns when the next is due."""
        try:
            while due := await self._list_due(now):
                for row in due:
                    await self._run(row.id, now)
            async with self.database.reading() as db:
                return await timers.get_next_at(db)
        except DatabaseUnavailable:
            return now + timedelta(seconds=5)

    async def _list_due(self, now: datetime) -> list[Row]:
        async with self.database.reading() as db:
            return list(await timers.list_due(db, now))

    async def _run(self, id_: str, now: datetime) -> None:
        try:
            async with self.database.transaction() as db:
                row = await timers.claim_timer(db, id_)
                if row is not None:
                    await self._hand_over(db, row, now)
        except DatabaseUnavailable:
            raise
        except Exception as fault:
            log.error("timer-fault", timer=id_, fault=type(fault).__name__)
            async with self.database.transaction() as db:
                await timers.claim_timer(db, id_)
        self.committed()

    async def _hand_over(self, db: Transaction, row: Row, now: datetime) -> None:
        late = now - row.due_at > LATE_AFTER
        self.desk.meters.timers["late" if late else "on-time"] += 1
        plugin = self.desk.registry.plugins.get(row.plugin)
        handler = plugin.timers.get(row.name) if plugin else None
        if handler is None:
            return
        ctx = TimerContext(
            **self.desk.base(db, row.plugin, now),
            due=row.due_at,
            late=late,
            item=row.item,
            payload=row.payload,
        )
        effects = await handler(ctx, row.item) if row.item else await handler(ctx)
        await self.desk.outbox.put(db, effects, Cause(row.plugin, None, now))
