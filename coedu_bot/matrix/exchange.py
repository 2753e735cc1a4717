"""The parts of a verification: what is heard of it, where it stands, what it needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from coedu_bot.events import RoomId, UserId
from coedu_bot.matrix.json_values import Raw, items, mapping_or_empty
from coedu_bot.matrix.sas import Comparison, Party

PREFIX = "m.key.verification."
REQUEST = f"{PREFIX}request"
_LONGEST_ID = 255


class Cancelled(Exception):
    """The exchange is over; `code` as Matrix names the reason."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of an exchange; `id` is the transaction's, in a room the request's event."""

    kind: str
    sender: UserId
    id: str
    content: Raw
    room: RoomId | None
    sent_at: object


@dataclass(slots=True)
class Exchange:
    """One request that was taken up."""

    id: str
    them: Party
    room: RoomId | None
    begun_at: datetime
    comparison: Comparison | None = None
    their_keys: dict[str, str] = field(default_factory=dict)
    their_word: Raw | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Doors:
    """What an exchange needs of the account."""

    us: Party
    to_device: Callable[[str, Raw], Awaitable[None]]
    to_room: Callable[[RoomId, str, Raw], Awaitable[object]]
    keys_of: Callable[[Party], Awaitable[dict[str, str]]]
    our_keys: Callable[[], Awaitable[dict[str, str]]]
    others_may_answer: Callable[[Party], Awaitable[bool]]
    verified: Callable[[Party], Awaitable[None]]


def heard_by_device(answer: Raw) -> Iterator[Heard]:
    """What the to-device messages of one sync say of verifications."""
    for raw in items(mapping_or_empty(answer.get("to_device")).get("events")):
        event = mapping_or_empty(raw)
        content = mapping_or_empty(event.get("content"))
        kind = _kind(event.get("type"))
        heard = _heard(kind, event.get("sender"), content.get("transaction_id"), content)
        if heard is not None:
            yield heard


def heard_in_room(raw: Raw, room: RoomId, us: UserId) -> Heard | None:
    """What an event of a room says of one; there a request is a message that names whom it is for."""
    content, at = mapping_or_empty(raw.get("content")), raw.get("origin_server_ts")
    if raw.get("type") == "m.room.message":
        is_for_us = content.get("msgtype") == REQUEST and content.get("to") == us
        kind = "request" if is_for_us else None
        return _heard(kind, raw.get("sender"), raw.get("event_id"), content, room, at)
    about = mapping_or_empty(content.get("m.relates_to")).get("event_id")
    return _heard(_kind(raw.get("type")), raw.get("sender"), about, content, room, at)


def _kind(type_: object) -> str | None:
    if not isinstance(type_, str) or not type_.startswith(PREFIX):
        return None
    return type_.removeprefix(PREFIX)


def _heard(
    kind: str | None,
    sender: object,
    id_: object,
    content: Raw,
    room: RoomId | None = None,
    at: object = None,
) -> Heard | None:
    if kind is None or not isinstance(sender, str) or not isinstance(id_, str) or len(id_) > _LONGEST_ID:
        return None
    return Heard(kind, sender, id_, content, room, content.get("timestamp") if room is None else at)
