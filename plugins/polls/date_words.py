"""Answers to dates as people type them: `1 oui 2 peut-être`, `1, 3 ✅ 2: non`; pure."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from plugins.polls.date_domain import Answer

SIGNS = {"✅": Answer.YES, "🤷": Answer.MAYBE, "❌": Answer.NO}
"""What can be tapped, and typed, in place of a word."""

_VARIANTS = re.compile("[\u2640\u2642\U0001f3fb-\U0001f3ff]")  # of people's hands and shoulders
_AND = r"(?:\s*[,،、;+&/]\s*|\s+)"
_SOME = re.compile(rf"[\s,،、;]*(?P<numbers>\d{{1,2}}(?:{_AND}\d{{1,2}})*)[\s:=.)\-]*(?P<word>[^\d]+)")
_AROUND = " \t\n.,،、;!:|"


def read_answers(
    folded: str, words: Mapping[str, Answer], dates: int, joints: Container[str] = ()
) -> dict[int, Answer] | None:
    """What a text says to which of so many dates; None where any of it says nothing of the kind.

    `folded` without case and accents, as the `words` are; `joints` only join (`1 et 2 oui`).
    """
    found: dict[int, Answer] = {}
    place, text = 0, _plain(folded, joints)
    while place < len(text):
        part = _SOME.match(text, place)
        answer = words.get(part["word"].strip(_AROUND)) if part else None
        if part is None or answer is None:
            return None
        for number in map(int, re.findall(r"\d+", part["numbers"])):
            if not 1 <= number <= dates or found.setdefault(number, answer) is not answer:
                return None
        place = part.end()
    return found or None


def _plain(folded: str, joints: Container[str]) -> str:
    parts = _VARIANTS.sub("", folded).split()
    return " ".join("," if part in joints else part for part in parts)
