"""What two ways of typing one word have in common, in every language the bot speaks."""

from __future__ import annotations

import re
import unicodedata

_BEFORE_COLON = re.compile(r"(?<!\s)\s+:")

# what Unicode's compatibility decomposition leaves apart but people type for one another
_SAME = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ′`´", "'"),
        **dict.fromkeys("‐‑‒–—−", "-"),
        "ı": "i",  # Turkish keyboards
        "œ": "oe",
        "æ": "ae",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ـ": None,  # tatweel only stretches a word
    }
)
_INVISIBLE = frozenset({"Mn", "Cf"})


def fold(text: str) -> str:
    """The form of a word under which it is looked up: without case, accents, typographic variants."""
    if text.isascii():
        return _BEFORE_COLON.sub(":", text.lower().replace("`", "'"))
    plain = _decomposed(_decomposed(text))  # twice: some letters decompose only in lower case
    return _BEFORE_COLON.sub(":", "".join(c for c in plain if unicodedata.category(c) not in _INVISIBLE))


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFKD", text.casefold().translate(_SAME)).casefold().translate(_SAME)
