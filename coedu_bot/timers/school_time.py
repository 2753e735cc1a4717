"""Timers follow their school: its zone and holidays may be others after a start or a new configuration."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from coedu_bot.school.school import School
from coedu_bot.store.database import Database, Row, Transaction
from coedu_bot.timers import store
from coedu_bot.timers.recurrence import instant
from coedu_bot.timers.turn import series_of


async def agree(database: Database, school: School, now: datetime) -> None:
    """Compute what depends on the school anew, if it is another than the timers were computed with.

    A page at a time; may be broken off and done again.
    """
    basis = _basis(school)
    async with database.reading() as db:
        known = await store.get_basis(db)
    if known == basis:
        return
    last: str | None = "" if known is not None else None
    while last is not None:
        async with database.transaction() as db:
            last = await _agree_page(db, last, school, now)
    async with database.transaction() as db:
        await store.mark_basis(db, basis)


def _basis(school: School) -> dict[str, Any]:
    holidays = [[one.first.isoformat(), one.last.isoformat()] for one in school.calendar.holidays]
    week_a = school.calendar.week_a
    return {"zone": school.zone, "holidays": holidays, "week_a": week_a.isoformat() if week_a else None}


async def _agree_page(db: Transaction, after: str, school: School, now: datetime) -> str | None:
    """Do the timers after an id; returns the last id done, None if there were none."""
    rows = await store.list_timers_of_school(db, after)
    for row in rows:
        moved = row._replace(zone=school.zone) if row.follows_school else row
        wall = _wall(moved, school, now)
        due_at = instant(wall, moved.zone)
        if (due_at, moved.zone) != (row.due_at, row.zone):
            await store.mark_due(db, row.id, wall=wall, zone=moved.zone, due_at=due_at)
    return rows[-1].id if rows else None


def _wall(row: Row, school: School, now: datetime) -> datetime:
    """The wall time that is meant now; one that the change makes past is due at once, none is lost."""
    wall = datetime.fromisoformat(row.wall)
    if row.rrule is None or instant(wall, row.zone) <= now:
        return wall
    return series_of(row, school).next_after(now) or wall
