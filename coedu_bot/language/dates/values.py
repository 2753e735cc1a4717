"""What reading a date can give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Reason = Literal["empty", "leftover", "past", "impossible", "contradiction", "nonexistent", "needs-time"]


@dataclass(frozen=True, slots=True)
class Point:
    """One moment: naive `wall` time in `zone`, and as an instant `at` in UTC.

    `note` tells of the night when the clock goes back and the hour comes twice: the first is meant.
    """

    wall: datetime
    zone: str
    at: datetime
    note: Literal["first-of-two"] | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Range:
    """From one moment to another, maybe in steps: an hour of appointments of ten minutes."""

    first: Point
    last: Point
    step: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Again and again: an RFC 5545 `rule`, its `first` naive wall time, and the zone of both.

    `first` is the next time that the rule alone allows; with a `week`, only the school's A or B weeks count.
    """

    rule: str
    first: datetime
    zone: str
    week: Literal["A", "B"] | None = None


Value = Point | Days | Range | Recurrence


class DateNotUnderstood(ValueError):
    """Nothing is guessed: `reason` says why, `rest` holds the words that were left over.

    `understood` is the beginning that was clear, as it was typed.
    """

    def __init__(self, reason: Reason, rest: str = "", understood: str = "") -> None:
        super().__init__(f"{reason}: {rest}" if rest else reason)
        self.reason = reason
        self.rest = rest
        self.understood = understood
