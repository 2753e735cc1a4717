"""Time as an argument: the only file of the platform that reads the machine's clock."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol

LONGEST_SLEEP = timedelta(minutes=5)
"""The clock may be set and the machine sleep: whoever waits for a moment looks again now and then."""


class Clock(Protocol):
    """What the time is, and how to wait for a later one; every `datetime` is aware and in UTC."""

    def now(self) -> datetime: ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's clock plus a fixed offset, so that a demo can be played in another month."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def seconds_until(due: datetime | None, now: datetime) -> float:
    """How long to sleep before looking again whether something is due."""
    return min(LONGEST_SLEEP, max(timedelta(), due - now) if due else LONGEST_SLEEP).total_seconds()
