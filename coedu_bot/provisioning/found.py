"""A room as the homeserver has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coedu_bot.events import RoomId, StateEvent, UserId
from coedu_bot.school.power import needed_for_state, power_of


@dataclass(frozen=True, slots=True)
class FoundRoom:
    """A room as the homeserver has it; `state` is empty where the bot is not in it."""

    id: RoomId
    joined: bool
    state: Mapping[tuple[str, str], StateEvent] = field(default_factory=dict)
    bound: bool = True  # kept in the database as what it is

    def content(self, type_: str, key: str = "") -> Mapping[str, Any]:
        event = self.state.get((type_, key))
        return event.content if event is not None else {}

    @property
    def version(self) -> str:
        return str(self.content("m.room.create").get("room_version") or "1")

    @property
    def creators(self) -> list[UserId]:
        create = self.state.get(("m.room.create", ""))
        more = self.content("m.room.create").get("additional_creators")
        return [*([create.sender] if create else []), *(more if isinstance(more, list) else [])]

    def power(self, user: UserId) -> float:
        return power_of(user, self.creators, self.content("m.room.power_levels"), self.version)

    def members(self) -> dict[UserId, StateEvent]:
        return {key: event for (type_, key), event in self.state.items() if type_ == "m.room.member"}

    def may_set(self, user: UserId, type_: str) -> bool:
        """Whether somebody has the power for a state event of this type."""
        return self.power(user) >= self.needed(type_)

    def needed(self, type_: str) -> int:
        """The power that a state event of this type takes."""
        return int(needed_for_state(self.content("m.room.power_levels"), type_))
