"""What the pieces of a phrase say, before they are put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from coedu_bot.language.dates.values import Reason


@dataclass(frozen=True, slots=True)
class Weekday:
    """Monday is 0; `every` where the word alone means each of them: mondays, montags."""

    day: int
    every: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    day: int
    month: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number by itself: a day of the month, where the words around it say so, or an hour."""

    number: int
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour on a clock of 24; `half_said` if a.m. or p.m. was."""

    hour: int
    minute: int = 0
    half_said: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day."""

    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """Something that fills one slot by itself: tomorrow, next week, the day before."""

    slot: str
    value: object


@dataclass(frozen=True, slots=True)
class Later:
    """From now: minutes and hours on the clock of physics, the rest on the calendar."""

    elapse: timedelta | None = None
    days: int | None = None
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """So many minutes, hours, days, weeks, months or years."""

    count: float
    unit: str


@dataclass(frozen=True, slots=True)
class Ordinal:
    """Which of the weekdays of a month; the last is -1."""

    number: int


@dataclass(frozen=True, slots=True)
class Week:
    letter: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A piece that makes any date wrong."""

    reason: Reason


class Word(Enum):
    """The words that tie the others together."""

    AT = auto()
    AT_OR_TO = auto()  # "à" in "à 18h" and in "16h à 18h"
    AT_HOUR = auto()  # "um 18": what follows can only be an hour
    FROM = auto()
    TO = auto()
    UP_TO = auto()  # "kadar", after what it is about
    BETWEEN = auto()
    AND = auto()
    COMMA = auto()
    OR = auto()
    EVERY = auto()
    EVERY_OTHER = auto()
    WORKDAYS = auto()
    OF_THE_MONTH = auto()
    EXCEPT = auto()
    NOTHING = auto()  # said out of politeness


Mark = Weekday | Date | Number | Clock | Part | Said | Later | Amount | Ordinal | Week | Wrong | Word
