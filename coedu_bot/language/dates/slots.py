"""What a phrase has said of one moment so far: each thing at most once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta

from coedu_bot.language.dates.marks import Clock, Date, Later, Mark, Number, Part, Said, Weekday, Word
from coedu_bot.language.dates.values import DateNotUnderstood

_SILENT = (Word.FROM, Word.AT, Word.AT_OR_TO, Word.AT_HOUR, Word.COMMA)
_BEFORE_HOURS = (Word.AT, Word.AT_OR_TO, Word.AT_HOUR)
_WINDOWS = {
    "morning": (0, 12),
    "midday": (11, 16),
    "afternoon": (12, 19),
    "long afternoon": (12, 21),  # until dark, as in Spain
    "evening": (16, 24),
    "night": (0, 24),
}


@dataclass(slots=True)
class Slots:
    """The parts of a moment as they were said; None where nothing was."""

    weekday: int | None = None  # 0 is Monday
    day: int | None = None
    month: int | None = None
    year: int | None = None
    days_ahead: int | None = None  # today is 0
    weeks_later: int | None = None  # "en huit": one week after the coming one
    coming: bool | None = None  # "prochain": never today
    week: int | None = None  # this week is 0, the next is 1
    hour: int | None = None
    minute: int | None = None
    half_said: bool = False  # a.m. or p.m.
    bare_hour: int | None = None  # "at 7": only clear with a part of the day
    part: str | None = None
    midnight: bool | None = None
    fold: int | None = None  # of an hour that comes twice: 0 is before the clocks change
    elapse: timedelta | None = None  # "in 2 hours": on the clock of physics
    later_days: int | None = None  # "in 2 days": on the wall's
    later_months: int | None = None
    eve: bool | None = None  # "la veille de"

    def say(self, name: str, value: object) -> None:
        """Keep a part; raises DateNotUnderstood if something else was said there before."""
        if getattr(self, name) is not None:
            raise DateNotUnderstood("leftover", str(value))
        setattr(self, name, value)

    @property
    def empty(self) -> bool:
        return self == Slots()

    @property
    def has_time(self) -> bool:
        return any(one is not None for one in (self.hour, self.bare_hour, self.midnight, self.elapse))

    @property
    def has_day(self) -> bool:
        said = (self.weekday, self.day, self.days_ahead, self.later_days, self.later_months)
        return any(one is not None for one in said)

    def copy(self) -> Slots:
        return replace(self)

    def settle_hour(self) -> None:
        """Make an hour and the part of the day it is in one; raises DateNotUnderstood if they disagree."""
        if self.bare_hour is not None:
            if self.part is None or self.hour is not None or self.midnight:
                raise DateNotUnderstood("leftover", str(self.bare_hour))  # in the morning, or in the evening?
            self.hour, self.minute, self.bare_hour = self.bare_hour, 0, None
        if self.part is not None and not self.midnight:
            if self.hour is None:
                raise DateNotUnderstood("needs-time", self.part)
            self.hour, self.part = _in_part(self.hour, self.part), None
        if self.hour is not None and self.hour > 23:
            raise DateNotUnderstood("impossible")


def _in_part(hour: int, part: str) -> int:
    first, last = _WINDOWS[part]
    moves = {"morning": hour < 0, "midday": hour < 4, "night": 6 <= hour < 12}
    hour += 12 if moves.get(part, hour < 12) else 0
    if not first <= hour < last or (part == "night" and 6 <= hour < 18):
        raise DateNotUnderstood("contradiction", part)
    return hour


def slots_of(marks: Sequence[Mark]) -> Slots:
    """What the marks say of one moment; raises DateNotUnderstood for a word that says nothing of it."""
    slots = Slots()
    for place, mark in enumerate(marks):
        before = marks[place - 1] if place else None
        after = marks[place + 1] if place + 1 < len(marks) else None
        if isinstance(mark, Number):
            _say_number(slots, mark, before, after)
        else:
            _say(slots, mark)
    return slots


def _say_number(slots: Slots, mark: Number, before: Mark | None, after: Mark | None) -> None:
    if before is Word.AT_HOUR and mark.number >= 13:
        _say(slots, Clock(mark.number))
    elif before in _BEFORE_HOURS or (isinstance(after, Part) and not mark.is_day):
        slots.say("bare_hour", mark.number)
    elif mark.is_day or isinstance(before, Weekday):
        if not 1 <= mark.number <= 31:
            raise DateNotUnderstood("impossible")
        slots.say("day", mark.number)
    else:
        raise DateNotUnderstood("leftover", str(mark.number))


def _say(slots: Slots, mark: Mark) -> None:
    match mark:
        case Clock(hour, minute, half_said):
            if hour > 23:
                raise DateNotUnderstood("impossible")
            slots.say("hour", hour)
            slots.say("minute", minute)
            slots.half_said = half_said
        case Weekday(day):
            slots.say("weekday", day)
        case Part(name):
            slots.say("part", name)
        case Said(slot, value):
            slots.say(slot, value)
        case Date() | Later():
            _say_fields(slots, mark)
        case _ if mark not in _SILENT:
            raise DateNotUnderstood("leftover", str(mark))


_FIELD = {"elapse": "elapse", "days": "later_days", "months": "later_months"}


def _say_fields(slots: Slots, mark: Date | Later) -> None:
    for one in fields(mark):
        value = getattr(mark, one.name)
        if value is not None:
            slots.say(_FIELD.get(one.name, one.name), value)
