"""Bidirectional text: keeps names, hours and whole paragraphs of the other direction in one piece.

Isolates end with the line (UAX #9, P1), so everything here works on single lines.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LRM: Final = "\u200e"
RLM: Final = "\u200f"
LRI: Final = "\u2066"
RLI: Final = "\u2067"
FSI: Final = "\u2068"
PDI: Final = "\u2069"

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_STRONG = {"L": False, "R": True, "AL": True}


def has_right_to_left(text: str) -> bool:
    """Whether anything in the text is written from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def starts_right_to_left(text: str) -> bool | None:
    """The direction of the first letter that has one; None when there is none."""
    if text.isascii():
        return False if any(c.isalpha() for c in text) else None
    directions = (_STRONG.get(unicodedata.bidirectional(c)) for c in text)
    return next((direction for direction in directions if direction is not None), None)


def without_controls(text: str) -> str:
    """The text without embeddings, overrides and isolates, which could reach beyond it."""
    return text if text.isascii() else _CONTROLS.sub("", text)


def isolated(value: str, *, right_to_left: bool) -> str:
    """A value for a sentence of that direction, in U+2068…U+2069 unless all is left-to-right."""
    if right_to_left or has_right_to_left(value):
        return f"{FSI}{value}{PDI}"
    return value


def framing(line: str, *, right_to_left: bool, within_right_to_left: bool) -> tuple[str, str]:
    """What to put before and after a line of a block so that it keeps its own direction in its message.

    A client takes a message's direction from its first letter: where that one misleads, a mark goes before.
    """
    if right_to_left != within_right_to_left:
        return (RLI if right_to_left else LRI), PDI
    if starts_right_to_left(line) is (not right_to_left):
        return (RLM if right_to_left else LRM), ""
    return "", ""
