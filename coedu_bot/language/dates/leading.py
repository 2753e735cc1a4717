"""A date that begins a line of text: the longest beginning that reads as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from coedu_bot.language.dates.reading import read
from coedu_bot.language.dates.values import DateNotUnderstood, Value

_LONGEST = 240
_WORD = re.compile(r"\s*[^\s:,;]+(?::[^\s:,;]+)*")
_BETWEEN = re.compile(r"\s*(?:[:,;–—-](?=\s|$))?\s*")
_MOST_WORDS = 16


def read_leading(text: str, *, now: datetime, zone: str, languages: Sequence[str]) -> tuple[Value, str]:
    """The date that a text begins with, and the text after it; raises DateNotUnderstood without one."""
    text = text.strip()
    refusal: DateNotUnderstood | None = None
    for end in reversed(_word_ends(text)):
        try:
            value = read(text[:end], now=now, zone=zone, languages=languages)
        except DateNotUnderstood as problem:
            if refusal is None or problem.reason not in ("leftover", "empty"):
                refusal = problem
            continue
        return value, _BETWEEN.sub("", text[end:], count=1)
    raise refusal or DateNotUnderstood("empty")


def _word_ends(text: str) -> list[int]:
    ends: list[int] = []
    head, place = text.partition("\n")[0][:_LONGEST], 0
    while place < len(head) and len(ends) < _MOST_WORDS:
        match = _WORD.match(head, place)
        if match is None:
            break
        ends.append(match.end())
        place = match.end()
    return ends
