"""A room as the platform knows it, and what a person's power in it allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from coedu_bot.events import RoomId, UserId
from coedu_bot.school.power import is_level, may_mention_room, needed_for_state, power_of

PLUGINS_OFF, PLUGINS_ON = "plugins_off", "plugins_on"
"""The settings that name the features which a room does without, and has against the configuration's word."""


@dataclass(frozen=True, slots=True)
class Room:
    """One Matrix room; `direct` names the person when it is the bot's room with one person."""

    id: RoomId
    name: str = ""
    alias: str = ""
    binding: str | None = None
    membership: str = "join"
    version: str = "1"
    creators: tuple[UserId, ...] = ()
    power_levels: dict[str, Any] = field(default_factory=dict)
    encrypted: bool = False
    pinned: tuple[str, ...] = ()
    members_known: bool = False
    moved_to: RoomId | None = None
    direct: UserId | None = None
    languages: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)  # what else was set by chat
    space: bool = False

    def power(self, user: UserId) -> float:
        """The user's power level; infinite for the creators of a version-12 room."""
        return power_of(user, self.creators, self.power_levels, self.version)

    def may_send_state(self, user: UserId, type_: str) -> bool:
        return self.power(user) >= needed_for_state(self.power_levels, type_)

    def may_redact_others(self, user: UserId) -> bool:
        return self.power(user) >= self._needed("redact")

    def _needed(self, act: str) -> float:
        level = self.power_levels.get(act)
        return float(level) if is_level(level) else 50.0

    def may_remove(self, user: UserId, other: UserId) -> bool:
        """Whether `user` may take `other` out of the room."""
        return self.power(user) >= self._needed("kick") and self.power(user) > self.power(other)

    def switched(self, feature: str) -> bool | None:
        """Whether a feature was switched on or off here by chat."""
        if feature in self.settings.get(PLUGINS_OFF, ()):
            return False
        return True if feature in self.settings.get(PLUGINS_ON, ()) else None

    def may_mention_room(self, user: UserId) -> bool:
        """Whether `@room` of this user rings everyone's phone."""
        return may_mention_room(self.power(user), self.power_levels)


@dataclass(frozen=True, slots=True)
class Member:
    user_id: UserId
    display_name: str
