"""The days on which there is school."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days without school, the last one included."""

    first: date
    last: date
    name: str = ""

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holidays and days off of a school; Saturdays and Sundays are never school days."""

    holidays: tuple[Holiday, ...] = ()
    week_a: date | None = None  # any day of a week A, where weeks alternate

    @classmethod
    def of(cls, holidays: Iterable[Holiday], week_a: date | None = None) -> Calendar:
        return cls(tuple(sorted(holidays, key=lambda one: (one.first, one.last))), week_a)

    def week(self, day: date) -> Literal["A", "B"] | None:
        """Which week a day lies in: they alternate from Monday to Monday, holidays or not."""
        if self.week_a is None:
            return None
        return "B" if (_monday(day) - _monday(self.week_a)) // 7 % 2 else "A"

    def holiday(self, day: date) -> Holiday | None:
        """The holiday a day lies in."""
        return next((one for one in self.holidays if day in one), None)

    def is_holiday(self, day: date) -> bool:
        return self.holiday(day) is not None

    def is_school_day(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and self.holiday(day) is None

    def next_school_day(self, day: date) -> date:
        """The first school day after a day."""
        day += timedelta(days=1)
        while not self.is_school_day(day):
            holiday = self.holiday(day)
            day = (holiday.last if holiday else day) + timedelta(days=1)
        return day


def _monday(day: date) -> int:
    return day.toordinal() - day.weekday()
