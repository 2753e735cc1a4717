"""One spelling for all keyboards: accents, capitals, digits, dashes and spaces as the grammar has them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_SAME = (
    dict.fromkeys("’‘ʼ´`", "'")
    | dict.fromkeys("–—\u2010\u2011\u2212", "-")
    | {"\u00a0": " ", "\u202f": " ", "،": ",", "，": ",", "؛": ";", "：": ":", "\u0640": ""}
    | {"ى": "ي", "ة": "ه", "ı": "i", "ß": "ss"}
)
_INVISIBLE = frozenset(map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A))))


@dataclass(frozen=True, slots=True)
class Spelled:
    """A text as the grammar spells it, and where each of its characters came from."""

    typed: str
    plain: str
    origins: tuple[int, ...]

    def typed_end(self, end: int) -> int:
        """The place in the typed text where the first `end` plain characters end, accents included."""
        if end == 0:
            return 0
        place = self.origins[end - 1] + 1
        while place < len(self.typed) and not _plain_char(self.typed[place]):
            place += 1
        return place


def spelled(text: str) -> Spelled:
    """The text in lower case, without accents, with ASCII digits, dashes and single spaces."""
    plain: list[str] = []
    origins: list[int] = []
    for place, char in enumerate(text):
        for one in _plain_char(char):
            if one != " " or (plain and plain[-1] != " "):
                plain.append(one)
                origins.append(place)
    return Spelled(text, "".join(plain), tuple(origins))


def without_accents(pattern: str) -> str:
    """A regular expression, written as the language is, in the grammar's spelling."""
    return "".join(_bare(char) for char in pattern)


@lru_cache(maxsize=4096)
def _plain_char(char: str) -> str:
    if char in _INVISIBLE:
        return ""
    if char.isspace():
        return " "
    return "".join(_bare(one) for one in _SAME.get(char, char).casefold())


@lru_cache(maxsize=4096)
def _bare(char: str) -> str:
    parts = unicodedata.normalize("NFKD", _SAME.get(char, char))
    plain = (one for one in parts if not unicodedata.combining(one))
    return "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in plain)
