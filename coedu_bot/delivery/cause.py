"""On whose behalf effects happen, and where that person hears of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from coedu_bot.events import EventId, RoomId, UserId


@dataclass(frozen=True, slots=True)
class Cause:
    """The plugin whose effects they are, the person who acted, when; and where, if it was in a room.

    `answers` or `thread` is what a notice to that person answers.
    """

    plugin: str
    author: UserId | None
    now: datetime
    room: RoomId | None = None
    answers: EventId | None = None
    thread: EventId | None = None
