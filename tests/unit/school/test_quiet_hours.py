"""When nothing that can wait is delivered, and when it goes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coedu_bot.school.quiet_hours import QuietHours

PARIS = ZoneInfo("Europe/Paris")
SCHOOL = QuietHours(time(19), time(7, 30), quiet_weekend=True)
NIGHTS = QuietHours(time(19), time(7, 30))

MINUTES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
HOURS = st.builds(QuietHours, MINUTES, MINUTES, st.booleans())
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
ZONES = st.sampled_from([ZoneInfo(key) for key in ("Europe/Paris", "Pacific/Noumea", "Australia/Lord_Howe")])


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-10-06 18:59", "2026-10-06 18:59"),
        ("2026-10-06 19:00", "2026-10-07 07:30"),
        ("2026-10-06 21:30", "2026-10-07 07:30"),
        ("2026-10-07 00:10", "2026-10-07 07:30"),
        ("2026-10-07 07:30", "2026-10-07 07:30"),
        ("2026-10-09 18:59", "2026-10-09 18:59"),  # Friday
        ("2026-10-09 19:00", "2026-10-12 07:30"),
        ("2026-10-10 12:00", "2026-10-12 07:30"),
        ("2026-10-11 23:00", "2026-10-12 07:30"),
        ("2026-10-12 03:00", "2026-10-12 07:30"),
        ("2026-10-24 12:00", "2026-10-26 07:30"),  # summer time ends in this weekend
        ("2027-03-27 12:00", "2027-03-29 07:30"),  # and begins in this one
    ],
)
def test_a_school_with_quiet_weekends(at: str, opens: str) -> None:
    assert SCHOOL.next_opening(wall(at), PARIS) == wall(opens)


def test_without_quiet_weekends_saturday_opens_too() -> None:
    assert NIGHTS.next_opening(wall("2026-10-09 20:00"), PARIS) == wall("2026-10-10 07:30")


@pytest.mark.parametrize(("at", "hours"), [("2026-10-24 19:00", 13.5), ("2027-03-27 19:00", 11.5)])
def test_a_night_in_which_the_clocks_change_ends_at_the_same_hour(at: str, hours: float) -> None:
    opens = NIGHTS.next_opening(wall(at), PARIS)
    assert opens.astimezone(PARIS).time() == time(7, 30)
    assert opens - wall(at).astimezone(UTC) == timedelta(hours=hours)


def test_an_hour_that_comes_twice_opens_at_the_first() -> None:
    hours = QuietHours(time(19), time(2, 30))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert hours.next_opening(wall("2026-10-24 20:00"), PARIS) == first
    assert not hours.is_quiet(first + timedelta(hours=1), PARIS)


def test_an_hour_that_does_not_come_opens_when_it_would_have() -> None:
    hours = QuietHours(time(19), time(2, 30))
    assert hours.next_opening(wall("2027-03-27 20:00"), PARIS) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_a_pause_within_the_day() -> None:
    pause = QuietHours(time(12), time(14))
    assert pause.next_opening(wall("2026-10-06 13:00"), PARIS) == wall("2026-10-06 14:00")
    assert not pause.is_quiet(wall("2026-10-06 20:00"), PARIS)


def test_hours_that_begin_where_they_end_are_none() -> None:
    assert not QuietHours(time(8), time(8), quiet_weekend=True).is_quiet(wall("2026-10-10 12:00"), PARIS)


@given(HOURS, MOMENTS, ZONES)
@example(QuietHours(time(2, 30), time(2, 31)), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), PARIS)
def test_what_waits_goes_at_the_first_open_moment(hours: QuietHours, at: datetime, zone: ZoneInfo) -> None:
    opens = hours.next_opening(at, zone)
    assert opens >= at
    assert not hours.is_quiet(opens, zone)
    for step in range(8):
        between = at + (opens - at) * step / 8
        assert between == opens or hours.is_quiet(between, zone)


@given(HOURS, MOMENTS, MOMENTS, ZONES)
def test_what_came_later_never_goes_earlier(
    hours: QuietHours, one: datetime, other: datetime, zone: ZoneInfo
) -> None:
    earlier, later = sorted((one, other))
    assert hours.next_opening(earlier, zone) <= hours.next_opening(later, zone)
