"""What every language shares: rules, dates in figures, days, hours on a clock of 24."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from coedu_bot.language.dates.lexicon import Lexicon
from coedu_bot.language.dates.slots import Slots
from coedu_bot.language.dates.values import DateNotUnderstood

Say = Callable[[Slots, re.Match[str]], None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern that must end at a word's end, and what it says."""

    pattern: re.Pattern[str]
    say: Say


def rule(pattern: str, say: Say) -> Rule:
    """A rule whose pattern must end where a word ends."""
    return Rule(re.compile(rf"(?:{pattern})(?!\w)"), say)


def either(words: Iterable[str]) -> str:
    """Any of these patterns."""
    return "|".join(words)


def meaning(said: str, words: Mapping[str, int]) -> int:
    """The number that a word of a table stands for, or that figures are."""
    for pattern, value in words.items():
        if re.fullmatch(pattern, said):
            return value
    return int(said)


def _refuse_past(slots: Slots, match: re.Match[str]) -> None:
    raise DateNotUnderstood("past", match[0])


def numeric_dates() -> list[Rule]:
    """9/10, 09.10.2026, 2026-10-09: day first, as Europe writes."""

    def iso(slots: Slots, match: re.Match[str]) -> None:
        say_date(slots, int(match[3]), int(match[2]), int(match[1]))

    def day_first(slots: Slots, match: re.Match[str]) -> None:
        year = int(match[4]) if match[4] else None
        say_date(slots, int(match[1]), int(match[3]), 2000 + year if year and year < 100 else year)

    return [
        rule(r"(\d{4})-(\d{2})-(\d{2})", iso),
        rule(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})", day_first),
        rule(r"(\d{1,2})(/)(\d{1,2})()", day_first),
    ]


def say_date(slots: Slots, day: int, month: int, year: int | None) -> None:
    """Keep a date; raises DateNotUnderstood for the 32nd and the 13th month."""
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        raise DateNotUnderstood("impossible")
    slots.say("day", day)
    slots.say("month", month)
    if year is not None:
        slots.say("year", year)


def days(words: Lexicon) -> list[Rule]:
    """Today, tomorrow, weekdays and the parts of a day."""

    def ahead(slots: Slots, match: re.Match[str]) -> None:
        slots.say("days_ahead", meaning(match[0], words.days_ahead))

    def today_part(slots: Slots, match: re.Match[str]) -> None:
        slots.say("days_ahead", 0)
        slots.say("part", next(p for w, p in words.today_parts.items() if re.fullmatch(w, match[0])))

    def part(slots: Slots, match: re.Match[str]) -> None:
        slots.say("part", next(p for w, p in words.parts.items() if re.fullmatch(w, match[0])))

    def weekday(slots: Slots, match: re.Match[str]) -> None:
        slots.say("weekday", meaning(match[0], words.weekdays))

    return [
        rule(either(words.past), _refuse_past),
        rule(either(words.days_ahead), ahead),
        rule(either(words.today_parts), today_part),
        rule(either(words.parts), part),
        Rule(re.compile(rf"(?:{either(words.weekdays)})(?![\w'])"), weekday),
    ]


def hours(words: Lexicon) -> list[Rule]:
    """Noon, midnight, 18:30."""

    def noon(slots: Slots, match: re.Match[str]) -> None:
        minutes = {"et demi": 30, "et quart": 15}
        slots.say("hour", 12)
        slots.say("minute", next((m for w, m in minutes.items() if w in match[0]), 0))

    def midnight(slots: Slots, match: re.Match[str]) -> None:
        slots.say("midnight", True)

    def clock(slots: Slots, match: re.Match[str]) -> None:
        say_time(slots, int(match[1]), int(match[2]))

    return [
        rule(rf"{words.noon}(?: et (?:demie?|quart))?", noon),
        rule(words.midnight, midnight),
        rule(r"(\d{1,2}):(\d{2})", clock),
    ]


def fillers(words: Lexicon) -> list[Rule]:
    """Words that say nothing."""
    return [rule(either(words.fillers), lambda slots, match: None)]


def say_time(slots: Slots, hour: int, minute: int) -> None:
    """Keep an hour and minute; raises DateNotUnderstood for 25h and 18h72."""
    if hour > 23 or minute > 59:
        raise DateNotUnderstood("impossible")
    slots.say("hour", hour)
    slots.say("minute", minute)


def say_later(slots: Slots, unit: str, count: float) -> None:
    """Keep a time from now: physical for minutes and hours, on the calendar for the rest."""
    if unit in ("minutes", "hours"):
        before = slots.elapse or timedelta()
        slots.elapse = before + timedelta(**{unit: count})
    elif unit == "months":
        slots.say("later_months", int(count))
    else:
        slots.say("later_days", int(count) * (7 if unit == "weeks" else 1))


def count(said: str, words: Lexicon) -> float:
    """A number that may have a decimal."""
    return float(said) if said[0].isdigit() else float(meaning(said, words.numbers))


def unit(said: str, words: Lexicon) -> str:
    """minutes, hours, days, weeks or months."""
    return next(unit for pattern, unit in words.units.items() if re.fullmatch(pattern, said))


def say_day_month(words: Lexicon) -> Say:
    """A rule's say for `day`, `month` and maybe `year`; no day means the first."""

    def say(slots: Slots, match: re.Match[str]) -> None:
        year = int(match["year"]) if match["year"] else None
        say_date(slots, int(match["day"] or 1), meaning(match["month"], words.months), year)

    return say


def say_day_alone(slots: Slots, match: re.Match[str]) -> None:
    """The day of a month that is not said."""
    if not 1 <= int(match["day"]) <= 31:
        raise DateNotUnderstood("impossible")
    slots.say("day", int(match["day"]))


def flag(name: str, value: object) -> Say:
    """A rule's say that always says the same."""
    return lambda slots, _: slots.say(name, value)
