"""Pinned messages: read, change, write; only the five latest of the bot's own pins stay."""

from __future__ import annotations

from coedu_bot.delivery.wire import NothingToSend
from coedu_bot.events import EventId
from coedu_bot.homeserver import Homeserver
from coedu_bot.store import outbox
from coedu_bot.store.database import Database, Row

_KEPT = 5
_TYPE = "m.room.pinned_events"


async def change_pins(
    homeserver: Homeserver, database: Database, row: Row, target: EventId | None
) -> EventId | None:
    """Pin or unpin; the same call twice changes nothing. Raises Refused where the bot may not."""
    if target is None:
        raise NothingToSend
    before = await _pinned(homeserver, row.room_id)
    ours = await _our_pins(database, row.room_id)
    after = [event for event in before if event != target]
    if row.action == "pin":
        after = [*_without_oldest(after, ours), target]
    if after == before:
        return None
    await homeserver.set_state(row.room_id, _TYPE, "", {"pinned": after})
    return None


def _without_oldest(pinned: list[EventId], ours: list[EventId]) -> list[EventId]:
    """Make room for one more of ours; what people pinned themselves is theirs."""
    ours_there = [event for event in pinned if event in ours]
    surplus = set(ours_there[: max(0, len(ours_there) - _KEPT + 1)])
    return [event for event in pinned if event not in surplus]


async def _pinned(homeserver: Homeserver, room: str) -> list[EventId]:
    state = await homeserver.get_state(room)
    content = next((event.content for event in state if event.type == _TYPE), {})
    pinned = content.get("pinned")
    return [event for event in pinned if isinstance(event, str)] if isinstance(pinned, list) else []


async def _our_pins(database: Database, room: str) -> list[EventId]:
    async with database.reading() as db:
        rows = await outbox.list_pins(db, room)
        bases = [await outbox.get_row(db, row.target_ref) for row in rows]
    return [base.event_id for base in bases if base is not None]
