"""What can be done to a room, one act a value; printed for people as it reads in a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from coedu_bot.events import RoomId, UserId
from coedu_bot.provisioning.wanted import WantedRoom


@dataclass(frozen=True, slots=True)
class Create:
    """Make a room or space that is not there."""

    room: WantedRoom
    levels: Mapping[str, Any]

    @property
    def binding(self) -> str:
        return self.room.binding

    def __str__(self) -> str:
        what = "space" if self.room.space else "room" + (", encrypted" if self.room.encrypted else "")
        return f"make {what}: {self.room.name}"


@dataclass(frozen=True, slots=True)
class Join:
    """Go into a room that others made."""

    binding: str
    room: RoomId

    def __str__(self) -> str:
        return "go in"


@dataclass(frozen=True, slots=True)
class Bind:
    """Remember which room this is."""

    binding: str
    room: RoomId

    def __str__(self) -> str:
        return "take for this room"


@dataclass(frozen=True, slots=True)
class SetState:
    """Set one state event; `says` is what that means."""

    binding: str
    type: str
    key: str
    content: Mapping[str, Any]
    says: str

    def __str__(self) -> str:
        return self.says


@dataclass(frozen=True, slots=True)
class SetAlias:
    """Have an address lead to the room."""

    binding: str
    alias: str

    def __str__(self) -> str:
        return f"address {self.alias}"


@dataclass(frozen=True, slots=True)
class SetPicture:
    """Give the room its picture."""

    binding: str
    file: str
    digest: str

    def __str__(self) -> str:
        return f"picture {self.file}"


@dataclass(frozen=True, slots=True)
class Invite:
    binding: str
    user: UserId

    def __str__(self) -> str:
        return f"invite {self.user}"


@dataclass(frozen=True, slots=True)
class Remove:
    """Take somebody out."""

    binding: str
    user: UserId

    def __str__(self) -> str:
        return f"remove {self.user}"


@dataclass(frozen=True, slots=True)
class Note:
    """What is left as it is, and why; nothing is done."""

    binding: str
    says: str

    def __str__(self) -> str:
        return self.says


Step: TypeAlias = Create | Join | Bind | SetState | SetAlias | SetPicture | Invite | Remove


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done, in order, and what would not."""

    steps: tuple[Step, ...] = ()
    notes: tuple[Note, ...] = ()
