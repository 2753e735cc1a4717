"""Whose hours count: those that somebody chose for themselves or a room, else the school's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from coedu_bot.school.quiet_hours import QuietHours
from coedu_bot.school.school import School

QUIET, ZONE, DIGEST = "quiet_hours", "time_zone", "digest"
"""Names of the settings; their values are what `quiet_setting` and people's words say."""


_BEFORE_QUIET = timedelta(minutes=15)
"""Whoever is written to before the quiet begins should find the time to read it."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Quiet hours and digest hour in force for somebody or somewhere; None where there are none."""

    quiet: QuietHours | None
    zone: ZoneInfo
    digest: time | None = None

    def opens_at(self, at: datetime) -> datetime:
        """The first moment from `at` on that is not quiet, in UTC."""
        return self.quiet.next_opening(at, self.zone) if self.quiet else at.astimezone(UTC)

    def last_open(self, at: datetime) -> datetime:
        """The last moment up to `at` at which somebody can still be written to, in UTC."""
        return self.quiet.last_open(at, self.zone, _BEFORE_QUIET) if self.quiet else at.astimezone(UTC)

    def digest_at(self, at: datetime) -> datetime:
        """The first digest hour from `at` on, in UTC."""
        assert self.digest is not None
        day = at.astimezone(self.zone).date()
        moments = (datetime.combine(day + timedelta(days=n), self.digest, self.zone) for n in range(2))
        return next(moment for one in moments if (moment := one.astimezone(UTC)) >= at)


def hours_of(school: School, chosen: Mapping[str, Any]) -> Hours:
    """The hours in force; `chosen` are the settings of a person or a room."""
    quiet = read_quiet(chosen[QUIET]) if QUIET in chosen else school.quiet_hours
    digest = chosen.get(DIGEST)
    return Hours(
        quiet, ZoneInfo(chosen.get(ZONE) or school.zone), time.fromisoformat(digest) if digest else None
    )


def quiet_setting(hours: QuietHours | None) -> dict[str, Any]:
    """Quiet hours as they are kept; without any, the wish to have none."""
    if hours is None:
        return {}
    return {
        "from": hours.start.isoformat("minutes"),
        "to": hours.end.isoformat("minutes"),
        "weekend": hours.quiet_weekend,
    }


def read_quiet(setting: Mapping[str, Any]) -> QuietHours | None:
    """Quiet hours from how they are kept."""
    if not setting:
        return None
    start, end = time.fromisoformat(setting["from"]), time.fromisoformat(setting["to"])
    return QuietHours(start, end, bool(setting["weekend"]))
