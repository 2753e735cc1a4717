"""From a text to what its pieces say, as far as every piece says something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from coedu_bot.language.dates.lexicon import Lexicon
from coedu_bot.language.dates.marks import Mark, Word
from coedu_bot.language.dates.rules import NO_RULE, Phrases, Rule
from coedu_bot.language.dates.rules_of_days import dates, days
from coedu_bot.language.dates.rules_of_hours import amounts, every_amount, hours, later
from coedu_bot.language.dates.rules_of_ties import numbers, ties, turns

READ_LANGUAGES = ("fr", "en", "es", "pt", "tr", "ar", "de", "ro", "uk", "zh")

_GAPS = " ()"
_MOST_MARKS = 24
_LATIN = re.compile("[a-z]")
_LETTERS = {
    "ar": re.compile("[\u0600-\u06ff]"),
    "uk": re.compile("[\u0400-\u04ff]"),
    "zh": re.compile("[\u3400-\u9fff]"),
}
_PARTS = (later, every_amount, turns, dates, hours, days, ties, amounts, numbers)


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark, and where its piece of the text ends."""

    mark: Mark
    end: int


@dataclass(frozen=True, slots=True)
class Scan:
    """The marks of a text's beginning, and whether they are all of it."""

    placed: tuple[Placed, ...]
    complete: bool


@cache
def rules_of(language: str) -> tuple[Rule, ...]:
    """The rules of a language; none for one that is not read, so that its dates are refused."""
    if language not in READ_LANGUAGES:
        return ()
    words: Lexicon = import_module(f"coedu_bot.language.dates.lexicons.{language}").WORDS
    phrases = Phrases(words)
    return tuple(rule for part in _PARTS for rule in part(phrases) if rule is not NO_RULE)


def that_may_read(languages: Sequence[str], plain: str) -> list[str]:
    """Those whose letters the text has, each once; figures alone are for all of them."""
    languages = list(dict.fromkeys(languages))
    return [one for one in languages if _LETTERS.get(one, _LATIN).search(plain)] or languages


def scans(plain: str, languages: Sequence[str]) -> Iterator[Scan]:
    """What each language makes of a text, in their order; the same reading once."""
    seen: set[Scan] = set()
    for language in that_may_read(languages, plain):
        scanned = scan(plain, language)
        if scanned not in seen:
            seen.add(scanned)
            yield scanned


def scan(plain: str, language: str) -> Scan:
    """Take piece after piece, until one says nothing."""
    placed: list[Placed] = []
    place = 0
    while place < len(plain) and len(placed) < _MOST_MARKS:
        if plain[place] in _GAPS:
            place += 1
            continue
        end = _take(plain, place, language, placed)
        if end == place:
            return Scan(tuple(placed), False)
        place = end
    return Scan(tuple(placed), place >= len(plain))


def _take(plain: str, place: int, language: str, placed: list[Placed]) -> int:
    for rule in rules_of(language):
        match = rule.pattern.match(plain, place)
        if match is not None and match.end() > place:
            placed += (Placed(mark, match.end()) for mark in rule.make(match) if mark is not Word.NOTHING)
            return match.end()
    return place
