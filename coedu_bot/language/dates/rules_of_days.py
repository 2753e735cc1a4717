"""Rules for days: dates in figures and in words, tomorrow, next week, weekdays, the parts of a day."""

from __future__ import annotations

import re
from collections.abc import Mapping

from coedu_bot.language.dates.marks import Clock, Date, Part, Said, Weekday, Word, Wrong
from coedu_bot.language.dates.rules import Marks, Phrases, Rule, either, meaning

_NO_MORE_FIGURES = r"(?![\w/])"


def dates(phrases: Phrases) -> list[Rule]:
    """9/10, 2026-10-09, 10月9日, 9 octobre 2026, October 9th: day first unless the month is a word."""
    return [*_in_figures(phrases), *_in_words(phrases)]


def _in_figures(phrases: Phrases) -> list[Rule]:
    day, month = r"(?P<day>\d{1,2})", r"(?P<month>\d{1,2})"
    found = [
        phrases.rule(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", _figures),
        phrases.rule(rf"{day}(?P<sign>[/.-]){month}(?P=sign)(?P<year>\d{{4}}|\d{{2}}){{s}}", _figures),
        phrases.rule(rf"{day}/{month}{{s}}", _figures, end=_NO_MORE_FIGURES),
        phrases.rule(rf"{day}\.{month}\.", _figures),
        phrases.rule(rf"(?:(?P<year>\d{{4}}) ?年 ?)?{month} ?月 ?{day} ?[日号]?", _figures, end=""),
    ]
    if phrases.words.dotted_dates:
        found.append(phrases.rule(rf"{day}\.{month}(?!\.?\d)", _figures))
    return found


def _in_words(phrases: Phrases) -> list[Rule]:
    words = phrases.words
    opener, of = rf"(?:(?:{words.day_openers}) )?", rf"(?:{words.of})"
    day = rf"(?P<day>\d{{1,2}}|{either((words.first_of_month, *words.numbers))})(?:{words.day_ends})?"
    year = rf"(?:,? ?(?:{of} ?)?(?P<year>20\d\d)(?: ?(?:{words.year_ends}))?)?"
    month = r"(?P<month>{month})\.?{s}"

    def say(match: re.Match[str]) -> Marks:
        month = 1 + next(
            n for n, one in enumerate(words.months) if re.fullmatch(phrases.fill(one), match["month"])
        )
        return _date(int(phrases.day(match["day"])), month, match["year"])

    found = [phrases.rule(rf"{opener}{day}(?: ?{of} ?| ?){month}{year}", say)]
    if words.month_first:
        found.append(phrases.rule(rf"{month} (?:the )?{day}{year}", say))
    return found


def _figures(match: re.Match[str]) -> Marks:
    return _date(int(match["day"]), int(match["month"]), match.groupdict().get("year"))


def _date(day: int, month: int, year: str | None) -> Marks:
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return (Wrong("impossible"),)
    said = int(year) if year else None
    return (Date(day, month, 2000 + said if said is not None and said < 100 else said),)


def days(phrases: Phrases) -> list[Rule]:
    """Tomorrow, next week, the day before, the parts of a day, weekdays."""
    words = phrases.words
    with_note = rf"(?:{words.eve}) [^()]{{1,80}}\((?=[^()]{{1,60}}\))"
    return [
        phrases.says(either(words.past), Wrong("past")),
        phrases.rule(either(words.parts), lambda match: (Part(meaning(match[0], words.parts)),)),
        phrases.rule(
            either(words.today_parts),
            lambda match: (Said("days_ahead", 0), Part(meaning(match[0], words.today_parts))),
        ),
        phrases.says(words.noon_today, Said("days_ahead", 0), Clock(12)),
        _table(phrases, "days_ahead", words.days_ahead),
        phrases.says(words.next_week, Said("week", 1)),
        phrases.says(words.this_week, Said("week", 0)),
        _table(phrases, "weeks_later", words.weeks_later),
        phrases.says(words.coming, Said("coming", True)),
        phrases.says(with_note, Said("eve", True), end=""),
        phrases.says(words.eve, Said("eve", True)),
        *_weekdays(phrases),
    ]


def _table(phrases: Phrases, slot: str, table: Mapping[str, int]) -> Rule:
    return phrases.rule(
        f"(?P<said>{either(table)}){{s}}", lambda match: (Said(slot, meaning(match["said"], table)),)
    )


def _weekdays(phrases: Phrases) -> list[Rule]:
    words = phrases.words
    short_end = rf"(?!\w)(?=\.|,|-|\s*\d|\s*$| (?:{words.and_})(?!\w))\.?"
    found: list[Rule] = []
    for day in range(7):
        mark = Weekday(day)
        if words.every_weekday:
            found.append(phrases.says(words.every_weekday[day], Weekday(day, every=True)))
        found.append(phrases.says(rf"(?:{words.weekdays[day]}){{s}}", mark, end=r"(?![\w'])"))
        found.append(phrases.says(rf"(?:{words.weekdays[day]})(?:{words.from_suffixes})", mark, Word.TO))
        if words.short_weekdays:
            found.append(phrases.says(words.short_weekdays[day], mark, end=phrases.fill(short_end)))
    return found
