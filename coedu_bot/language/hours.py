"""Hours of the day as people type them: `20h`, `7 h 30`, `20:00`, `8pm`; and spans of them: `20h-7h`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

_HOUR = (
    r"(?P<{0}h>\d{{1,2}})\s*(?:(?:h|:|\.|时|點|点|uhr|ч|год)\s*(?P<{0}m>\d{{2}})?\s*(?:uhr)?)?"
    r"\s*(?P<{0}half>[ap]\.?m\.?)?"
)
_BETWEEN = r"\s*(?:-|–|—|à|a|to|until|bis|hasta|ate|até|pana la|până la|до|إلى|الى|至|到)\s*"
_FROM = r"(?:(?:de|from|von|entre|між|з|من|从)\s+)?"
_ONE = re.compile(_HOUR.format("a"), re.IGNORECASE)
_SPAN = re.compile(_FROM + _HOUR.format("a") + _BETWEEN + _HOUR.format("b"), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HourSpan:
    """From one hour to another, over midnight where the second is earlier."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class OwnHours:
    """What somebody wants for quiet hours: a span, none at all, or (`school`) the school's again."""

    span: HourSpan | None = None
    school: bool = False


@dataclass(frozen=True, slots=True)
class DailyHour:
    """An hour of every day, or none."""

    at: time | None = None


def read_hour(typed: str) -> time | None:
    """The hour of the day that somebody typed; None if it is something else."""
    return _hour(_ONE.fullmatch(typed.strip()), "a")


def read_span(typed: str) -> HourSpan | None:
    """The span of hours that somebody typed; None if it is something else."""
    match = _SPAN.fullmatch(typed.strip())
    start, end = _hour(match, "a"), _hour(match, "b")
    return HourSpan(start, end) if start and end and start != end else None


def _hour(match: re.Match[str] | None, place: str) -> time | None:
    if match is None:
        return None
    hour, minute = int(match[f"{place}h"]), int(match[f"{place}m"] or 0)
    half = (match[f"{place}half"] or "").lower()[:1]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour % 24, minute) if hour <= 24 and minute < 60 and (hour < 24 or not minute) else None
