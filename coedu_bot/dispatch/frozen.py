"""Events as JSON, for those that must wait in the database and be handled later as they were."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from coedu_bot.events import (
    EventRedacted,
    MediaFile,
    MessageEdited,
    MessageReceived,
    PollAnswered,
    PollEnded,
    ReactionReceived,
    RoomEvent,
)

_TYPES = {
    type_.__name__: type_
    for type_ in (MessageReceived, MessageEdited, ReactionReceived, EventRedacted, PollAnswered, PollEnded)
}


def freeze(event: RoomEvent) -> dict[str, Any]:
    """JSON of an event that a person sent."""
    fields = asdict(event)
    fields["sent_at"] = event.sent_at.isoformat()
    return {"type": type(event).__name__, **fields}


def thaw(source: dict[str, Any]) -> RoomEvent:
    """The event again."""
    fields = dict(source)
    type_ = _TYPES[fields.pop("type")]
    fields["sent_at"] = datetime.fromisoformat(fields["sent_at"])
    for name, value in fields.items():
        if isinstance(value, list):
            fields[name] = tuple(value)
    if fields.get("file") is not None:
        fields["file"] = MediaFile(**fields["file"])
    return type_(**fields)
