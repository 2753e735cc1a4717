"""The days on which something that comes again does not come: days off, and weeks of the other letter."""

from __future__ import annotations

from datetime import date

from coedu_bot.school.calendar import Calendar
from coedu_bot.timers.recurrence import Skip


def days_skipped(calendar: Calendar, *, holidays: bool, week: str | None) -> Skip:
    """Whether a day is skipped, by the school's calendar as it is now."""

    def skip(day: date) -> bool:
        return (holidays and calendar.is_holiday(day)) or (
            week is not None and calendar.week(day) not in (week, None)
        )

    return skip
