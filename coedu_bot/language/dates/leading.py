"""A date that begins a line of text: the longest beginning that reads as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from coedu_bot.language.dates.marks import Clock, Date, Mark, Part, Said, Weekday, Word
from coedu_bot.language.dates.meaning import value_of
from coedu_bot.language.dates.reading import LONGEST, explained, worst
from coedu_bot.language.dates.scanning import Scan, scans
from coedu_bot.language.dates.text import Spelled, spelled
from coedu_bot.language.dates.values import DateNotUnderstood, Days, Value

_ENDS = re.compile(r"(?=$|[\s)\]）：，。、；]|[:,;.!?…–—-]+(?:\s|$))")
_BETWEEN = re.compile(r"[)\]）\u200e\u200f\u2066-\u2069]*\s*(?:[：，。、；]+|[:,;.!…–—-]+(?=\s|$))?\s*")
_CAN_END = (Word.UP_TO, Word.EVERY_OTHER, Word.WORKDAYS, Word.OF_THE_MONTH)
_FINAL = ("past", "impossible", "nonexistent")


@dataclass(frozen=True, slots=True)
class _Beginning:
    """How much of a text a language understood: up to `end`, as a value or not at all."""

    end: int
    value: Value | None = None
    refusal: DateNotUnderstood | None = None


def read_leading(text: str, *, now: datetime, zone: str, languages: Sequence[str]) -> tuple[Value, str]:
    """The date that a text begins with, and the text after it; raises DateNotUnderstood without one.

    The longest beginning counts, in whichever language; no word or number is cut in two.
    """
    text = text.strip()
    if not text:
        raise DateNotUnderstood("empty")
    words = spelled(_head(text))
    found = [_beginning(words, scanned, now, zone) for scanned in scans(words.plain, languages)]
    best = max(found, key=lambda one: (one.end, one.value is not None), default=_Beginning(0))
    if best.value is None:
        refusal = worst([one.refusal for one in found if one.refusal])
        raise DateNotUnderstood(refusal.reason, text[len(refusal.understood) :].strip(), refusal.understood)
    return best.value, _BETWEEN.sub("", text[best.end :], count=1)


def _head(text: str) -> str:
    """As much of the first line as a date may take, without half a word at its end."""
    line = text.partition("\n")[0]
    if len(line) <= LONGEST:
        return line
    return line[:LONGEST].rpartition(" ")[0] or line[:LONGEST]


def _beginning(words: Spelled, scanned: Scan, now: datetime, zone: str) -> _Beginning:
    refusal: DateNotUnderstood | None = None
    for count, end in _ends(words, scanned):
        try:
            value = value_of([one.mark for one in scanned.placed[:count]], now, zone)
        except DateNotUnderstood as problem:
            refusal = worst([one for one in (_fair(problem, scanned), refusal) if one])
            if problem.reason in _FINAL:
                return _Beginning(end, refusal=explained(problem, words, scanned, words.typed))
            continue
        if not isinstance(value, Days) or _is_only_a_day(scanned, count, refusal):
            return _Beginning(end, value)
    refusal = refusal or DateNotUnderstood("leftover")
    return _Beginning(0, refusal=explained(refusal, words, scanned, words.typed))


def _fair(problem: DateNotUnderstood, scanned: Scan) -> DateNotUnderstood:
    """An hour is not missing if one stands further on, where it could not be read."""
    if problem.reason == "needs-time" and any(isinstance(one.mark, Clock) for one in scanned.placed):
        return DateNotUnderstood("leftover", problem.rest)
    return problem


def _is_only_a_day(scanned: Scan, count: int, refusal: DateNotUnderstood | None) -> bool:
    """Not where an hour follows that could not be read with it: then the hour is what is wrong."""
    hour = any(isinstance(one.mark, Clock | Part) for one in scanned.placed[count : count + 2])
    return not hour and (refusal is None or refusal.reason == "leftover")


def _is_date(mark: Mark) -> bool:
    return isinstance(mark, Weekday | Date | Clock | Said)


def _ends(words: Spelled, scanned: Scan) -> Iterator[tuple[int, int]]:
    """Where a date may end, longest first: how many marks, and which place of the typed text."""
    placed = scanned.placed
    for count in range(len(placed), 0, -1):
        mark, end = placed[count - 1].mark, words.typed_end(placed[count - 1].end)
        following = [one.mark for one in placed[count : count + 2]]
        if isinstance(mark, Word) and mark not in _CAN_END:
            continue
        if len(following) == 2 and following[0] in (Word.OR, Word.AND) and _is_date(following[1]):
            continue  # "18h ou 19h" is not 18h, nor is "lundi 8h et mardi 9h" one date
        if _ENDS.match(words.typed, end):
            yield count, end
