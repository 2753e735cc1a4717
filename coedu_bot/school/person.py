"""Somebody the school knows by their Matrix ID."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coedu_bot.school.rights import Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the school knows; `name` as families read it ("Mme Durand").

    `roles` are those they have in the whole school. Who `replaces` somebody does so up to and with `until`.
    """

    id: str
    name: str = ""
    language: str | None = None
    roles: frozenset[Role] = frozenset()
    replaces: str | None = None
    until: date | None = None

    def stands_in(self, on: date | None = None) -> bool:
        """Whether they stand in for somebody that day; without a day, whether they ever do."""
        return self.replaces is not None and (on is None or self.until is None or on <= self.until)
