"""What a reminder is, and its rules; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

SNOOZE = timedelta(hours=1)
EVERYONE = ""
"""Who hears a reminder again, if it is the whole room."""

_NEARLY_ONE_HOUR, _NEARLY_TWO_HOURS = 70, 110
"""In minutes: what lies between is said so, neither one hour nor two would be true."""

_LOOK_AHEAD = timedelta(days=60)
_CALL = re.compile(r"(?<!\w)@room(?!\w)", re.IGNORECASE)


class State(StrEnum):
    """Where a reminder is in its life."""

    PLANNED = "planned"
    SAID = "said"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When: a naive `wall` time in a zone, or with a `rule` (RFC 5545) again and again from it on.

    With `waits`, what falls into quiet hours is said at their end.
    """

    wall: datetime
    zone: str
    rule: str | None = None
    week: str | None = None
    own_zone: bool = False
    skip_holidays: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A text and when it is said, in a room or else to its author; `typed` is the date as written."""

    id: str
    author: str
    text: str
    plan: Plan
    room: str | None = None
    typed: str = ""
    state: State = State.PLANNED
    version: int = 1

    @property
    def calls_room(self) -> bool:
        """Whether its author wants every phone in the room to ring."""
        return self.room is not None and _CALL.search(self.text) is not None

    def said(self) -> Reminder:
        """Once is over then; what comes again stays planned."""
        return self if self.plan.rule else replace(self, state=State.SAID)

    def cancelled(self) -> Reminder:
        return replace(self, state=State.CANCELLED)

    def moved_to(self, room: str | None) -> Reminder:
        return replace(self, room=room)

    def changed(self, *, text: str = "", plan: Plan | None = None, typed: str = "") -> Reminder:
        """Another text, another time, or both; a new time plans anew what was said already."""
        return replace(
            self,
            text=text or self.text,
            plan=plan or self.plan,
            typed=typed or self.typed,
            state=State.PLANNED if plan else self.state,
            version=self.version + 1,
        )


def ahead(now: datetime, at: datetime) -> tuple[str, int] | None:
    """How far off something is, as people say it: a unit and how many; None if it is past.

    Both on the same wall's clock: what comes after midnight is tomorrow, if it is not soon.
    """
    minutes = round((at - now).total_seconds() / 60)
    if minutes <= 0:
        return None
    if minutes < 60 or _NEARLY_ONE_HOUR < minutes < _NEARLY_TWO_HOURS:
        return "minutes", minutes
    days = (at.date() - now.date()).days
    if days == 0 or minutes < 6 * 60:
        return "hours", round(minutes / 60)
    return ("tomorrow", 1) if days == 1 else ("days", days)


@dataclass(frozen=True, slots=True)
class Gap:
    """The next run of times that fall on days off; `resumes` on the first day after it."""

    days: tuple[date, ...]
    resumes: date | None


def next_gap(times: Iterable[datetime], is_day_off: Callable[[date], bool]) -> Gap | None:
    """The next times that will be skipped, of those of the coming weeks; None if none of them are."""
    days: list[date] = []
    start: datetime | None = None
    for at in times:
        start = start or at
        if is_day_off(at.date()):
            days.append(at.date())
        elif days:
            return Gap(tuple(days), at.date())
        elif at - start > _LOOK_AHEAD:
            return None
    return Gap(tuple(days), None) if days else None
