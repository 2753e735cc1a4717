"""Whether the bot is well: the last sync, the database, the outbox; one reading of all, and a verdict."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from coedu_bot.clock import Clock
from coedu_bot.store import outbox
from coedu_bot.store.database import Database, DatabaseUnavailable

SYNC_WITHIN = timedelta(seconds=90)
"""A long poll takes half a minute, and as long again on a slow line."""
MOVES_WITHIN = timedelta(minutes=5)
_ANSWER_WITHIN = 5.0
"""Seconds; a disk that hangs is no better than none."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """One reading; `depth` rows are queued, the oldest that could go waits since `ready_since`."""

    at: datetime
    synced_at: datetime | None
    database: bool
    depth: int = 0
    ready_since: datetime | None = None
    sent_at: datetime | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the first sync has been handled."""
        return self.synced_at is not None and self.database

    def problems(self) -> list[str]:
        """What is not as it should be; empty when all is well."""
        found = []
        if self.synced_at is None or self.at - self.synced_at > SYNC_WITHIN:
            found.append("no recent sync")
        if not self.database:
            found.append("the database does not answer")
        if self._stuck:
            found.append("the outbox does not move")
        return found

    @property
    def _stuck(self) -> bool:
        waits = self.ready_since is not None and self.at - self.ready_since > MOVES_WITHIN
        return waits and (self.sent_at is None or self.at - self.sent_at > MOVES_WITHIN)


@dataclass(frozen=True, slots=True)
class Examination:
    """Takes readings of a running bot; `synced_at` says when the last sync was answered."""

    database: Database
    clock: Clock
    synced_at: Callable[[], datetime | None]

    async def vitals(self) -> Vitals:
        """Read everything now; a database that is away is a finding, not an error."""
        now = self.clock.now()
        try:
            async with asyncio.timeout(_ANSWER_WITHIN), self.database.reading() as db:
                depth, ready_since, sent_at = await outbox.get_pace(db, now)
        except (DatabaseUnavailable, TimeoutError):
            return Vitals(now, self.synced_at(), database=False)
        return Vitals(now, self.synced_at(), True, depth, ready_since, sent_at)
