"""Text made safe for a place in Markdown source."""

from __future__ import annotations

import re

_MEANINGFUL = re.compile(r"[\\`*_{}\[\]()#+\-.!<>&|~=\"]")
_TICKS = re.compile(r"`+")
# CommonMark takes one space from both edges away, and a backtick there would join the marks
_EDGED = re.compile(r"^`|`$|^ .*[^ ].* $")


def escaped(text: str) -> str:
    """Text that shows as it is, in one line, whatever it contains and wherever it stands."""
    return _MEANINGFUL.sub(r"\\\g<0>", " ".join(text.split()))


def as_code(text: str) -> str:
    """Text as a code span, or as a block where it has several lines and must be copied whole."""
    ticks = "`" * (1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    if "\n" in text:
        fence = ticks.ljust(3, "`")
        return f"\n{fence}\n{text}\n{fence}\n"
    edge = " " if _EDGED.search(text) else ""
    return f"{ticks}{edge}{text}{edge}{ticks}" if text else ""
