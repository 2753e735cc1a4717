"""What reading a date can give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Reason = Literal["empty", "leftover", "past", "impossible", "contradiction", "nonexistent"]


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


class DateNotUnderstood(ValueError):
    """Nothing is guessed: `reason` says why, `rest` holds the words that were left over."""

    def __init__(self, reason: Reason, rest: str = "") -> None:
        super().__init__(f"{reason}: {rest}" if rest else reason)
        self.reason = reason
        self.rest = rest
