"""How names are lettered in a picture: a font that has them, in which direction, in which lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SIZE, LEADING = 28, 36
_PACKAGED = (
    ("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"),
    ("fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf"),
)
"""Fonts that come with the bot: most scripts of Europe, and Arabic (which has Latin letters too)."""
_ELSEWHERE = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "C:/Windows/Fonts/msyh.ttc",
)
"""Where fonts with more scripts usually lie; without one such a name is left to the message."""


def plain(size: int) -> Any:
    """The font of numbers."""
    return _loaded(_paths()[0], size)


def font_for(text: str) -> Any:
    """The first font that has every letter; None where the text cannot be drawn as it is written."""
    if runs_right_to_left(text) and not joins_letters():
        return None
    return next((_loaded(path, SIZE) for path in _paths() if _has(path, text)), None)


def without_pictures(name: str) -> str:
    """A name without emoji and what joins them: fonts of letters do not have them."""
    kept = (char for char in unicodedata.normalize("NFC", name) if not _is_pictorial(char))
    return " ".join("".join(kept).split())


def runs_right_to_left(text: str) -> bool:
    """Whether its first letter with a direction has that one."""
    strong = (unicodedata.bidirectional(char) for char in text)
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)


@cache
def joins_letters() -> bool:
    """Whether letters can be joined and ordered as Arabic wants them."""
    from PIL import features

    return bool(features.check("raqm"))


def in_lines(text: str, measure: Callable[[str], float], room: float, most: int = 2) -> list[str]:
    """The text in at most so many lines, each no wider than there is room; what is left out shows as `…`."""
    lines, words = list[str](), text.split()
    while words and len(lines) < most - 1:
        taken = next((n for n in range(len(words), 0, -1) if measure(" ".join(words[:n])) <= room), 0)
        if not taken:
            break
        lines.append(" ".join(words[:taken]))
        words = words[taken:]
    return [*lines, _cut(" ".join(words), measure, room)] if words else lines


def _cut(line: str, measure: Callable[[str], float], room: float) -> str:
    if measure(line) <= room:
        return line
    fits = (n for n in range(len(line) - 1, 0, -1) if measure(line[:n].rstrip() + "…") <= room)
    return line[: next(fits, 0)].rstrip() + "…"


def _is_pictorial(char: str) -> bool:
    joins = unicodedata.category(char) == "Cf" or char in "\ufe0e\ufe0f\u20e3"
    return joins or unicodedata.category(char) in ("So", "Sk", "Cs")


@cache
def _paths() -> tuple[str, ...]:
    """The fonts that are there, the bot's own first."""
    found = [(find_spec(package), name) for package, name in _PACKAGED]
    own = [str(Path(spec.origin).parent / "files" / name) for spec, name in found if spec and spec.origin]
    return tuple(path for path in (*own, *_ELSEWHERE) if Path(path).is_file())


def _has(path: str, text: str) -> bool:
    missing = _drawn(path, "\uffff")
    return all(char.isspace() or _drawn(path, char) != missing for char in set(text))


def _drawn(path: str, char: str) -> bytes:
    return bytes(_loaded(path, SIZE).getmask(char))


@cache
def _loaded(path: str, size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(path, size)
