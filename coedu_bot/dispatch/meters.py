"""What is counted while events are handled: plain numbers, read by whoever shows them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Upper bounds of the classes of handling time, in seconds."""


@dataclass(slots=True)
class Durations:
    """How often something took how long; `counts` has one class more than there are bounds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds


@dataclass(slots=True)
class Meters:
    """Counters since the start: events by type, commands by (name, outcome), timers by punctuality."""

    events: Counter[str] = field(default_factory=Counter)
    commands: Counter[tuple[str, str]] = field(default_factory=Counter)
    timers: Counter[str] = field(default_factory=Counter)
    handling: Durations = field(default_factory=Durations)
