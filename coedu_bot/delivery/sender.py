"""From outbox to homeserver: each room in its order, rooms side by side, nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from coedu_bot.clock import Clock, seconds_until
from coedu_bot.delivery.calls import without_lost_call
from coedu_bot.delivery.files import upload_first
from coedu_bot.delivery.pins import change_pins
from coedu_bot.delivery.turnstile import Turnstile
from coedu_bot.delivery.wire import NothingToSend, event_for
from coedu_bot.events import EventId, RoomId
from coedu_bot.homeserver import Homeserver, HomeserverError, RateLimited, Refused, SessionLost
from coedu_bot.log import logger
from coedu_bot.store import outbox
from coedu_bot.store.database import Database, DatabaseUnavailable, Row, Transaction

log = logger(__name__)

_FORGOTTEN_AFTER = timedelta(hours=12)
"""Synapse remembers a transaction id for 24 h; well before that we look ourselves."""
_LONGEST_WAIT = 60.0


@dataclass(slots=True)
class Sender:
    """Works the outbox; `device_id` because transaction ids are remembered per device.

    `sent` hears of each event of ours once it is known, `lost` of each row that the homeserver refuses;
    `hold` says of a row that could go whether quiet hours keep it back, and keeps it back if so.
    """

    homeserver: Homeserver
    database: Database
    clock: Clock
    device_id: str
    turnstile: Turnstile
    sent: Callable[[EventId], Awaitable[None]]
    lost: Callable[[Transaction, Row], Awaitable[None]]
    hold: Callable[[Transaction, Row], Awaitable[bool]]
    _workers: dict[RoomId, asyncio.Task[None]] = field(default_factory=dict)
    _again: set[RoomId] = field(default_factory=set)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _lost: asyncio.Future[None] | None = None

    def notify(self) -> None:
        """Something was put into the outbox."""
        self._wake.set()

    async def run(self) -> None:
        """Send for ever; raises SessionLost when the account is gone."""
        self._lost = asyncio.get_running_loop().create_future()
        try:
            while True:
                self._wake.clear()
                due = await self._start_workers()
                await self._wait(due)
        finally:
            await self.aclose()

    async def idle(self) -> None:
        """Wait until nothing is being sent."""
        while self._workers:
            await asyncio.wait(self._workers.values())

    async def drain(self) -> None:
        """Send all that can go now, one room after the other."""
        while rooms := await self._ready_rooms():
            for room in rooms:
                while await self._send_next(room):
                    pass

    async def aclose(self) -> None:
        """Stop; a PUT that is under way is answered by the next start."""
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await self.turnstile.aclose()

    async def _wait(self, due: datetime | None) -> None:
        assert self._lost is not None
        sleep = self.clock.sleep(seconds_until(due, self.clock.now()))
        either: list[asyncio.Future[Any]] = [asyncio.ensure_future(one) for one in (self._wake.wait(), sleep)]
        try:
            await asyncio.wait({self._lost, *either}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in either:
                waiting.cancel()
        if self._lost.done():
            self._lost.result()

    async def _start_workers(self) -> datetime | None:
        try:
            for room in await self._ready_rooms():
                if room in self._workers:
                    self._again.add(room)  # its worker may just have seen an empty queue
                else:
                    self._workers[room] = asyncio.create_task(self._work(room))
            async with self.database.reading() as db:
                return await outbox.get_next_due(db, self.clock.now())
        except DatabaseUnavailable:
            return self.clock.now() + timedelta(seconds=1)

    async def _ready_rooms(self) -> list[RoomId]:
        """Rooms with something to send, the most urgent first."""
        async with self.database.reading() as db:
            rooms = await outbox.list_ready_rooms(db, self.clock.now())
        return [row.room_id for row in sorted(rooms, key=lambda row: int(row.priority))]

    async def _work(self, room: RoomId) -> None:
        try:
            while await self._send_next(room):
                pass
        except SessionLost as lost:
            if self._lost is not None and not self._lost.done():
                self._lost.set_exception(lost)
        except DatabaseUnavailable:
            await self.clock.sleep(1)
            self._again.add(room)
        finally:
            del self._workers[room]
            if room in self._again:
                self._again.discard(room)
                self._wake.set()

    async def _send_next(self, room: RoomId) -> bool:
        """One attempt at what goes next in a room; False when nothing is left to send now."""
        async with self.database.reading() as db:
            waiting = await outbox.get_next_row(db, room, self.clock.now())
        if waiting is None:
            return False
        async with self.turnstile.turn(waiting.priority):
            row = await self._freeze(waiting)
            wait = await self._attempt(row) if row else 0.0
        if wait:
            await self.clock.sleep(wait)
        return True

    async def _freeze(self, waiting: Row) -> Row | None:
        """Commit `sending` before the PUT: from here on content and transaction id belong together."""
        async with self.database.transaction() as db:
            if await self.hold(db, waiting):
                return None
            row = await outbox.mark_sending(db, waiting.ref, self.device_id, self.clock.now())
            return await without_lost_call(db, row) if row and row.attempts == 1 else row

    async def _attempt(self, row: Row) -> float:
        """Send a row; returns how many seconds to wait before its next attempt, 0 if there is none."""
        try:
            event = await self._already_sent(row) or await self._call(row)
        except RateLimited as asked:
            self.turnstile.close_for(asked.retry_after)
            return 0.0
        except (Refused, NothingToSend) as problem:
            await self._drop(row, problem)
            return 0.0
        except SessionLost:
            raise
        except HomeserverError as problem:
            log.info("send-failed", ref=row.ref, attempts=row.attempts, problem=type(problem).__name__)
            return _backoff(row.attempts)
        await self._mark_sent(row, event)
        return 0.0

    async def _already_sent(self, row: Row) -> EventId | None:
        """A row from long ago, or of another device, may be in the room though no answer ever came."""
        if row.action not in ("send", "edit", "react", "end-poll"):
            return None
        forgotten = self.clock.now() - row.sending_at > _FORGOTTEN_AFTER
        if forgotten or row.device_id != self.device_id:
            return await self.homeserver.find_sent(row.room_id, row.ref)
        return None

    async def _call(self, row: Row) -> EventId | None:
        target = await self._target(row)
        if row.action in ("pin", "unpin"):
            return await change_pins(self.homeserver, self.database, row, target)
        if row.action == "redact":
            if target is None:
                raise NothingToSend
            return await self.homeserver.redact(str(row.room_id), target, str(row.ref))
        if row.upload is not None:
            row = await upload_first(self.homeserver, self.database, row)
        type_, content = event_for(row, target)
        return await self.homeserver.send(row.room_id, type_, content, row.ref)

    async def _target(self, row: Row) -> EventId | None:
        if row.target_ref is None:
            return str(row.target) if row.target else None
        async with self.database.reading() as db:
            base = await outbox.get_row(db, row.target_ref)
        return str(base.event_id) if base and base.event_id else None

    async def _mark_sent(self, row: Row, event: EventId | None) -> None:
        async with self.database.transaction() as db:
            await outbox.mark_sent(db, row.ref, event, self.device_id, self.clock.now())
        if event is not None:
            await self.sent(event)  # what people did with it before we knew its id

    async def _drop(self, row: Row, problem: Exception) -> None:
        log.warning("not-sent", ref=row.ref, action=row.action, kind=row.kind, problem=str(problem)[:80])
        async with self.database.transaction() as db:
            await outbox.mark_dropped(db, row.ref, str(problem)[:200] or type(problem).__name__)
            await self.lost(db, row)
        self._wake.set()


def _backoff(attempt: int) -> float:
    longest: float = min(_LONGEST_WAIT, 0.5 * 2.0 ** min(attempt, 10))
    return longest * random.uniform(0.5, 1)
