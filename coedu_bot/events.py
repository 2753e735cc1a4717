"""What comes in from a homeserver, as plain values: made by matrix/, handled by dispatch/.

Every `sent_at` is aware, in UTC, from the homeserver's `origin_server_ts` (plus the clock's offset).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

UserId: TypeAlias = str
RoomId: TypeAlias = str
EventId: TypeAlias = str
Content: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file on the homeserver; `encryption` is the `file` object of an encrypted attachment."""

    url: str
    name: str
    mime: str
    size: int
    msgtype: str
    info: Content = field(default_factory=dict)
    encryption: Content | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomEvent:
    """One event of a room's timeline, sent while the bot was a member."""

    event_id: EventId
    room_id: RoomId
    sender: UserId
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(RoomEvent):
    """A message; `text` is what the person wrote, without the fallback of older clients' replies."""

    text: str
    msgtype: str = "m.text"
    html: str | None = None
    mentions: tuple[UserId, ...] = ()
    reply_to: EventId | None = None
    thread: EventId | None = None
    file: MediaFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(RoomEvent):
    """A message was replaced: `target` is the event it replaces, `text` the new one."""

    target: EventId
    text: str
    msgtype: str = "m.text"
    html: str | None = None
    mentions: tuple[UserId, ...] = ()
    file: MediaFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionReceived(RoomEvent):
    """A reaction; `key` without variation selectors and skin tones."""

    target: EventId
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRedacted(RoomEvent):
    """Somebody (`sender`) took an event away."""

    target: EventId


@dataclass(frozen=True, slots=True, kw_only=True)
class PollAnswered(RoomEvent):
    """A vote on a native poll; unreadable answers arrive as an empty tuple with `spoiled`."""

    target: EventId
    answers: tuple[str, ...]
    spoiled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PollEnded(RoomEvent):
    """Somebody ended a native poll."""

    target: EventId


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChanged(RoomEvent):
    """A state event: name, members, power levels, encryption, tombstone and the like."""

    type: str
    state_key: str
    content: Content
    before: Content = field(default_factory=dict)  # what it replaces


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecryptable(RoomEvent):
    """An encrypted event whose key has not come yet; `source` is the raw event, kept for later."""

    session_id: str
    source: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationAsked(RoomEvent):
    """Somebody's client asks to verify the device of the account `of`."""

    of: UserId


@dataclass(frozen=True, slots=True)
class StateEvent:
    """One entry of a room's state, as it is now."""

    type: str
    state_key: str
    content: Content
    sender: UserId = ""


@dataclass(frozen=True, slots=True)
class JoinedRoom:
    """What one sync says of a room the bot is in; `events` in timeline order, gaps already filled."""

    room_id: RoomId
    state: tuple[StateEvent, ...] = ()
    events: tuple[RoomEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody invites the bot; `upgraded_from` when the new room's create event names a predecessor."""

    room_id: RoomId
    sender: UserId
    direct: bool = False
    upgraded_from: RoomId | None = None


@dataclass(frozen=True, slots=True)
class KeyWithheld:
    """Somebody's client says that it does not give us a key; `code` as Matrix names the reason."""

    session_id: str
    room_id: RoomId
    sender: UserId
    code: str


@dataclass(frozen=True, slots=True)
class SyncBatch:
    """One answer of /sync; to be committed whole before `next_token` is.

    `late` holds events of earlier batches whose keys arrived only now.
    """

    next_token: str
    joined: tuple[JoinedRoom, ...] = ()
    invited: tuple[Invitation, ...] = ()
    left: tuple[RoomId, ...] = ()
    late: tuple[RoomEvent, ...] = ()
    withheld: tuple[KeyWithheld, ...] = ()
