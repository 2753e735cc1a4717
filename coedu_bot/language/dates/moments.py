"""From what was said to a moment: the whole must be possible, agree with itself and be still to come."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from coedu_bot.language.changes import comes_twice
from coedu_bot.language.dates.slots import Slots
from coedu_bot.language.dates.values import DateNotUnderstood, Days, Point


def moment(slots: Slots, now: datetime, zone: str) -> Point | Days:
    """A moment, or a whole day if no hour was said; `now` is aware, in the zone."""
    if slots.elapse is not None:
        return _elapsed(slots, now, zone)
    slots.settle_hour()
    if slots.midnight:
        if slots.has_day:
            raise DateNotUnderstood("contradiction", "midnight")  # of which of the two nights?
        return point(datetime.combine(now.date() + timedelta(days=1), time()), zone, now)
    if slots.later_days is not None or slots.later_months is not None:
        return _later(slots, now, zone)
    if slots.hour is None:
        return whole_day(slots, now)
    wall = datetime.combine(day_of(slots, now), time(slots.hour, slots.minute or 0))
    return point(wall, zone, now, slots.fold)


def _elapsed(slots: Slots, now: datetime, zone: str) -> Point:
    assert slots.elapse is not None
    if slots != Slots(elapse=slots.elapse):
        raise DateNotUnderstood("contradiction")
    if not slots.elapse:
        raise DateNotUnderstood("past")
    at = (now.astimezone(UTC) + slots.elapse).replace(second=0, microsecond=0)
    return Point(at.astimezone(ZoneInfo(zone)).replace(tzinfo=None), zone, at)


def _later(slots: Slots, now: datetime, zone: str) -> Point:
    if slots.weekday is not None or slots.day is not None or slots.days_ahead is not None:
        raise DateNotUnderstood("contradiction")
    day = now.date() + timedelta(days=slots.later_days or 0)
    if slots.later_months:
        year, month = divmod(day.year * 12 + day.month - 1 + slots.later_months, 12)
        day = a_date(year, month + 1, day.day)
    hour = time(slots.hour, slots.minute or 0) if slots.hour is not None else time(now.hour, now.minute)
    return point(datetime.combine(day, hour), zone, now, slots.fold)


def whole_day(slots: Slots, now: datetime) -> Days:
    """A day whose hour was not said."""
    if not slots.has_day:
        raise DateNotUnderstood("leftover")
    day = day_of(slots, now)
    if day < now.date():
        raise DateNotUnderstood("past")
    return Days(day, day)


def day_of(slots: Slots, now: datetime) -> date:
    """The day that was said; without one, the next on which the hour is still to come."""
    return _said_day(slots, now) - timedelta(days=1 if slots.eve else 0)


def _said_day(slots: Slots, now: datetime) -> date:
    if slots.days_ahead is not None:
        return _agreed(now.date() + timedelta(days=slots.days_ahead), slots)
    if slots.day is not None:
        return _agreed(_calendar_day(slots, now), slots)
    if slots.weekday is not None:
        return _coming_weekday(slots, now)
    if slots.eve or slots.coming or slots.week is not None or slots.weeks_later is not None:
        raise DateNotUnderstood("leftover")  # of which day?
    today = now.date()
    return today if _is_still_to_come(slots, now) else today + timedelta(days=1)


def _agreed(day: date, slots: Slots) -> date:
    """A weekday said beside a date must be that date's, and tomorrow's date tomorrow's."""
    said = (slots.weekday, slots.day, slots.month, slots.year)
    true = (day.weekday(), day.day, day.month, day.year)
    if any(one not in (None, other) for one, other in zip(said, true, strict=True)):
        raise DateNotUnderstood("contradiction")
    if slots.coming or slots.week is not None or slots.weeks_later is not None:
        raise DateNotUnderstood("contradiction")
    return day


def _calendar_day(slots: Slots, now: datetime) -> date:
    """A date whose month or year may be unsaid: the next such day; it must exist in the month it falls in."""
    today, day = now.date(), slots.day or 0
    if slots.year is not None:
        return a_date(slots.year, slots.month or 0, day)
    if slots.month is not None:
        year = today.year + ((slots.month, day) < (today.month, today.day))
        return a_date(year, slots.month, day)
    if day >= today.day:
        return a_date(today.year, today.month, day)
    following = today.replace(day=1) + timedelta(days=32)
    return a_date(following.year, following.month, day)


def _coming_weekday(slots: Slots, now: datetime) -> date:
    today = now.date()
    assert slots.weekday is not None
    if slots.week is not None:
        if slots.coming or slots.weeks_later:
            raise DateNotUnderstood("contradiction")
        return today - timedelta(days=today.weekday()) + timedelta(days=slots.weekday, weeks=slots.week)
    ahead = (slots.weekday - today.weekday()) % 7
    if ahead == 0 and (slots.coming or slots.weeks_later or not _is_still_to_come(slots, now)):
        ahead = 7
    return today + timedelta(days=ahead, weeks=slots.weeks_later or 0)


def _is_still_to_come(slots: Slots, now: datetime) -> bool:
    return slots.hour is None or time(slots.hour, slots.minute or 0) > now.time().replace(tzinfo=None)


def a_date(year: int, month: int, day: int) -> date:
    """The date; raises DateNotUnderstood if the calendar has none."""
    if not 1 <= year <= 9000 or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        raise DateNotUnderstood("impossible")
    return date(year, month, day)


def point(wall: datetime, zone: str, now: datetime, fold: int | None = None) -> Point:
    """The moment, if the clock shows it at all on that day and it is still to come.

    Of an hour that comes twice the first is meant unless the second was said.
    """
    info = ZoneInfo(zone)
    aware = wall.replace(tzinfo=info, fold=fold or 0)
    at = aware.astimezone(UTC)
    if at.astimezone(info).replace(tzinfo=None) != wall:
        raise DateNotUnderstood("nonexistent")
    if at <= now:
        raise DateNotUnderstood("past")
    if not comes_twice(aware):
        return Point(wall, zone, at)
    return Point(wall.replace(fold=aware.fold), zone, at, None if fold else "first-of-two")
