"""Rooms as the school asks about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """A Matrix room reduced to what roles depend on."""

    binding: str | None = None
    direct: str | None = None
    powers: Mapping[str, float] = field(default_factory=dict)

    switches: Mapping[str, bool] = field(default_factory=dict)

    def switched(self, feature: str) -> bool | None:
        return self.switches.get(feature)

    def power(self, user: str) -> float:
        return self.powers.get(user, 0)
