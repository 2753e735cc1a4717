"""What a rule is, and how the templates of a lexicon become rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from coedu_bot.language.dates.lexicon import NEVER, Lexicon
from coedu_bot.language.dates.marks import Mark
from coedu_bot.language.dates.text import without_accents

Marks = tuple[Mark, ...]
T = TypeVar("T")

_WORD_END = r"(?!\w)"
_FIGURES_END = r"(?:(?<!\d)|(?!\d))"
_NEVER = (NEVER, f"(?:{NEVER})")


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and what it says."""

    pattern: re.Pattern[str]
    make: Callable[[re.Match[str]], Marks]


def _say_nothing(match: re.Match[str]) -> Marks:
    return ()


NO_RULE = Rule(re.compile(NEVER), _say_nothing)
"""For what a language does not have."""


def either(patterns: Iterable[str]) -> str:
    """Any of these patterns, the first that fits."""
    return "(?:" + ("|".join(patterns) or NEVER) + ")"


def meaning(said: str, words: Mapping[str, T]) -> T:
    """What a table says of a word; raises KeyError for one that is not in it."""
    for pattern, value in words.items():
        if re.fullmatch(without_accents(pattern), said):
            return value
    raise KeyError(said)


class Phrases:
    """Builds the rules of one lexicon."""

    def __init__(self, words: Lexicon) -> None:
        self.words = words
        count = either((*words.fractions, *words.numbers))
        self._places = {
            "{weekday}": either((*words.weekdays, *words.short_weekdays)),
            "{month}": either(words.months),
            "{number}": either((r"\d{1,3}", *words.numbers)),
            "{n}": rf"(?P<n>\d{{1,3}}(?:[.,]\d)?|{count})",
            "{hour}": rf"(?P<h>\d{{1,2}}|{either((*words.hour_names, *words.numbers))})",
            "{unit}": f"(?P<u>{either(words.units)})",
            "{s}": f"(?:{words.suffixes})?" if words.suffixes else "",
        }

    def fill(self, template: str) -> str:
        """The template with the language's own words in its places, as the grammar spells them."""
        for place, pattern in self._places.items():
            template = template.replace(place, pattern)
        return without_accents(template)

    def rule(self, template: str, make: Callable[[re.Match[str]], Marks], *, end: str = _WORD_END) -> Rule:
        """A rule; it must end where a word ends unless told otherwise."""
        if template in _NEVER:
            return NO_RULE
        if self.words.joined and end:
            end = _FIGURES_END
        return Rule(re.compile(f"(?:{self.fill(template)}){end}"), make)

    def says(self, template: str, *marks: Mark, end: str = _WORD_END) -> Rule:
        """A rule that always says the same."""
        return self.rule(template, lambda match: marks, end=end)

    def number(self, said: str) -> float:
        """What figures or a word count."""
        if said[0].isdigit():
            return float(said.replace(",", "."))
        return meaning(said, {**self.words.fractions, **self.words.numbers})

    def hour(self, said: str) -> int:
        """The hour that figures or a word name."""
        return (
            int(said) if said[0].isdigit() else meaning(said, {**self.words.hour_names, **self.words.numbers})
        )

    def day(self, said: str) -> int:
        """The day of a month that figures or a word name; an hour has the same words."""
        if said[0].isdigit():
            return int(said)
        return meaning(said, {self.words.first_of_month: 1, **self.words.hour_names, **self.words.numbers})
