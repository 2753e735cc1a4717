"""The person at the bot's terminal, from the command until they have compared."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from coedu_bot.matrix.sas import Party


@dataclass(frozen=True, slots=True)
class Shown:
    """Seven emoji with their names, and whose device shows them too if all is well."""

    them: Party
    emoji: Sequence[tuple[str, str]]


@dataclass(slots=True)
class Window:
    """Somebody waits: first for something to compare, then for the end."""

    shown: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    what: Shown | None = None
    problem: str = ""

    def show(self, them: Party, emoji: Sequence[tuple[str, str]]) -> None:
        self.what = Shown(them, emoji)
        self.shown.set()

    def end(self, problem: str) -> None:
        """It is over; without a problem the other side is verified."""
        self.problem = problem
        self.shown.set()
        self.over.set()
