"""What a claimed timer's turn is: its time now, and when it comes again; decided at each firing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from coedu_bot.school.school import School
from coedu_bot.store.database import Row
from coedu_bot.timers.recurrence import Series, instant
from coedu_bot.timers.skipping import days_skipped


@dataclass(frozen=True, slots=True)
class Turn:
    """`due` is the time it is handled for, None if it is not its time; `next_at` when it comes again."""

    due: datetime | None
    next_at: datetime | None = None
    next_wall: datetime | None = None


def turn_of(row: Row, now: datetime, school: School) -> Turn:
    """The turn of a timer that was due by `now`, by the rules of time as they are today."""
    if row.rrule is not None:
        return _recurring(row, now, school)
    if row.wall is None:
        return Turn(row.due_at)
    wall = datetime.fromisoformat(row.wall)
    due = instant(wall, row.zone)
    return Turn(due) if due <= now else Turn(None, due, wall)  # the zone's rules changed meanwhile


def series_of(row: Row, school: School) -> Series:
    """The series of a timer that comes again."""
    skip = days_skipped(school.calendar, holidays=row.skips_holidays, week=row.week)
    return Series(row.rrule, datetime.fromisoformat(row.first), row.zone, skip)


def _recurring(row: Row, now: datetime, school: School) -> Turn:
    """However many times were missed, one is caught up with: the latest; and none on a day off."""
    series = series_of(row, school)
    due = series.latest(since=instant(datetime.fromisoformat(row.wall), row.zone), until=now)
    wall = series.next_after(now)
    at, when = (instant(due, row.zone) if due else None), (instant(wall, row.zone) if wall else None)
    return Turn(at, when, wall)
