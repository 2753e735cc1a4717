"""Again and again: every monday, un lundi sur deux, du lundi au vendredi, the first monday of the month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal, cast

from coedu_bot.language.dates.marks import (
    Amount,
    Clock,
    Date,
    Mark,
    Number,
    Ordinal,
    Part,
    Said,
    Week,
    Weekday,
    Word,
)
from coedu_bot.language.dates.moments import a_date, day_of
from coedu_bot.language.dates.slots import Slots, slots_of
from coedu_bot.language.dates.values import DateNotUnderstood, Recurrence

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SIGNS = (Word.EVERY, Word.EVERY_OTHER, Word.WORKDAYS, Word.OF_THE_MONTH, Word.EXCEPT)
_SILENT = (Word.FROM, Word.COMMA, Word.AND, Word.UP_TO)
_HOURS = (Clock, Part, Word.AT, Word.AT_OR_TO, Word.AT_HOUR)
_A_LEAP_YEAR = 2028
_FORTNIGHTS = {7: 1, 8: 1, 14: 2, 15: 2}
_TOS = (Word.TO, Word.AT_OR_TO)


def is_recurring(marks: Sequence[Mark]) -> bool:
    """Whether it is said of more than one time: by a word, or by several weekdays and an hour."""
    if any(mark in _SIGNS or isinstance(mark, Week) for mark in marks):
        return True
    if any(isinstance(mark, Weekday) and mark.every for mark in marks):
        return True
    if any(isinstance(mark, Date | Number | Said) for mark in marks):
        return False
    has_hour = any(isinstance(mark, Clock) for mark in marks)
    return has_hour and any(_is_series(marks, place) for place in range(1, len(marks) - 1))


def _is_series(marks: Sequence[Mark], place: int) -> bool:
    if not 0 < place < len(marks) - 1:
        return False
    joins = marks[place] in (*_TOS, Word.AND, Word.COMMA)
    return joins and isinstance(marks[place - 1], Weekday) and isinstance(marks[place + 1], Weekday)


@dataclass(slots=True)
class Series:
    """What was said of when it comes again."""

    weekdays: list[int] = field(default_factory=list)
    without: set[int] = field(default_factory=set)
    day: int | None = None
    yearly: Date | None = None
    ordinal: int | None = None
    unit: str | None = None
    interval: int = 1
    monthly: bool = False
    every: bool = False
    week: str | None = None
    until: date | None = None
    hour: list[Mark] = field(default_factory=list)


def recurrence(marks: Sequence[Mark], now: datetime, zone: str) -> Recurrence:
    """The rule, and the first time it gives after now; raises DateNotUnderstood without an hour."""
    series = _series(list(marks), now)
    at = _hour(series)
    rule = _rule(series)
    first = _first(rule, datetime.combine(now.date(), at), now.replace(tzinfo=None))
    return Recurrence(rule, first, zone, cast(Literal["A", "B"] | None, series.week))


def _series(marks: list[Mark], now: datetime) -> Series:
    series = Series()
    place = 0
    while place < len(marks):
        place += _take(series, marks, place, now)
    return series


def _take(series: Series, marks: list[Mark], place: int, now: datetime) -> int:
    """Keep what is said here; how many marks that took."""
    mark = marks[place]
    if taken := _take_until(series, marks, place, now):
        return taken
    if mark in _TOS and _is_series(marks, place):
        return _take_weekdays_between(series, marks, place)
    if mark is Word.EXCEPT:
        return _take_except(series, marks, place)
    if isinstance(mark, Number) and _is_hour(marks, place):
        series.hour.append(mark)
    else:
        _keep(series, mark)
    return 1


def _is_hour(marks: list[Mark], place: int) -> bool:
    before = marks[place - 1] if place else None
    after = marks[place + 1] if place + 1 < len(marks) else None
    return before in _HOURS or isinstance(after, Part)


def _take_until(series: Series, marks: list[Mark], place: int, now: datetime) -> int:
    """`jusqu'au 18 décembre`, or `18 Aralık'a kadar`."""
    mark = marks[place]
    if isinstance(mark, Date) and place + 1 < len(marks) and marks[place + 1] is Word.UP_TO:
        series.until = day_of(slots_of([mark]), now)
        return 2
    if mark is not Word.TO or _is_series(marks, place):
        return 0
    end = place + 1
    while end < len(marks) and isinstance(marks[end], Weekday | Date | Number) and not _is_hour(marks, end):
        end += 1
    if end == place + 1 or series.until is not None:
        raise DateNotUnderstood("leftover")
    series.until = day_of(slots_of(marks[place + 1 : end]), now)
    return end - place


def _take_weekdays_between(series: Series, marks: list[Mark], place: int) -> int:
    first, last = marks[place - 1], marks[place + 1]
    assert isinstance(first, Weekday)
    assert isinstance(last, Weekday)
    if last.day <= first.day:
        raise DateNotUnderstood("contradiction")
    series.weekdays += range(first.day + 1, last.day + 1)
    return 2


def _take_except(series: Series, marks: list[Mark], place: int) -> int:
    end = place + 1
    while end < len(marks) and (isinstance(marks[end], Weekday) or marks[end] in _SILENT):
        mark = marks[end]
        if isinstance(mark, Weekday):
            series.without.add(mark.day)
        end += 1
    if not series.without:
        raise DateNotUnderstood("leftover")
    return end - place


def _keep(series: Series, mark: Mark) -> None:
    match mark:
        case Weekday(day, every):
            series.weekdays.append(day)
            series.every = series.every or every
        case Clock() | Part() | Word.AT | Word.AT_OR_TO | Word.AT_HOUR:
            series.hour.append(mark)
        case Number(number) if series.day is None:
            series.day = number
        case Date() if series.yearly is None:
            series.yearly = mark
        case Ordinal(number) if series.ordinal is None:
            series.ordinal = number
        case Week(letter) if series.week is None:
            series.week = letter
        case Amount(count, unit) if series.unit is None and count == int(count) and count >= 1:
            _keep_unit(series, unit, int(count))
        case _:
            _keep_word(series, mark)


def _keep_unit(series: Series, unit: str, count: int) -> None:
    series.unit = unit
    series.interval *= count
    series.monthly = series.monthly or unit == "months"


def _keep_word(series: Series, mark: Mark) -> None:
    match mark:
        case Word.EVERY:
            series.every = True
        case Word.EVERY_OTHER if series.interval == 1:
            series.interval, series.every = 2, True
        case Word.WORKDAYS if not series.weekdays:
            series.weekdays, series.every = list(range(5)), True
        case Word.OF_THE_MONTH:
            series.monthly = True
        case _ if mark not in _SILENT:
            raise DateNotUnderstood("leftover")


def _hour(series: Series) -> time:
    slots: Slots = slots_of(series.hour)
    if not slots.has_time:
        raise DateNotUnderstood("needs-time")
    slots.settle_hour()
    assert slots.hour is not None
    return time(slots.hour, slots.minute or 0)


def _rule(series: Series) -> str:
    if series.weekdays and len(set(series.weekdays)) != len(series.weekdays):
        raise DateNotUnderstood("contradiction")
    until = f";UNTIL={series.until:%Y%m%d}T235959" if series.until else ""
    return _frequency(series) + until


def _frequency(series: Series) -> str:
    days = ",".join(_DAYS[day] for day in sorted(set(series.weekdays) - series.without))
    if series.yearly is not None:
        return _yearly(series)
    if series.monthly:
        return _monthly(series)
    if series.day is not None:
        raise DateNotUnderstood("leftover")
    if days:
        return _weekly(series, days)
    return _daily(series)


def _yearly(series: Series) -> str:
    said = series.yearly
    assert said is not None
    if series.unit != "years" or series.weekdays or series.day or said.year:
        raise DateNotUnderstood("leftover")
    a_date(_A_LEAP_YEAR, said.month, said.day)
    return f"FREQ=YEARLY{_interval(series)};BYMONTH={said.month};BYMONTHDAY={said.day}"


def _monthly(series: Series) -> str:
    if series.ordinal is not None and series.weekdays and series.day is None:
        days = ",".join(f"{series.ordinal}{_DAYS[day]}" for day in sorted(series.weekdays))
        return f"FREQ=MONTHLY{_interval(series)};BYDAY={days}"
    if series.ordinal is not None and series.unit == "days" and series.day is None:
        return f"FREQ=MONTHLY;BYMONTHDAY={series.ordinal}"
    if series.day is None or not 1 <= series.day <= 31 or series.weekdays or series.ordinal is not None:
        raise DateNotUnderstood("leftover")
    return f"FREQ=MONTHLY{_interval(series)};BYMONTHDAY={series.day}"


def _weekly(series: Series, days: str) -> str:
    if series.unit not in (None, "weeks", "days"):
        raise DateNotUnderstood("leftover")
    if series.unit == "days" and series.interval > 1:
        if series.interval not in _FORTNIGHTS:
            raise DateNotUnderstood("leftover")
        series.interval = _FORTNIGHTS[series.interval]  # tous les quinze jours le lundi
    if series.ordinal is not None:
        if not series.every or series.ordinal < 2 or series.interval > 1:
            raise DateNotUnderstood("leftover")
        series.interval = series.ordinal  # every second friday
    return f"FREQ=WEEKLY{_interval(series)};BYDAY={days}"


def _daily(series: Series) -> str:
    in_part = series.every and series.unit is None and any(isinstance(mark, Part) for mark in series.hour)
    if series.ordinal is not None or not (series.unit == "days" or in_part):
        raise DateNotUnderstood("leftover")
    if not series.without:
        return f"FREQ=DAILY{_interval(series)}"
    if series.interval > 1:
        raise DateNotUnderstood("leftover")
    days = [name for day, name in enumerate(_DAYS) if day not in series.without]
    if not days:
        raise DateNotUnderstood("contradiction")
    return f"FREQ=WEEKLY;BYDAY={','.join(days)}"


def _interval(series: Series) -> str:
    return f";INTERVAL={series.interval}" if series.interval > 1 else ""


def _first(rule: str, today: datetime, now: datetime) -> datetime:
    """The first time after now; where it comes every other week, the nearest."""
    from dateutil.rrule import rrulestr

    each = ";".join(part for part in rule.split(";") if not part.startswith("INTERVAL="))
    first = rrulestr(each, dtstart=today).after(now)
    if first is None:
        raise DateNotUnderstood("past")
    return first
