"""SQLite's log flows back into the database's file beside the loop, so that no commit waits for the disk."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress

_EVERY = 200
"""Commits; some megabytes of log, which is where SQLite itself would do it, inside somebody's commit."""


class Checkpoints:
    """Writes the log back now and then; `lock` keeps the writer out for the last bit of it.

    Whoever needs the log for themselves takes the `lock`, then `copying`.
    """

    def __init__(self, path: str, lock: asyncio.Lock) -> None:
        self.copying = asyncio.Lock()
        self._path = path
        self._lock = lock
        self._commits = 0
        self._running: asyncio.Task[None] | None = None

    def committed(self) -> None:
        """One commit more."""
        self._commits += 1
        if self._commits >= _EVERY and (self._running is None or self._running.done()):
            self._commits = 0
            self._running = asyncio.create_task(self._write_back())

    async def aclose(self) -> None:
        """Let one that is under way end."""
        if self._running is not None:
            await self._running

    async def _write_back(self) -> None:
        """Most of it while others write; the log begins anew only where nothing was added meanwhile."""
        async with self.copying:
            await asyncio.to_thread(self._copy)
        async with self._lock, self.copying:
            await asyncio.to_thread(self._copy)

    def _copy(self) -> None:
        """What cannot be written now (somebody reads, the disk is full) is at the next time."""
        with suppress(sqlite3.OperationalError):
            connection = sqlite3.connect(self._path, timeout=0)
            try:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                connection.close()
