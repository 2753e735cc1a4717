"""Waiting as long as the homeserver asks, and out its short absences."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from coedu_bot.clock import Clock
from coedu_bot.homeserver import HomeserverError, RateLimited, Unreachable

_ATTEMPTS = 8
_LONGEST_WAIT = 30.0
T = TypeVar("T")


async def patiently(clock: Clock, call: Callable[[], Awaitable[T]], *, again: bool = True) -> T:
    """The call's answer; not `again` where an answer that was lost may mean that it is done."""
    for attempt in range(_ATTEMPTS):
        try:
            return await call()
        except RateLimited as problem:
            await clock.sleep(min(problem.retry_after, _LONGEST_WAIT))
        except Unreachable:
            if not again or attempt + 1 == _ATTEMPTS:
                raise
            await clock.sleep(min(2.0**attempt, _LONGEST_WAIT))
    raise HomeserverError("the homeserver asks to wait again and again")
