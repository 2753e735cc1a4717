"""Reads a text that is a date, in the first language that understands all of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from coedu_bot.language.dates.meaning import value_of
from coedu_bot.language.dates.scanning import Scan, scans
from coedu_bot.language.dates.text import Spelled, spelled
from coedu_bot.language.dates.values import DateNotUnderstood, Value

LONGEST = 240
"""No date has more characters; what is longer is text, and its beginning is enough to say so."""

_AROUND = " \t\r\n\u00a0\u202f.,;!?"


def read(text: str, *, now: datetime, zone: str, languages: Sequence[str]) -> Value:
    """Read a date in the first of the languages that understands all of it.

    `now` is aware. Raises DateNotUnderstood, with the reason that says most.
    """
    text = text.strip(_AROUND)
    if not text:
        raise DateNotUnderstood("empty")
    words = spelled(text[:LONGEST])
    refusals: list[DateNotUnderstood] = []
    for scanned in scans(words.plain, languages):
        try:
            if not scanned.complete or len(text) > LONGEST:
                raise DateNotUnderstood("leftover")
            return value_of([one.mark for one in scanned.placed], now, zone)
        except DateNotUnderstood as problem:
            refusals.append(explained(problem, words, scanned, text))
    raise worst(refusals)


def explained(problem: DateNotUnderstood, words: Spelled, scanned: Scan, text: str) -> DateNotUnderstood:
    """The refusal with what was clear at the beginning of the text, and what was not."""
    end = words.typed_end(scanned.placed[-1].end) if scanned.placed else 0
    return DateNotUnderstood(problem.reason, text[end:].strip(), text[:end].strip())


def worst(refusals: Sequence[DateNotUnderstood]) -> DateNotUnderstood:
    """The refusal that says most: a reason rather than "not understood", then whose beginning is longest."""
    return max(refusals, key=_weight, default=DateNotUnderstood("leftover"))


def _weight(refusal: DateNotUnderstood) -> tuple[bool, int]:
    return refusal.reason != "leftover", len(refusal.understood)
