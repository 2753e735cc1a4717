"""Timers that are due: claimed, handled and their effects stored, some in one transaction."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from coedu_bot.context import TimerContext
from coedu_bot.delivery.outbox import Cause
from coedu_bot.dispatch.desk import Desk
from coedu_bot.log import logger
from coedu_bot.school.school import School
from coedu_bot.store import intake, items
from coedu_bot.store.database import Database, DatabaseUnavailable, Row, Transaction
from coedu_bot.timers import school_time
from coedu_bot.timers import store as timers
from coedu_bot.timers.turn import Turn, turn_of

log = logger(__name__)

_THAWS_WITHIN = timedelta(hours=1)
"""What a frozen account has planned is held, and looked at again so often."""
LATE_AFTER = timedelta(minutes=5)
_AT_ONCE = 20
"""Timers in one transaction: few enough that what people do meanwhile waits some hundredths of a second."""
_AGAIN_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""When a timer whose handler failed is tried again; after that it is given up."""


@dataclass(slots=True)
class Alarms:
    """Hands due timers to their plugins, exactly once each."""

    desk: Desk
    database: Database
    committed: Callable[[], None]
    _agreed: School | None = None  # the school that the timers are known to be computed with

    async def run_due(self, now: datetime) -> datetime | None:
        """Run everything due at `now`; returns when to look again, None if nothing is pending."""
        try:
            await self._agree_with_school(now)
            while (at := await self._next_at()) is not None and at <= now:
                if not await self._run_some(now):
                    return now + timedelta(seconds=1)  # another process has them in hand
                self.committed()
                await asyncio.sleep(0)
            return at
        except DatabaseUnavailable:
            return now + timedelta(seconds=5)

    async def _next_at(self) -> datetime | None:
        async with self.database.reading() as db:
            return await timers.get_next_at(db)

    async def _agree_with_school(self, now: datetime) -> None:
        """After a start or a new configuration: wall times are the school's, whatever its zone is now."""
        if self._agreed is not self.desk.school:
            await school_time.agree(self.database, self.desk.school, now)
            self._agreed = self.desk.school

    async def _run_some(self, now: datetime) -> int:
        """Run the next few together, or where one of them fails each on its own; returns how many."""
        try:
            async with self.database.transaction() as db:
                rows = await timers.claim_due(db, now, _AT_ONCE)
                for row in rows:
                    await self._take(db, row, now)
                return len(rows)
        except DatabaseUnavailable:
            raise
        except Exception:
            return await self._run_each(now)

    async def _run_each(self, now: datetime) -> int:
        async with self.database.reading() as db:
            ids = await timers.list_due(db, now, _AT_ONCE)
        for id_ in ids:
            await self._run(id_, now)
        return len(ids)

    async def _run(self, id_: str, now: datetime) -> None:
        try:
            async with self.database.transaction() as db:
                row = await timers.claim_timer(db, id_)
                if row is not None:
                    await self._take(db, row, now)
        except DatabaseUnavailable:
            raise
        except Exception as fault:
            await self._put_off(id_, fault, now)

    async def _put_off(self, id_: str, fault: Exception, now: datetime) -> None:
        """A handler's fault loses nothing: tried again thrice, then given up till its next time, if any."""
        number = f"F-{secrets.token_hex(3).upper()}"
        log.error("timer-fault", number=number, timer=id_, fault=type(fault).__name__)
        async with self.database.transaction() as db:
            row = await timers.claim_timer(db, id_)
            if row is None:
                return
            await intake.add_fault(db, number, f"timer {id_}", now)
            if row.attempts < len(_AGAIN_AFTER):
                again = now + _AGAIN_AFTER[row.attempts]
                await timers.put_back(db, row, due_at=again, attempts=row.attempts + 1)
            else:
                await self._come_back(db, row, turn_of(row, now, self.desk.school))

    async def _take(self, db: Transaction, row: Row, now: datetime) -> None:
        """Keep when it comes again, if it does, and hand it over if it is its time."""
        if await self._is_frozen(db, row):
            await timers.put_back(db, row, due_at=now + _THAWS_WITHIN)
            return
        turn = turn_of(row, now, self.desk.school)
        await self._come_back(db, row, turn)
        if turn.due is not None:
            await self._hand_over(db, row, turn.due, now)

    async def _is_frozen(self, db: Transaction, row: Row) -> bool:
        """Whether it was planned from an account that a coordinator has frozen."""
        if not (self.desk.school.frozen and row.item):
            return False
        item = await items.get_item(db, row.item)
        return item is not None and item.author in self.desk.school.frozen

    async def _come_back(self, db: Transaction, row: Row, turn: Turn) -> None:
        if turn.next_at is not None:
            wall = turn.next_wall.isoformat() if turn.next_wall else None
            await timers.put_back(db, row, due_at=turn.next_at, wall=wall, attempts=0)

    async def _hand_over(self, db: Transaction, row: Row, due: datetime, now: datetime) -> None:
        plugin = self.desk.registry.plugins.get(row.plugin)
        handler = plugin.timers.get(row.name) if plugin else None
        if handler is None:
            return
        late = now - due > LATE_AFTER
        self.desk.meters.timers["late" if late else "on-time"] += 1
        ctx = TimerContext(
            **self.desk.base(db, row.plugin, now),
            due=due,
            late=late,
            item=row.item,
            payload=row.payload,
        )
        effects = await handler(ctx, row.item) if row.item else await handler(ctx)
        # on behalf of who made the item: they need the right to @room, and hear if it cannot be sent
        item = await items.get_item(db, row.item) if row.item else None
        await self.desk.outbox.put(db, effects, Cause(row.plugin, item.author if item else None, now))
