"""When something that comes again comes next: RFC 5545 rules on the wall's clock, zones attached after.

Computed naive, so that 8:00 stays 8:00 over a change of the clock. A wall time that the spring night skips
is an hour later, as the RFC has it; one that comes twice in autumn is meant the first time only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

Skip = Callable[[date], bool]
"""Whether nothing happens that day."""

_PERIODS = {
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(weeks=1),
}
_SIDEWAYS = timedelta(hours=26)
"""More than any clock is changed, and than any two zones are apart."""


class Recurring(Protocol):
    """What is said of something that comes again: an RRULE value, its naive first time, its IANA zone,
    and whether only A or B weeks count.
    """

    @property
    def rule(self) -> str: ...

    @property
    def first(self) -> datetime: ...

    @property
    def zone(self) -> str: ...

    @property
    def week(self) -> str | None: ...


def no_day(day: date) -> bool:
    """Skip nothing."""
    return False


def instant(wall: datetime, zone: str) -> datetime:
    """A naive wall time as a moment in UTC."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def wall_time(at: datetime, zone: str) -> datetime:
    """What the clock on the wall shows at a moment."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


@dataclass(frozen=True, slots=True)
class Series:
    """Something that comes again: an RFC 5545 RRULE value, its naive first time, its IANA zone.

    Raises ValueError where the rule is none.
    """

    rule: str
    first: datetime
    zone: str
    skip: Skip = no_day

    def after(self, at: datetime) -> Iterator[datetime]:
        """The wall times whose moment is later than `at`, without those of skipped days; each moment once."""
        before = at
        for wall in self._walls_from(wall_time(at, self.zone) - _SIDEWAYS):
            moment = instant(wall, self.zone)
            if moment > before and not self.skip(wall.date()):
                before = moment
                yield wall

    def next_after(self, at: datetime) -> datetime | None:
        """The first of `after`, or None if nothing comes any more."""
        return next(self.after(at), None)

    def latest(self, since: datetime, until: datetime) -> datetime | None:
        """The last wall time whose moment lies from `since` up to and with `until`, if one does."""
        found = None
        for wall in self.after(since - timedelta(seconds=1)):
            if instant(wall, self.zone) > until:
                break
            found = wall
        return found

    def _walls_from(self, wall: datetime) -> Iterator[datetime]:
        from dateutil.rrule import rrulestr  # 10 ms, and many bots have nothing that comes again

        rule = rrulestr(self.rule, dtstart=self._start_near(wall))
        yield from rule.xafter(wall, inc=True)

    def _start_near(self, wall: datetime) -> datetime:
        """A start that gives the same times from `wall` on, so that old series cost no more than new ones."""
        parts = dict(part.split("=", 1) for part in self.rule.upper().split(";"))
        period = _PERIODS.get(parts.get("FREQ", ""))
        if period is None or "COUNT" in parts or wall <= self.first:
            return self.first
        step = period * int(parts.get("INTERVAL", "1"))
        return self.first + step * max((wall - self.first) // step - 1, 0)
