"""One spelling for all keyboards: accents, capitals, digits, dashes and spaces as the grammar has them."""

from __future__ import annotations

import re
import unicodedata

_SAME = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "–": "-", "—": "-", "\u2011": "-", "\u00a0": " ", "\u202f": " ", "،": ","}
)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def normal(text: str) -> str:
    """The text in lower case, without accents, with ASCII digits, dashes and single spaces."""
    text = _INVISIBLE.sub("", text.translate(_SAME)).casefold()
    plain = (char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    digits = (str(unicodedata.digit(char)) if char.isdigit() else char for char in plain)
    return re.sub(r"\s+", " ", "".join(digits)).strip(" .,;!?")
