"""School days and holidays."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.school.calendar import Calendar, Holiday

AUTUMN = Holiday(date(2026, 10, 17), date(2026, 11, 1), "Toussaint")
CALENDAR = Calendar.of([AUTUMN, Holiday(date(2026, 11, 11), date(2026, 11, 11))])
DAYS = st.dates(date(2026, 9, 1), date(2027, 8, 31))


def test_the_last_day_of_a_holiday_belongs_to_it() -> None:
    assert CALENDAR.holiday(date(2026, 11, 1)) == AUTUMN
    assert CALENDAR.is_school_day(date(2026, 11, 2))


def test_weekends_are_no_school_days() -> None:
    assert not CALENDAR.is_school_day(date(2026, 10, 10))
    assert not CALENDAR.is_school_day(date(2026, 10, 11))


def test_a_single_day_off_is_no_school_day() -> None:
    assert not CALENDAR.is_school_day(date(2026, 11, 11))


def test_after_the_autumn_holidays_school_begins_on_monday() -> None:
    assert CALENDAR.next_school_day(date(2026, 10, 16)) == date(2026, 11, 2)


@given(DAYS, st.lists(st.tuples(DAYS, st.integers(0, 20)), max_size=6))
def test_nothing_between_a_day_and_the_next_school_day_is_one(
    day: date, holidays: list[tuple[date, int]]
) -> None:
    calendar = Calendar.of(Holiday(first, first + timedelta(days=more)) for first, more in holidays)
    after = calendar.next_school_day(day)
    assert calendar.is_school_day(after)
    between = [day + timedelta(days=n) for n in range(1, (after - day).days)]
    assert not any(map(calendar.is_school_day, between))


def test_weeks_alternate_from_monday_to_monday_both_ways() -> None:
    calendar = Calendar.of([], week_a=date(2026, 9, 3))
    assert [calendar.week(date(2026, 8, 31) + timedelta(days=n)) for n in (0, 6, 7, 13, 14)] == [*"AABBA"]
    assert calendar.week(date(2026, 8, 24)) == "B"
    assert Calendar().week(date(2026, 9, 3)) is None
