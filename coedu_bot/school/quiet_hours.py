"""The hours in which nothing that can wait is delivered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_FRIDAY = 4
_LONGEST = 3
"""Days before a day on which quiet hours that reach into it can begin: Friday for Monday."""
_MOST_PERIODS = 4


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Every night from `start` to `end` (wall time); with `quiet_weekend` Friday's start to Monday's end.

    `start` before `end` is a pause within the day; where both are the same there is none.
    """

    start: time
    end: time
    quiet_weekend: bool = False

    def is_quiet(self, at: datetime, zone: ZoneInfo) -> bool:
        return self.next_opening(at, zone) > at

    def next_opening(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The first moment from `at` (aware) on that is not quiet, in UTC; `at` itself if it is not."""
        at = at.astimezone(UTC)
        while (until := self._quiet_until(at, zone)) is not None:
            at = until
        return at

    def last_open(self, at: datetime, zone: ZoneInfo, margin: timedelta) -> datetime:
        """`at` if it is not quiet, else a moment earlier: `margin` before the quiet that it lies in began.

        Where the pauses between quiet hours are shorter than the margin, `at` stays as it is.
        """
        earlier = at.astimezone(UTC)
        for _ in range(_MOST_PERIODS):
            since = self._quiet_since(earlier, zone)
            if since is None:
                return earlier
            earlier = since - margin
        return at.astimezone(UTC)

    def _quiet_since(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        periods = self._periods(at.astimezone(zone).date(), zone)
        return min((start for start, end in periods if start <= at < end), default=None)

    def _quiet_until(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        ends = [end for start, end in self._periods(at.astimezone(zone).date(), zone) if start <= at < end]
        return max(ends, default=None)

    def _periods(self, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """The quiet periods that can touch a day, in UTC: wall times are compared after conversion only."""
        for back in range(_LONGEST + 1):
            first = day - timedelta(days=back)
            last = first + timedelta(days=1 if self.start > self.end else 0)
            if self.quiet_weekend and first.weekday() == _FRIDAY and self.start != self.end:
                last = first + timedelta(days=3)
            yield _moment(first, self.start, zone), _moment(last, self.end, zone)


def _moment(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """A wall time in UTC; if a DST change skips it an hour later, if it comes twice the first."""
    return datetime.combine(day, hour, zone).astimezone(UTC)
