"""French spacing before and inside punctuation, for the bot's own sentences."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

NBSP: Final = "\u00a0"
NNBSP: Final = "\u202f"

_SPACES = "[ \u00a0\u202f]"
_BEFORE = rf"(?:(?<=[\w»)}}\]`*…%€\"\u2069]){_SPACES}*|(?<=\S){_SPACES}+)"
# what may follow punctuation that ends something; a letter there means `!aide`, `8:30` or an address
_END = r"(?=[\s»)\]}*_.,…!?;:\"\u2069]|$)"
_PLACE = re.compile(
    rf"(?P<code>(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    rf"|{_BEFORE}(?P<colon>:){_END}"
    rf"|{_BEFORE}(?P<high>[;!?]){_END}"
    rf"|(?P<opening>«){_SPACES}*(?=[^\s»])"
    rf"|(?<=[^\s«]){_SPACES}*(?P<closing>»)",
    re.DOTALL,
)
_SPACED = {"colon": f"{NBSP}:", "opening": f"«{NBSP}", "closing": f"{NBSP}»"}


@lru_cache(maxsize=2048)
def french(text: str) -> str:
    """The text with U+00A0 before `:` and inside « », U+202F before `; ! ?`; code stays as it is."""
    return _PLACE.sub(_spaced, text)


def _spaced(place: re.Match[str]) -> str:
    kind = place.lastgroup or ""
    if kind == "high":
        return NNBSP + place["high"]
    return _SPACED.get(kind, place[0])
