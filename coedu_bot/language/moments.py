"""Days, hours and numbers as each language writes them (CLDR through Babel; French hours by hand)."""

from __future__ import annotations

from datetime import date, time
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from coedu_bot.language.languages import LANGUAGES
from coedu_bot.language.typography import NBSP

if TYPE_CHECKING:
    from babel import Locale


@cache
def locale(language: str) -> Locale:
    """The CLDR data of an interface language, loaded on first use, in some 5 ms."""
    from babel import Locale

    return Locale.parse(LANGUAGES[language].locale)


@lru_cache(maxsize=1024)
def show_day(day: date, language: str) -> str:
    """The day in full: vendredi 9 octobre 2026."""
    from babel.dates import format_date

    return _ordinal(format_date(day, "full", locale=locale(language)), language)


@lru_cache(maxsize=1024)
def show_day_briefly(day: date, language: str) -> str:
    """The day without its year: ven. 9 oct."""
    from babel.dates import format_skeleton

    return _ordinal(format_skeleton("MMMEd", day, locale=locale(language)), language)


def _ordinal(day: str, language: str) -> str:
    """The first of a month is the only day with an ordinal in French; CLDR does not know."""
    return day.replace(" 1 ", " 1er ") if language == "fr" else day


@cache
def show_place(zone: str, language: str) -> str:
    """The place whose clocks an IANA zone means: La Réunion."""
    from babel.dates import get_timezone_location

    return str(get_timezone_location(zone, locale=locale(language), return_city=True))


def show_hour(hour: time, language: str) -> str:
    """The hour on a clock of 24: `8 h`, `8 h 05` with U+00A0 in French, 08:05 elsewhere."""
    if language != "fr":
        return f"{hour:%H:%M}"
    minutes = f"{NBSP}{hour:%M}" if hour.minute else ""
    return f"{hour.hour}{NBSP}h{minutes}"


def show_number(number: int, language: str) -> str:
    """The number with the language's grouping."""
    if -1000 < number < 1000:  # nothing to group, and Babel takes its time
        return str(number)
    from babel.numbers import format_decimal

    return format_decimal(number, locale=locale(language))


def show_list(parts: list[str], language: str) -> str:
    """Parts joined as in speech: a, b et c."""
    from babel.lists import format_list

    return format_list(parts, locale=locale(language))
