"""Who may speak to the homeserver now: few at once, the urgent first, nobody while it asks to wait."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from coedu_bot.clock import Clock


class Turnstile:
    """Lets `width` senders through at a time, in order of priority; closed after a 429."""

    def __init__(self, clock: Clock, width: int = 16) -> None:
        self._clock = clock
        self._free = width
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []
        self._tickets = count()
        self._waits: set[asyncio.Task[None]] = set()  # closed while any is under way
        self.closings = 0
        self.closed_seconds = 0.0

    @asynccontextmanager
    async def turn(self, priority: int) -> AsyncIterator[None]:
        """Wait for one's turn; urgent senders overtake those who wait."""
        await self._enter(priority)
        try:
            yield
        finally:
            self._free += 1
            self._admit()

    def close_for(self, seconds: float) -> None:
        """The homeserver said to wait: nobody goes through before, whatever their priority."""
        self.closings += 1
        self.closed_seconds += seconds
        wait = asyncio.create_task(self._clock.sleep(seconds))
        self._waits.add(wait)
        wait.add_done_callback(self._waited)

    async def _enter(self, priority: int) -> None:
        if self._free and not self._waits and not self._queue:
            self._free -= 1
            return
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (priority, next(self._tickets), waiting))
        self._admit()
        try:
            await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():  # admitted and cancelled at once: give it back
                self._free += 1
                self._admit()
            raise

    def _admit(self) -> None:
        while self._queue and self._free and not self._waits:
            waiting = heapq.heappop(self._queue)[2]
            if not waiting.done():
                self._free -= 1
                waiting.set_result(None)

    def _waited(self, wait: asyncio.Task[None]) -> None:
        self._waits.discard(wait)
        self._admit()

    async def aclose(self) -> None:
        """End the waiting for the reopening."""
        waits = list(self._waits)
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
