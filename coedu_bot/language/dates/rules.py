"""The phrases of a language: its own first, then what all share; tried in order at every place of a text."""

from __future__ import annotations

from functools import cache

from coedu_bot.language.dates import english, french
from coedu_bot.language.dates.lexicon import ENGLISH, FRENCH
from coedu_bot.language.dates.shared import Rule, days, fillers, hours, numeric_dates

_OWN = {"fr": (french.rules, FRENCH), "en": (english.rules, ENGLISH)}


@cache
def rules_of(language: str) -> tuple[Rule, ...]:
    """The rules of a language; none for one that is not read yet, so that its dates are refused."""
    if language not in _OWN:
        return ()
    own, words = _OWN[language]
    return (*own(), *numeric_dates(), *days(words), *hours(words), *fillers(words))
