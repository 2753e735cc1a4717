"""What an examination finds: facts for programs, lines for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """How a thing is: as it should be, worth knowing, or to be mended."""

    WELL = "well"
    NOTE = "note"
    ILL = "ill"


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, and what to do where something is not well."""

    says: str
    state: State = State.WELL
    mend: str = ""

    def plain(self) -> dict[str, str]:
        return {"says": self.says, "state": self.state.value, "mend": self.mend}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bot: `facts` are plain values."""

    name: str
    lines: Sequence[Line]
    facts: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        return {**self.facts, "lines": [line.plain() for line in self.lines]}


def ago(then: datetime, now: datetime) -> str:
    """A span as people say it: 40 s, 12 min, 5 h, 3 days."""
    seconds = max(0, int((now - then).total_seconds()))
    for size, unit, limit in ((1, "s", 120), (60, "min", 7200), (3600, "h", 172_800)):
        if seconds < limit:
            return f"{seconds // size} {unit}"
    return f"{seconds // 86_400} days"


def iso(moment: datetime | None) -> str | None:
    """For programs."""
    return None if moment is None else moment.isoformat()
