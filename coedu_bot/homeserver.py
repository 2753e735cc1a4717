"""The door to a homeserver: what delivery and tasks may ask of it, and how it can fail.

`matrix/` implements it on matrix-nio, `testing/` in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from coedu_bot.events import Content, EventId, MediaFile, RoomEvent, RoomId, StateEvent, UserId


class HomeserverError(Exception):
    """Any failure of a call; the kinds below say what to do about it."""


class RateLimited(HomeserverError):
    """The homeserver asks to wait `retry_after` seconds; nothing happened."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"rate limited for {retry_after:.1f} s")
        self.retry_after = retry_after


class Unreachable(HomeserverError):
    """No answer, a broken one, or 5xx: it may have happened; repeat with the same transaction id."""


class Refused(HomeserverError):
    """The homeserver says no (4xx): repeating cannot help. `code` is its errcode, e.g. M_FORBIDDEN."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code


class SessionLost(HomeserverError):
    """The access token is unknown or the account is gone: only a person can help."""


BY_WISH = "org.coedu.by-wish"
"""In a member event of the bot's: this person asked to be taken out of the room."""


@dataclass(frozen=True, slots=True)
class NewRoom:
    """A room to create; `task` marks it (`org.coedu.task` in its create event) so a retry finds it."""

    task: str
    name: str = ""
    topic: str = ""
    invite: Sequence[UserId] = ()
    direct: bool = False
    encrypted: bool = False
    alias: str = ""
    version: str = ""
    space: bool = False
    state: Sequence[StateEvent] = field(default_factory=tuple)
    power_levels: Content | None = None


class Homeserver(Protocol):
    """One logged-in account; every method may raise the errors above."""

    @property
    def user_id(self) -> UserId: ...

    async def send(self, room: RoomId, type_: str, content: Content, transaction_id: str) -> EventId:
        """Send an event, encrypted if the room is; the same transaction id gives the same event id."""
        ...

    async def redact(self, room: RoomId, event: EventId, transaction_id: str) -> EventId: ...

    async def set_state(self, room: RoomId, type_: str, state_key: str, content: Content) -> EventId: ...

    async def get_state(self, room: RoomId) -> list[StateEvent]:
        """The room's whole current state, members included."""
        ...

    async def find_sent(self, room: RoomId, ref: str, *, limit: int = 500) -> EventId | None:
        """The bot's own event whose `org.coedu` carries this `ref`, newest first, or None."""
        ...

    async def list_related(self, room: RoomId, event: EventId) -> list[RoomEvent]:
        """All events that refer to an event (m.reference), oldest first, redacted ones left out.

        What cannot be decrypted comes as Undecryptable.
        """
        ...

    async def catch_up(self, to: datetime) -> None:
        """Return if all that was sent before `to` has been handled; raises Unreachable while it has not."""
        ...

    async def create_room(self, room: NewRoom) -> RoomId: ...

    async def joined_rooms(self) -> list[RoomId]: ...

    async def join(self, room: RoomId, via: Sequence[str] = ()) -> RoomId: ...

    async def leave(self, room: RoomId) -> None: ...

    async def invite(self, room: RoomId, user: UserId) -> None: ...

    async def kick(self, room: RoomId, user: UserId) -> None:
        """Take somebody out of a room, or an invitation back; no reason is given."""
        ...

    async def resolve_alias(self, alias: str) -> RoomId | None:
        """The room that an alias leads to, if there is one."""
        ...

    async def set_alias(self, alias: str, room: RoomId) -> None:
        """Have an alias lead to a room; nothing happens if it does."""
        ...

    async def get_account_data(self, type_: str) -> Content:
        """What `set_account_data` or another client kept; empty where nothing is."""
        ...

    async def set_account_data(self, type_: str, content: Content) -> None: ...

    async def upload(self, data: bytes, *, mime: str, name: str, encrypt: bool) -> MediaFile: ...

    async def download(self, file: MediaFile, at_most: int) -> bytes:
        """A file's bytes, decrypted; raises Refused where there are more, whatever its sender says."""
        ...

    async def get_json(self, path: str) -> dict[str, Any]:
        """A plain authenticated GET below /_matrix/client, for what has no method of its own."""
        ...
