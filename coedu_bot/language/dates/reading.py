"""From words to a moment: every word must mean something, and the whole must be possible."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from coedu_bot.language.dates.rules import rules_of
from coedu_bot.language.dates.shared import say_time
from coedu_bot.language.dates.slots import Slots
from coedu_bot.language.dates.text import normal
from coedu_bot.language.dates.values import DateNotUnderstood, Days, Point, Reason

_GAPS = " ,.()"
_AFTER = {"morning": (0, 12), "afternoon": (12, 19), "evening": (17, 24)}


def read(text: str, *, now: datetime, zone: str, languages: Sequence[str]) -> Point | Days:
    """Read a date in the first of the languages that understands all of it.

    `now` is aware. Raises DateNotUnderstood, with the reason that says most.
    """
    words = normal(text)
    if not words:
        raise DateNotUnderstood("empty")
    refusal: DateNotUnderstood | None = None
    for language in dict.fromkeys(languages):
        try:
            return _resolved(_said(words, language), now.astimezone(ZoneInfo(zone)), zone)
        except DateNotUnderstood as problem:
            if refusal is None or refusal.reason == "leftover":
                refusal = problem
    raise refusal or DateNotUnderstood("leftover", text)


def _said(words: str, language: str) -> Slots:
    slots, place = Slots(), 0
    while place < len(words):
        if words[place] in _GAPS:
            place += 1
            continue
        for rule in rules_of(language):
            match = rule.pattern.match(words, place)
            if match is not None and match.end() > place:
                rule.say(slots, match)
                place = match.end()
                break
        else:
            raise DateNotUnderstood("leftover", words[place:])
    if slots.empty:
        raise DateNotUnderstood("leftover", words)
    return slots


def _resolved(slots: Slots, now: datetime, zone: str) -> Point | Days:
    if slots.elapse is not None:
        return _elapsed(slots, now, zone)
    _settle_hour(slots)
    if slots.midnight:
        if slots.has_day:
            raise DateNotUnderstood("contradiction", "midnight")  # of which of the two nights?
        return _point(datetime.combine(now.date() + timedelta(days=1), time()), zone, now)
    if slots.later_days is not None or slots.later_months is not None:
        return _later(slots, now, zone)
    if not slots.has_time:
        return _whole_day(slots, now)
    wall = datetime.combine(_day(slots, now), time(slots.hour or 0, slots.minute or 0))
    return _point(_eve(slots, wall), zone, now)


def _elapsed(slots: Slots, now: datetime, zone: str) -> Point:
    if slots.has_time or slots.has_day or slots.part:
        raise DateNotUnderstood("contradiction")
    assert slots.elapse is not None
    at = (now.astimezone(UTC) + slots.elapse).replace(second=0, microsecond=0)
    return Point(at.astimezone(ZoneInfo(zone)).replace(tzinfo=None), zone, at)


def _settle_hour(slots: Slots) -> None:
    """An hour and the part of the day it is in, made one."""
    if slots.bare_hour is not None:
        if slots.part is None or slots.has_time:
            raise DateNotUnderstood("leftover", str(slots.bare_hour))  # 8 in the morning, or in the evening?
        say_time(slots, slots.bare_hour, 0)
    if slots.part is None or slots.midnight:
        return
    if slots.hour is None:
        raise DateNotUnderstood("leftover", slots.part)
    first, last = _AFTER[slots.part]
    if slots.hour < 12 and slots.part != "morning":
        slots.hour += 12
    if not first <= slots.hour < last:
        raise DateNotUnderstood("contradiction", slots.part)


def _later(slots: Slots, now: datetime, zone: str) -> Point:
    if slots.weekday is not None or slots.day is not None or slots.days_ahead is not None:
        raise DateNotUnderstood("contradiction")
    day = now.date() + timedelta(days=slots.later_days or 0)
    if slots.later_months:
        year, month = divmod(day.year * 12 + day.month - 1 + slots.later_months, 12)
        day = _date(year, month + 1, day.day)
    hour = time(slots.hour, slots.minute or 0) if slots.hour is not None else time(now.hour, now.minute)
    return _point(datetime.combine(day, hour), zone, now)


def _whole_day(slots: Slots, now: datetime) -> Days:
    if not slots.has_day:
        raise DateNotUnderstood("leftover")
    day = _eve(slots, datetime.combine(_day(slots, now), time())).date()
    if day < now.date():
        raise DateNotUnderstood("past")
    return Days(day, day)


def _eve(slots: Slots, wall: datetime) -> datetime:
    return wall - timedelta(days=1) if slots.eve else wall


def _day(slots: Slots, now: datetime) -> date:
    if slots.days_ahead is not None:
        day = now.date() + timedelta(days=slots.days_ahead)
        _agree(day, slots)
        return day
    if slots.day is not None:
        day = _calendar_day(slots, now)
        _agree(day, slots)
        return day
    if slots.weekday is not None:
        return _coming_weekday(slots, now)
    today = now.date()
    return today if _is_still_to_come(slots, now) else today + timedelta(days=1)


def _agree(day: date, slots: Slots) -> None:
    """A weekday said beside a date must be that date's."""
    if slots.weekday is not None and day.weekday() != slots.weekday:
        raise DateNotUnderstood("contradiction")
    if slots.days_ahead is not None and slots.day not in (None, day.day):
        raise DateNotUnderstood("contradiction")
    if slots.coming or slots.week is not None or slots.weeks_later is not None:
        raise DateNotUnderstood("contradiction")


def _calendar_day(slots: Slots, now: datetime) -> date:
    """A date whose month or year may be unsaid: the next such day; it must exist in the month it falls in."""
    today, day = now.date(), slots.day or 0
    if slots.year is not None:
        return _date(slots.year, slots.month or 0, day)
    if slots.month is not None:
        year = today.year + ((slots.month, day) < (today.month, today.day))
        return _date(year, slots.month, day)
    if day >= today.day:
        return _date(today.year, today.month, day)
    following = today.replace(day=1) + timedelta(days=32)
    return _date(following.year, following.month, day)


def _coming_weekday(slots: Slots, now: datetime) -> date:
    today = now.date()
    assert slots.weekday is not None
    if slots.week is not None:
        return today - timedelta(days=today.weekday()) + timedelta(days=slots.weekday, weeks=slots.week)
    ahead = (slots.weekday - today.weekday()) % 7
    if ahead == 0 and (slots.coming or slots.weeks_later or not _is_still_to_come(slots, now)):
        ahead = 7
    return today + timedelta(days=ahead, weeks=slots.weeks_later or 0)


def _is_still_to_come(slots: Slots, now: datetime) -> bool:
    if slots.hour is None:
        return True
    return time(slots.hour, slots.minute or 0) > now.time().replace(tzinfo=None)


def _date(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        raise DateNotUnderstood("impossible")
    return date(year, month, day)


def _point(wall: datetime, zone: str, now: datetime) -> Point:
    """The moment, if the clock shows it at all on that day and it is still to come."""
    info = ZoneInfo(zone)
    first = wall.replace(tzinfo=info)
    at = first.astimezone(UTC)
    if at.astimezone(info).replace(tzinfo=None) != wall:
        raise _refusal("nonexistent")
    if at <= now:
        raise _refusal("past")
    twice = first.utcoffset() != wall.replace(tzinfo=info, fold=1).utcoffset()
    return Point(wall, zone, at, "first-of-two" if twice else None)


def _refusal(reason: Reason) -> DateNotUnderstood:
    return DateNotUnderstood(reason)
