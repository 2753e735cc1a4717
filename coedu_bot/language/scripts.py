"""Which script a text is written in: enough to see that somebody does not write the language we think."""

from __future__ import annotations

import re
from typing import Final

_SCRIPTS: Final = {
    "arabic": re.compile("[\u0620-\u064a\u066e-\u06d3\u0750-\u077f\u08a0-\u08c7\ufb50-\ufdff\ufe70-\ufefc]"),
    "cyrillic": re.compile("[\u0400-\u052f]"),
    "han": re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}
_LANGUAGES: Final = {"arabic": ("ar",), "cyrillic": ("uk",), "han": ("zh",)}
_OF_LANGUAGE: Final = {"ar": "arabic", "uk": "cyrillic", "zh": "han"}
_FEWEST = 2
_SHARE = 0.6


def script_of(text: str) -> str | None:
    """The script that most of the letters are of: arabic, cyrillic, han, latin; None where unclear."""
    counts = {name: len(pattern.findall(text)) for name, pattern in _SCRIPTS.items()}
    most = max(counts, key=lambda name: counts[name])
    letters = sum(char.isalpha() for char in text)
    clear = counts[most] >= _FEWEST and counts[most] >= letters * _SHARE
    return most if clear else None


def script_of_language(code: str) -> str:
    """The script that one of the bot's languages is written in."""
    return _OF_LANGUAGE.get(code, "latin")


def language_of_script(script: str) -> tuple[str, ...]:
    """The bot's languages that only this script can mean."""
    return _LANGUAGES.get(script, ())
