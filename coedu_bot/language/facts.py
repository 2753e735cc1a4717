"""What must not change unnoticed in a text: its numbers, its days of the week, its months."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from coedu_bot.language.languages import LANGUAGES
from coedu_bot.language.words import fold

_WORD = re.compile(r"\d+|[^\W\d_]+")
_HOUR_WORDS = frozenset({"midi", "minuit", "noon", "midnight", "demi", "demie", "half", "quart", "quarter"})


def facts(text: str, languages: Iterable[str]) -> tuple[str, ...]:
    """Numbers and calendar words of a text, folded, in the order they stand in."""
    known = _HOUR_WORDS.union(*(_calendar_words(language) for language in languages))
    words = (fold(word) for word in _WORD.findall(text))
    return tuple(word.lstrip("0") or "0" if word.isdigit() else word for word in words if _tells(word, known))


def _tells(word: str, known: frozenset[str]) -> bool:
    return word.isdigit() or word in known


@cache
def _calendar_words(language: str) -> frozenset[str]:
    if language not in LANGUAGES:
        return frozenset()
    from babel.dates import get_day_names, get_month_names

    locale = LANGUAGES[language].locale
    names = (
        name
        for context in ("format", "stand-alone")
        for table in (get_day_names("wide", context, locale), get_month_names("wide", context, locale))
        for name in table.values()
    )
    return frozenset(fold(name) for name in names)
