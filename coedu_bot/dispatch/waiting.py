"""Events that refer to what the bot does not know yet: parked, and handled when it does."""

from __future__ import annotations

from datetime import datetime

from coedu_bot.delivery import tasks
from coedu_bot.dispatch.frozen import freeze, thaw
from coedu_bot.events import EventId, MessageEdited, MessageReceived, RoomEvent, RoomId
from coedu_bot.store import intake, outbox, rooms
from coedu_bot.store.database import Database, Transaction


async def parked(db: Transaction, event: RoomEvent, now: datetime) -> bool:
    """Park an event whose target is not known yet but may be soon; False if it can be handled now."""
    target = await _awaited(db, event)
    if target is None:
        return False
    await intake.add_parked(db, event.event_id, target, freeze(event), now)
    return True


async def _awaited(db: Transaction, event: RoomEvent) -> EventId | RoomId | None:
    """What has to be known before this can be handled: the event it refers to, or the room it is in."""
    target: EventId | None = getattr(event, "target", None)
    if target is not None:
        return target if await _may_become_known(db, event, target) else None
    if isinstance(event, MessageReceived) and not await rooms.is_known(db, event.room_id):
        return event.room_id if await is_going_in(db, event) else None
    return None


async def is_going_in(db: Transaction, event: MessageReceived) -> bool:
    """The bot is about to learn who is in this room: whether it is spoken to privately shows then."""
    if await tasks.has_task(db, "join", event.room_id):
        return True
    return await tasks.has_task(db, "open-direct", event.sender)


async def _may_become_known(db: Transaction, event: RoomEvent, target: EventId) -> bool:
    """The target is an undecrypted event, or a message of ours whose PUT is not answered yet."""
    if await intake.is_undecrypted(db, target):
        return True
    if isinstance(event, MessageEdited) or await intake.is_known(db, target):
        return False  # people edit their own messages only: ours are none of them
    return await outbox.get_row_of_event(db, target) is None and await outbox.is_sending_in(db, event.room_id)


async def list_waiting(database: Database, target: EventId | RoomId) -> list[RoomEvent]:
    """What was parked for a target, in the order it was sent."""
    async with database.reading() as db:
        rows = await intake.list_parked(db, target)
    return sorted((thaw(row.source) for row in rows), key=lambda event: event.sent_at)


async def forget(database: Database, target: EventId | RoomId) -> None:
    """What was parked for a target has been handled; a kill before this only makes it be skipped later."""
    async with database.transaction() as db:
        await intake.remove_parked(db, target)
