"""The result as a picture for a phone: numbered bars, named where a font at hand has the letters.

The numbers are those of the message above it, so that the picture needs no language.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plugins.polls import lettering

_WIDTH, _EDGE = 720, 28
_BAR, _NUMBER, _COUNT = 40, 56, 72
_ABOVE, _BELOW, _BETWEEN = 30, 16, 28
"""From a row's top to the baseline of its name, from the last baseline to the bar, from bar to next row."""
_INK, _PALE, _FILL, _BEST, _NONE, _PAPER = "#1b1d22", "#5c6370", "#8fb4e3", "#1f5fbf", "#dfe3ea", "#ffffff"
_NAME_ROOM = _WIDTH - 2 * _EDGE - _NUMBER


@dataclass(frozen=True, slots=True)
class Bar:
    """One option: its name, how many voices it has, whether none has more."""

    name: str
    count: int
    best: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """A bar with its name in lines, `font` None where none has the letters."""

    number: int
    bar: Bar
    font: Any
    lines: Sequence[str]

    @property
    def height(self) -> int:
        return _above(self.lines) + _BAR + _BETWEEN


def picture(bars: Sequence[Bar]) -> bytes:
    """A PNG of the bars, from right to left where the names run so."""
    from PIL import Image, ImageDraw  # 20 MB that most processes never need

    rows = [_row(number, bar) for number, bar in enumerate(bars, 1)]
    mirrored = lettering.runs_right_to_left("".join(bar.name for bar in bars))
    image = Image.new("RGB", (_WIDTH, _EDGE + sum(row.height for row in rows)), _PAPER)
    page = _Page(ImageDraw.Draw(image), mirrored, max((bar.count for bar in bars), default=0))
    top = _EDGE
    for row in rows:
        page.draw_row(row, top)
        top += row.height
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _row(number: int, bar: Bar) -> _Row:
    name = lettering.without_pictures(bar.name)
    font = lettering.font_for(name)
    return _Row(number, bar, font, lettering.in_lines(name, font.getlength, _NAME_ROOM) if font else ())


def _above(lines: Sequence[str]) -> int:
    """From the row's top to its bar."""
    return _ABOVE + _BELOW + lettering.LEADING * (len(lines) - 1) if lines else 0


@dataclass(frozen=True, slots=True)
class _Page:
    draw: Any
    mirrored: bool
    most: int

    def draw_row(self, row: _Row, top: int) -> None:
        """The name in its lines, under it the number, the bar and the count."""
        for place, line in enumerate(row.lines):
            self._name(line, row.font, top + _ABOVE + lettering.LEADING * place)
        bar_top = top + _above(row.lines)
        self._number(str(row.number), _EDGE, bar_top, _PALE)
        end = self._bar(row.bar, bar_top)
        self._number(str(row.bar.count), end + 14, bar_top, _INK)

    def _bar(self, bar: Bar, top: int) -> int:
        """Returns where it ends."""
        room = _NAME_ROOM - _COUNT
        length = max(6, round(room * bar.count / self.most)) if self.most else 6
        left = _EDGE + _NUMBER
        fill = (_BEST if bar.best else _FILL) if bar.count else _NONE
        self.draw.rounded_rectangle(self._box(left, top, left + length), radius=8, fill=fill)
        return left + length

    def _name(self, line: str, font: Any, baseline: int) -> None:
        backwards = lettering.runs_right_to_left(line) and lettering.joins_letters()
        direction = {"direction": "rtl"} if backwards else {}
        self._text(line, _EDGE + _NUMBER, baseline, font, _INK, **direction)

    def _number(self, text: str, x: int, bar_top: int, fill: str) -> None:
        self._text(text, x, bar_top + 31, lettering.plain(30), fill)

    def _text(self, text: str, x: int, baseline: int, font: Any, fill: str, **more: str) -> None:
        place = _WIDTH - x if self.mirrored else x
        anchor = "rs" if self.mirrored else "ls"
        self.draw.text((place, baseline), text, font=font, fill=fill, anchor=anchor, **more)

    def _box(self, left: int, top: int, right: int) -> tuple[int, int, int, int]:
        if self.mirrored:
            left, right = _WIDTH - right, _WIDTH - left
        return left, top, right, top + _BAR
