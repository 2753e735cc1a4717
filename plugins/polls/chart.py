"""The result as a picture for a phone: numbered bars; names too where a font of the machine has them.

The numbers are those of the message above it, so that the picture needs no language.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_WIDTH, _ROW, _EDGE = 720, 112, 28
_BAR, _NUMBER, _COUNT = 40, 56, 72
_INK, _PALE, _FILL, _BEST, _PAPER = "#1b1d22", "#5c6370", "#8fb4e3", "#1f5fbf", "#ffffff"
_FONTS = (
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "C:/Windows/Fonts/arial.ttf",
)
"""Where fonts with many scripts usually lie; none is needed, the names are then left to the message."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One option: its name, how many voices it has, whether none has more."""

    name: str
    count: int
    best: bool


def picture(bars: Sequence[Bar]) -> bytes:
    """A PNG of the bars, from right to left where the names run so."""
    from PIL import Image, ImageDraw  # 20 MB that most processes never need

    mirrored = _runs_right_to_left("".join(bar.name for bar in bars))
    image = Image.new("RGB", (_WIDTH, _EDGE + _ROW * len(bars)), _PAPER)
    page = _Page(ImageDraw.Draw(image), mirrored, max((bar.count for bar in bars), default=0))
    for number, bar in enumerate(bars, 1):
        page.row(number, bar, top=_EDGE + (number - 1) * _ROW)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class _Page:
    draw: Any
    mirrored: bool
    most: int

    def row(self, number: int, bar: Bar, *, top: int) -> None:
        """The number, the name above the bar, the count behind it."""
        self._text(str(number), _EDGE, top + 44, 30, _PALE)
        self._name(bar.name, top)
        room = _WIDTH - 2 * _EDGE - _NUMBER - _COUNT
        length = max(6, round(room * bar.count / self.most)) if self.most else 6
        left = _EDGE + _NUMBER
        box = (left, top + 42, left + length, top + 42 + _BAR)
        fill = _BEST if bar.best and bar.count else _FILL
        self.draw.rounded_rectangle(self._box(box), radius=8, fill=fill if bar.count else "#dfe3ea")
        self._text(str(bar.count), left + length + 14, top + 44, 30, _INK)

    def _name(self, name: str, top: int) -> None:
        font = _font_for(name)
        if font is None:
            return
        room = _WIDTH - 2 * _EDGE - _NUMBER
        while self.draw.textlength(name, font=font) > room:
            name = name.rstrip("…")[:-1].rstrip() + "…"
        x = _WIDTH - _EDGE - _NUMBER if self.mirrored else _EDGE + _NUMBER
        direction = {"direction": "rtl"} if _runs_right_to_left(name) and _shapes() else {}
        anchor = "ra" if self.mirrored else "la"
        self.draw.text((x, top + 2), name, font=font, fill=_INK, anchor=anchor, **direction)

    def _text(self, text: str, x: int, y: int, size: int, fill: str) -> None:
        place = _WIDTH - x if self.mirrored else x
        anchor = "ra" if self.mirrored else "la"
        self.draw.text((place, y), text, font=_plain_font(size), fill=fill, anchor=anchor)

    def _box(self, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        left, top, right, bottom = box
        return (_WIDTH - right, top, _WIDTH - left, bottom) if self.mirrored else box


def _runs_right_to_left(text: str) -> bool:
    strong = (unicodedata.bidirectional(char) for char in text)
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)


@cache
def _plain_font(size: int) -> Any:
    """Pillow's own, for digits."""
    from PIL import ImageFont

    return ImageFont.load_default(size)


@cache
def _shapes() -> bool:
    """Whether letters can be joined and ordered as Arabic wants them."""
    from PIL import features

    return bool(features.check("raqm"))


def _font_for(text: str) -> Any:
    """The first font that has every letter; None where names cannot be drawn as they are written."""
    if _runs_right_to_left(text) and not _shapes():
        return None
    for path in _FONTS:
        if Path(path).is_file() and _has(path, text):
            return _loaded(path)
    return None


def _has(path: str, text: str) -> bool:
    missing = bytes(_loaded(path).getmask("\uffff"))
    return all(char.isspace() or bytes(_loaded(path).getmask(char)) != missing for char in set(text))


@cache
def _loaded(path: str) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(path, 28)
