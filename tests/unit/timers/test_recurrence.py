"""When something comes again: wall time through both nights on which the clock changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coedu_bot.timers.recurrence import Series, instant, no_day, wall_time

PARIS, TUNIS, NOUMEA = "Europe/Paris", "Africa/Tunis", "Pacific/Noumea"


def series(rule: str, first: str, zone: str = PARIS, skip: Callable[[date], bool] = no_day) -> Series:
    return Series(rule, datetime.fromisoformat(first), zone, skip)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def some(one: Series, after: str, count: int) -> list[str]:
    return [wall.isoformat(timespec="minutes") for wall in islice(one.after(utc(after)), count)]


def moments(one: Series, after: str, count: int) -> list[str]:
    walls = islice(one.after(utc(after)), count)
    return [instant(wall, one.zone).isoformat()[:16] for wall in walls]


def test_eight_stays_eight_over_both_changes_of_the_clock() -> None:
    mornings = series("FREQ=DAILY", "2026-10-24T08:00")
    assert moments(mornings, "2026-10-24T00:00", 2) == ["2026-10-24T06:00", "2026-10-25T07:00"]
    assert moments(mornings, "2027-03-27T00:00", 2) == ["2027-03-27T07:00", "2027-03-28T06:00"]


def test_an_hour_that_comes_twice_is_meant_the_first_time_only() -> None:
    nights = series("FREQ=DAILY", "2026-10-24T02:30")
    expected = ["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"]
    assert moments(nights, "2026-10-24T00:00", 3) == expected


def test_an_hour_that_the_spring_night_skips_is_an_hour_later_and_not_moved_for_good() -> None:
    nights = series("FREQ=DAILY", "2027-03-27T02:30")
    expected = ["2027-03-27T01:30", "2027-03-28T01:30", "2027-03-29T00:30"]
    assert moments(nights, "2027-03-27T00:00", 3) == expected
    assert wall_time(utc("2027-03-28T01:30"), PARIS) == datetime(2027, 3, 28, 3, 30)


def test_every_hour_of_the_spring_night_is_one_moment_though_two_walls_mean_it() -> None:
    hourly = series("FREQ=HOURLY", "2027-03-28T00:00")
    assert some(hourly, "2027-03-27T23:30", 3) == ["2027-03-28T01:00", "2027-03-28T02:00", "2027-03-28T04:00"]


@pytest.mark.parametrize("zone", [TUNIS, NOUMEA])
def test_a_zone_without_summer_time_never_moves(zone: str) -> None:
    mornings = series("FREQ=DAILY", "2026-10-24T08:00", zone)
    hours = {moment[11:] for moment in moments(mornings, "2026-10-24T12:00", 300)}
    assert len(hours) == 1


def test_days_off_are_skipped_and_every_other_week_keeps_its_beat() -> None:
    holidays = lambda day: date(2026, 10, 17) <= day <= date(2026, 11, 1)  # noqa: E731
    weekly = series("FREQ=WEEKLY;BYDAY=MO", "2026-10-12T07:30", skip=holidays)
    assert some(weekly, "2026-10-06T00:00", 2) == ["2026-10-12T07:30", "2026-11-02T07:30"]
    fortnightly = series("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-10-12T07:30", skip=holidays)
    assert some(fortnightly, "2026-10-06T00:00", 2) == ["2026-10-12T07:30", "2026-11-09T07:30"]


def test_a_rule_that_ends_has_no_next() -> None:
    assert series("FREQ=DAILY;COUNT=2", "2026-10-12T07:30").next_after(utc("2026-10-13T12:00")) is None
    until = series("FREQ=DAILY;UNTIL=20261013T073000", "2026-10-12T07:30")
    assert some(until, "2026-10-12T12:00", 5) == ["2026-10-13T07:30"]


def test_the_latest_of_many_missed_is_found() -> None:
    mornings = series("FREQ=DAILY", "2026-10-12T07:30")
    found = mornings.latest(since=utc("2026-10-12T05:30"), until=utc("2026-10-15T09:00"))
    assert found == datetime(2026, 10, 15, 7, 30)
    assert mornings.latest(since=utc("2026-10-12T06:00"), until=utc("2026-10-12T07:00")) is None


RULES = st.sampled_from(
    [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=HOURLY;INTERVAL=5",
        "FREQ=WEEKLY;BYDAY=MO,TH",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=1MO",
    ]
)
STARTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(
    lambda one: one.replace(second=0, microsecond=0)
)
ZONES = st.sampled_from([PARIS, TUNIS, NOUMEA, "America/Cayenne", "Australia/Lord_Howe"])


@settings(max_examples=150, deadline=None)
@given(RULES, STARTS, ZONES, st.integers(0, 600))
def test_old_series_give_the_same_times_as_when_they_were_counted_from_their_start(
    rule: str, first: datetime, zone: str, days: int
) -> None:
    from dateutil.rrule import rrulestr

    at = instant(first, zone) + timedelta(days=days)
    slow = (wall for wall in rrulestr(rule, dtstart=first) if instant(wall, zone) > at)
    got = list(islice(Series(rule, first, zone).after(at), 3))
    moments_ = [instant(wall, zone) for wall in got]
    assert moments_ == sorted(set(moments_))
    assert got[:1] == list(islice(slow, 1))


@settings(max_examples=100, deadline=None)
@given(STARTS, ZONES)
def test_a_moment_and_its_wall_time_belong_together(first: datetime, zone: str) -> None:
    at = instant(first, zone)
    shown = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert wall_time(at, zone) == shown
    assert shown == first or shown - first <= timedelta(hours=1)  # skipped by a spring night
