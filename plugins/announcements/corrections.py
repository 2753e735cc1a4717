"""What changed between two wordings, in the smallest piece that can be read alone; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_CLAUSE = re.compile(r"[^\n.;:!?,]+(?:[.,:](?=\d)[^\n.;:!?,]+)*")
_MARKUP = re.compile(r"[*_`#>]+|^\s*[-•–]\s+")
_TOKEN = re.compile(r"\S+")
_MOST = 4
"""More changes than this are a new text: the whole is read again, not a list of differences."""


@dataclass(frozen=True, slots=True)
class Change:
    """A clause as it is now, and the words in it that were others `before` ("" if it is new)."""

    now: str
    before: str


def changes(old: str, new: str) -> list[Change]:
    """The clauses of `new` that `old` does not have; none if there are too many to list."""
    before, after = _clauses(old), _clauses(new)
    found: list[Change] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag in ("replace", "insert"):
            gone = before[i1:i2]
            for offset, clause in enumerate(after[j1:j2]):
                old_clause = gone[offset] if offset < len(gone) else ""
                found.append(Change(clause, _replaced(old_clause, clause)))
    return found if len(found) <= _MOST else []


def _clauses(text: str) -> list[str]:
    lines = (_MARKUP.sub("", line) for line in text.split("\n"))
    return [clause.strip() for line in lines for clause in _CLAUSE.findall(line) if clause.strip()]


def _replaced(old: str, new: str) -> str:
    """The words of the old clause from the first to the last that changed: "8 h 30", not "8 30"."""
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    blocks = [
        block for block in SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes() if block[0] != "equal"
    ]
    words = a[blocks[0][1] : blocks[-1][2]] if blocks else []
    # a clause that is mostly other words is new, not corrected
    return " ".join(words) if len(words) < max(3, len(a)) else ""
