"""What can be done to a room, one act a value; printed for people as it reads in a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

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
class _Act:
    """Something about one room that is there; `words` is how it reads, with its fields in braces."""

    binding: str
    words: ClassVar[str]

    def __str__(self) -> str:
        return self.words.format(act=self)


@dataclass(frozen=True, slots=True)
class Join(_Act):
    """Go into a room that others made."""

    room: RoomId
    words: ClassVar = "go in"


@dataclass(frozen=True, slots=True)
class Bind(_Act):
    """Remember which room this is."""

    room: RoomId
    words: ClassVar = "take for this room"


@dataclass(frozen=True, slots=True)
class SetState(_Act):
    """Set one state event; `says` is what that means."""

    type: str
    key: str
    content: Mapping[str, Any]
    says: str
    words: ClassVar = "{act.says}"


@dataclass(frozen=True, slots=True)
class SetAlias(_Act):
    """Have an address lead to the room."""

    alias: str
    words: ClassVar = "address {act.alias}"


@dataclass(frozen=True, slots=True)
class SetPicture(_Act):
    """Give the room its picture."""

    file: str
    digest: str
    words: ClassVar = "picture {act.file}"


@dataclass(frozen=True, slots=True)
class Invite(_Act):
    user: UserId
    words: ClassVar = "invite {act.user}"


@dataclass(frozen=True, slots=True)
class Remove(_Act):
    """Take somebody out."""

    user: UserId
    words: ClassVar = "remove {act.user}"


@dataclass(frozen=True, slots=True)
class Note(_Act):
    """What is left as it is, and why; nothing is done."""

    says: str
    words: ClassVar = "{act.says}"


Step: TypeAlias = Create | Join | Bind | SetState | SetAlias | SetPicture | Invite | Remove


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done, in order, and what would not."""

    steps: tuple[Step, ...] = ()
    notes: tuple[Note, ...] = ()
