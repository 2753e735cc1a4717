"""Text made safe for a place in Markdown source."""

from __future__ import annotations

import re

_MEANINGFUL = re.compile(r"[\\`*_{}\[\]()#+\-.!<>&|~=\"]")
_BLANKS = re.compile(r"[^\S\u00a0\u202f\u2007]+")  # all white space but what keeps words together
_TICKS = re.compile(r"`+")


def escaped(text: str) -> str:
    """Text that shows as it is, in one line, whatever it contains and wherever it stands."""
    return _MEANINGFUL.sub(r"\\\g<0>", _BLANKS.sub(" ", text).strip(" "))


def as_code(text: str) -> str:
    """Text as a code span, or as a block where it has several lines and must be copied whole."""
    ticks = "`" * (1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    if "\n" in text:
        fence = ticks.ljust(3, "`")
        return f"\n{fence}\n{text}\n{fence}\n"
    # CommonMark takes one space from both edges away, and a backtick there would join the marks
    spaced = text.startswith(" ") and text.endswith(" ") and text.strip(" ") != ""
    edge = " " if spaced or text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{edge}{text}{edge}{ticks}" if text else ""
