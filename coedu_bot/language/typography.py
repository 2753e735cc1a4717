"""French spacing before and inside punctuation, for the bot's own sentences."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

NBSP: Final = "\u00a0"
NNBSP: Final = "\u202f"

_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_SPACES = "[ \u00a0\u202f]"
# what may follow punctuation that ends something; a letter there means `!aide`, `8:30` or an address
_END = r"(?=[\s»)\]}*_.,…!?;:\"\u2069]|$)"
_AFTER_WORD = r"(?<=[\w»)}\]`*…%€\"\u2069])"
_COLON = re.compile(rf"(?:{_AFTER_WORD}{_SPACES}*|(?<=\S){_SPACES}+):{_END}")
_HIGH = re.compile(rf"(?:{_AFTER_WORD}{_SPACES}*|(?<=\S){_SPACES}+)([;!?]){_END}")
_OPENING = re.compile(rf"«{_SPACES}*(?=\S)")
_CLOSING = re.compile(rf"(?<=\S){_SPACES}*»")


@lru_cache(maxsize=2048)
def french(text: str) -> str:
    """The text with U+00A0 before `:` and inside « », U+202F before `; ! ?`; code stays as it is."""
    parts, end = [], 0
    for code in _CODE.finditer(text):
        parts += [_spaced(text[end : code.start()]), code[0]]
        end = code.end()
    return "".join((*parts, _spaced(text[end:])))


def _spaced(text: str) -> str:
    text = _COLON.sub(f"{NBSP}:", text)
    text = _HIGH.sub(rf"{NNBSP}\1", text)
    text = _OPENING.sub(f"«{NBSP}", text)
    return _CLOSING.sub(f"{NBSP}»", text)
