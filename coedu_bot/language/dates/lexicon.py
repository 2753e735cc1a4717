"""What a language says about dates: words and turns of phrase, as data for one grammar.

All are regular expressions without groups, in lower case and written as the language is (the grammar
compares without accents). `{weekday}`, `{unit}`, `{n}`, `{amount}` and `{number}` are the language's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NEVER = r"(?!)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """One language. A field left out is something that the language does not have."""

    joined: bool = False  # words are written without spaces
    weekdays: tuple[str, ...]  # Monday first, in all their cases
    short_weekdays: tuple[str, ...] = ()  # only before a figure, a dot, a dash or the end
    every_weekday: tuple[str, ...] = ()  # "mondays": each of them
    months: tuple[str, ...]
    numbers: Mapping[str, int]
    fractions: Mapping[str, float] = field(default_factory=dict)  # of a unit: anderthalb
    hour_names: Mapping[str, int] = field(default_factory=dict)  # "the seventh" is 7 o'clock
    ordinals: Mapping[str, int] = field(default_factory=dict)

    days_ahead: Mapping[str, int]
    past: tuple[str, ...]
    this_week: str = NEVER
    next_week: str = NEVER
    weeks_later: Mapping[str, int] = field(default_factory=dict)  # "en huit"
    coming: str = NEVER  # "prochain": never today
    eve: str = NEVER  # "la veille de"
    parts: Mapping[str, str]
    today_parts: Mapping[str, str]  # "ce soir" is a day and a part of it

    noon: str = NEVER
    noon_today: str = NEVER
    midnight: str = NEVER
    before_the_change: str = NEVER  # which of the two, in the night when an hour comes twice
    after_the_change: str = NEVER
    hour_words: str = "h"  # after the number
    hour_openers: str = NEVER  # before it: "ora 8"
    minutes_after: Mapping[str, int] = field(default_factory=dict)  # "et demie"
    minutes_before: Mapping[str, int] = field(default_factory=dict)  # "half past"
    morning_half: str = NEVER  # a.m.
    afternoon_half: str = NEVER
    clock_signs: str = ":"  # between hours and minutes, besides h

    units: Mapping[str, str]  # minutes, hours, days, weeks, months, years
    amounts: Mapping[str, tuple[float, str]] = field(default_factory=dict)  # "ساعتين"
    one_unsaid: bool = False  # "через годину": one is not said
    and_a_half: str = NEVER  # after a unit
    later: tuple[str, ...]  # "dans {amount}"

    day_openers: str = NEVER  # "le 9"
    day_ends: str = NEVER  # "9th"
    first_of_month: str = NEVER
    of: str = NEVER  # between day and month, month and year
    month_first: bool = False  # October 9th
    dotted_dates: bool = False  # 9.10 is a date, not an hour
    year_ends: str = NEVER
    suffixes: str = ""  # that a number or a month may carry
    hour_ends: str = NEVER  # that make a number an hour: 8'de
    from_suffixes: str = NEVER  # "16:30'dan": it is the beginning of something

    at: str = NEVER
    at_or_to: str = NEVER
    at_hour: str = NEVER
    from_: str = NEVER
    to: str = NEVER
    up_to: str = NEVER
    between: str = NEVER
    and_: str = NEVER
    joined_and: str = NEVER  # written together with the next word: و
    or_: str = NEVER

    every: str = NEVER
    every_amount: tuple[str, ...] = ()  # "de {n} em {number} {unit}"
    daily: str = NEVER
    every_other: tuple[str, ...] = ()  # "sur deux"
    other_openers: tuple[str, ...] = ()  # "un (?={weekday} sur deux)"
    workdays: str = NEVER
    of_the_month: str = NEVER
    except_: str = NEVER
    week: str = NEVER  # before A or B
    fillers: str = NEVER
