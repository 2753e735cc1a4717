"""From one moment or day to another: jeudi 16h30-18h, du 12 au 16 octobre, thursday 4-6pm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from coedu_bot.language.dates.marks import Amount, Clock, Date, Mark, Number, Part, Said, Weekday, Word
from coedu_bot.language.dates.moments import day_of, moment, point
from coedu_bot.language.dates.slots import Slots, slots_of
from coedu_bot.language.dates.values import DateNotUnderstood, Days, Point, Range

_DAYS = (Weekday, Date, Said)
_LINKS = (Word.TO, Word.UP_TO)


def without_step(marks: Sequence[Mark]) -> tuple[list[Mark], timedelta | None]:
    """`toutes les 10 minutes` taken out; raises DateNotUnderstood if it is there twice."""
    kept: list[Mark] = []
    step: timedelta | None = None
    for mark in marks:
        if isinstance(mark, Amount) and mark.unit in ("minutes", "hours") and kept and kept[-1] is Word.EVERY:
            if step is not None or mark.count <= 0:
                raise DateNotUnderstood("leftover")
            kept.pop()
            step = timedelta(**{mark.unit: mark.count})
        else:
            kept.append(mark)
    return kept, step


def ends_of(marks: Sequence[Mark]) -> tuple[list[Mark], list[Mark]] | None:
    """What is said of the two ends, or None if there is only one."""
    places = [place for place in range(len(marks)) if _links(marks, place)]
    if not places:
        return None
    if len(places) > 1:
        raise DateNotUnderstood("leftover")
    first, last = list(marks[: places[0]]), list(marks[places[0] + 1 :])
    return [one for one in first if one is not Word.BETWEEN], [one for one in last if one is not Word.UP_TO]


def _links(marks: Sequence[Mark], place: int) -> bool:
    """Whether the mark here stands between two ends; `à` does only between two of a kind."""
    mark, before, after = marks[place], marks[:place], marks[place + 1 :]
    if not before or not after:
        return False
    if mark is Word.TO:
        return True
    if mark is Word.AND:
        return Word.BETWEEN in before
    if mark in (Word.AT, Word.AT_HOUR):  # das 16h30 às 18h
        return Word.FROM in before and isinstance(before[-1], Clock) and isinstance(after[0], Clock)
    if mark is not Word.AT_OR_TO:
        return False
    if isinstance(after[0], Clock):
        return isinstance(before[-1], Clock) or (isinstance(before[-1], Number) and Word.FROM in before)
    if isinstance(after[0], Number) and isinstance(before[-1], Number):
        return True
    return isinstance(after[0], _DAYS) and isinstance(before[-1], (*_DAYS, Number))


def span(
    first: list[Mark], last: list[Mark], step: timedelta | None, now: datetime, zone: str
) -> Range | Days:
    """A range of hours, or whole days."""
    if any(isinstance(mark, Clock) for mark in (*first, *last)) or any(isinstance(m, Part) for m in last):
        return _hours(_as_hour(first), _as_hour(last), step, now, zone)
    if step is not None:
        raise DateNotUnderstood("leftover")
    return _days(slots_of(_as_day(first)), slots_of(_as_day(last)), now)


def _as_hour(marks: list[Mark]) -> list[Mark]:
    """The number in `4-6pm` is an hour."""
    if any(isinstance(mark, Clock) for mark in marks):
        return marks
    return [Word.AT, *marks] if len(marks) == 1 else [*marks[:-1], Word.AT, *marks[-1:]]


def _as_day(marks: list[Mark]) -> list[Mark]:
    """The number in `12-16 octobre` is a day."""
    return [replace(mark, is_day=True) if isinstance(mark, Number) else mark for mark in marks]


def _hours(
    first_said: list[Mark], last_said: list[Mark], step: timedelta | None, now: datetime, zone: str
) -> Range:
    first, last = slots_of(first_said), slots_of(last_said)
    _share_half(first, last)
    if last.has_day and not first.has_day:
        first, last = _with_day_of(first, last), _only_hour(last)
    begins = moment(first, now, zone)
    last.settle_hour()
    if not isinstance(begins, Point) or last.hour is None:
        raise DateNotUnderstood("needs-time")
    day = day_of(last, now) if last.has_day else begins.wall.date()
    ends = point(datetime.combine(day, time(last.hour, last.minute or 0)), zone, now, last.fold)
    if ends.at <= begins.at:
        raise DateNotUnderstood("contradiction")
    return Range(begins, ends, step)


def _share_half(first: Slots, last: Slots) -> None:
    """In `4-6pm` and `de 4 a 6 de la tarde` both hours are in the part of the day said last."""
    if last.part is not None and first.part is None:
        first.part = last.part
    elif last.half_said and not first.half_said and first.part is None:
        hour = first.bare_hour if first.bare_hour is not None else first.hour
        ends = last.hour or 0
        if hour is not None and 1 <= hour <= 12:
            half = hour % 12 + (12 if ends >= 12 else 0)
            first.hour = half if (half, first.minute or 0) < (ends, last.minute or 0) else hour % 12
            first.bare_hour, first.minute = None, first.minute or 0
    _share_clock(first, last)
    _share_clock(last, first)


def _share_clock(bare: Slots, told: Slots) -> None:
    """In `17-19 Uhr` both are hours on a clock of 24."""
    if bare.bare_hour is not None and bare.part is None and told.hour is not None and not told.half_said:
        bare.hour, bare.minute, bare.bare_hour = bare.bare_hour, 0, None


def _with_day_of(hour: Slots, day: Slots) -> Slots:
    merged = day.copy()
    merged.hour, merged.minute, merged.bare_hour, merged.part = (
        hour.hour,
        hour.minute,
        hour.bare_hour,
        hour.part,
    )
    return merged


def _only_hour(slots: Slots) -> Slots:
    return Slots(hour=slots.hour, minute=slots.minute, bare_hour=slots.bare_hour, part=slots.part)


def _days(first: Slots, last: Slots, now: datetime) -> Days:
    """Whole days; a month or year said once holds for both ends."""
    if first.has_time or last.has_time or first.part or last.part:
        raise DateNotUnderstood("leftover")
    if first.day is not None and first.month is None:
        first.month = last.month
    if first.year is None and last.year is not None and first.month is not None:
        later = (first.month, first.day or 0) > (last.month or 0, last.day or 0)
        first.year = last.year - 1 if later else last.year
    _must_be_days(first, last)
    begins, today = day_of(first, now), now.date()
    if begins < today:
        raise DateNotUnderstood("past")
    ends = day_of(last, datetime.combine(begins, time(), now.tzinfo))
    if ends < begins:
        raise DateNotUnderstood("contradiction")
    if _is_under_way(begins, ends, today):
        raise DateNotUnderstood("past")
    return Days(begins, ends)


def _must_be_days(first: Slots, last: Slots) -> None:
    if not first.has_day or not last.has_day:
        raise DateNotUnderstood("leftover")
    in_one_month = first.month is not None and first.month == last.month and first.year == last.year
    if in_one_month and (first.day or 0) > (last.day or 0):
        raise DateNotUnderstood("contradiction")
    if first.day is None and last.day is None and first.days_ahead is None:
        raise DateNotUnderstood(
            "needs-time"
        )  # "du lundi au vendredi": this week, or every week at some hour?


def _is_under_way(begins: date, ends: date, today: date) -> bool:
    """Days that began this year and end in a year's time were not meant: they are under way now."""
    return (ends - begins) < (begins - today) and (ends - today).days > 365
