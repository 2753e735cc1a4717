"""A room as the YAML names it, and what the school has to be told of the Matrix room behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from coedu_bot.school.features import Features
from coedu_bot.school.rights import Role

KINDS = ("class", "announcements", "staff", "delegates", "project")
"""Kinds of rooms that the YAML can name; `direct` and `contact` rooms are made by the bot."""

WHOLE_CLASS = ("announcements", "class")
"""Where a word to a whole class goes: its announcements room if it has one, else its class room."""


class PlaceWithPower(Protocol):
    """What the school needs to know of a Matrix room: which of its rooms it is, and who has power there."""

    @property
    def binding(self) -> str | None: ...

    @property
    def direct(self) -> str | None: ...

    def power(self, user: str) -> float: ...

    def switched(self, feature: str) -> bool | None:
        """Whether a feature was switched on or off there by chat."""
        ...


@dataclass(frozen=True, slots=True)
class SchoolRoom:
    """One room of the YAML; `binding` is its place there, e.g. `6B/class`."""

    binding: str
    kind: str
    class_id: str | None
    languages: tuple[str, ...] = ()
    room_id: str | None = None
    alias: str | None = None
    create: bool = False
    encrypted: bool | None = None
    translate_messages: bool = False
    external_translation: bool = True
    rights: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    features: Features = field(default_factory=dict)
