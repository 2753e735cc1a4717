"""The part of every context that has to do with later: being woken once, again and again, or no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from coedu_bot.effects import Every, Unwake, Wake
from coedu_bot.events import RoomId, UserId
from coedu_bot.school.hours import hours_of
from coedu_bot.school.school import School
from coedu_bot.store import people, rooms
from coedu_bot.store.database import Transaction
from coedu_bot.timers import store as timers
from coedu_bot.timers.recurrence import Recurring, Series, instant
from coedu_bot.timers.skipping import days_skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Waking:
    """What a handler needs to plan ahead: whose plugin it is, one transaction, one moment, the school."""

    plugin: str
    db: Transaction
    now: datetime
    school: School

    def wake(
        self,
        name: str,
        at: datetime,
        item: str | None = None,
        payload: Any = None,
        *,
        own_zone: bool = False,
    ) -> Wake:
        """Have the plugin's timer of this name called at `at`.

        A wall time in the school's zone stays that wall time if the school's zone changes; a person's
        `own_zone` does not follow.
        """
        zone = getattr(at.tzinfo, "key", None)
        follows = zone == self.school.zone and not own_zone
        return Wake(name=name, at=at, item=item, payload=payload, follows_school=follows)

    def wake_every(
        self,
        name: str,
        recurrence: Recurring,
        item: str | None = None,
        payload: Any = None,
        *,
        skip_holidays: bool = False,
        own_zone: bool = False,
    ) -> Wake | None:
        """Have it called again and again, from now on; None if no time of it is still to come."""
        at = next(self.times(recurrence, skip_holidays=skip_holidays), None)
        if at is None:
            return None
        every = Every(
            rule=recurrence.rule,
            first=recurrence.first,
            skip_holidays=skip_holidays,
            week=recurrence.week,
        )
        return replace(self.wake(name, at, item, payload, own_zone=own_zone), every=every)

    def times(self, recurrence: Recurring, *, skip_holidays: bool = False) -> Iterator[datetime]:
        """The moments of something that comes again, from now on, as wall times in its zone."""
        skip = days_skipped(self.school.calendar, holidays=skip_holidays, week=recurrence.week)
        series = Series(recurrence.rule, recurrence.first, recurrence.zone, skip)
        zone = ZoneInfo(recurrence.zone)
        return (instant(wall, recurrence.zone).astimezone(zone) for wall in series.after(self.now))

    async def quiet_end(self, at: datetime, *, room: RoomId | None, person: UserId) -> datetime | None:
        """When the quiet hours of a room, else of a person, end that a moment lies in; None if in none."""
        if room is not None:
            known = await rooms.get_room(self.db, room)
            chosen = known.settings if known else {}
        else:
            chosen = (await people.list_settings(self.db, [person]))[person]
        opens = hours_of(self.school, chosen).opens_at(at)
        return opens if opens > at else None

    async def next_wakes(self, items: Sequence[str], name: str) -> dict[str, datetime]:
        """When the plugin's timer of this name comes next, by item; items without one are left out."""
        found = await timers.list_timers(self.db, self.plugin, items)
        return {row.item: row.due_at for row in reversed(found) if row.name == name}

    def unwake(self, item: str, name: str | None = None) -> Unwake:
        return Unwake(item=item, name=name)
