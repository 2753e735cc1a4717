"""Several ranges in one line: jeudi 8/10 16h30-18h, vendredi 9/10 8h-9h."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from coedu_bot.language.dates.reading import read
from coedu_bot.language.dates.values import DateNotUnderstood, Range

_SEPARATORS = re.compile(r"[,;،؛\n]+")
_MOST_PIECES = 60
_MOST_JOINED = 3  # "Friday, 9 October 2026, 16:30-18:00" has commas of its own


def read_ranges(text: str, *, now: datetime, zone: str, languages: Sequence[str]) -> tuple[Range, ...]:
    """The ranges that a text lists; steps said once, at the end, are those of all.

    Raises DateNotUnderstood, with the first piece that is no range.
    """
    pieces = [piece.strip() for piece in _SEPARATORS.split(text) if piece.strip()]
    if not pieces or len(pieces) > _MOST_PIECES:
        raise DateNotUnderstood("leftover" if pieces else "empty", text[:80])
    ranges: list[Range] = []
    place = 0
    while place < len(pieces):
        found, taken = _next(pieces[place : place + _MOST_JOINED], now, zone, languages)
        ranges.append(found)
        place += taken
    step = ranges[-1].step
    return tuple(one if one.step else replace(one, step=step) for one in ranges)


def _next(pieces: list[str], now: datetime, zone: str, languages: Sequence[str]) -> tuple[Range, int]:
    refusal: DateNotUnderstood | None = None
    for count in range(1, len(pieces) + 1):
        text = ", ".join(pieces[:count])
        try:
            value = read(text, now=now, zone=zone, languages=languages)
        except DateNotUnderstood as problem:
            refusal = refusal or problem
            continue
        if isinstance(value, Range):
            return value, count
        refusal = refusal or DateNotUnderstood("needs-time", "", text)
    raise refusal or DateNotUnderstood("leftover")
