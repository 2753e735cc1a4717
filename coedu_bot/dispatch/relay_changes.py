"""What was relayed follows its original: edited with it, taken back with it."""

from __future__ import annotations

from datetime import datetime

from coedu_bot.context import Context
from coedu_bot.dispatch.desk import Desk
from coedu_bot.dispatch.relaying import message_for
from coedu_bot.effects import Edit, Redact
from coedu_bot.events import EventId, EventRedacted, MessageEdited, UserId
from coedu_bot.plugin import NoSettings
from coedu_bot.rooms import Room
from coedu_bot.store import relays
from coedu_bot.store.database import Row, Transaction


async def edit(desk: Desk, db: Transaction, event: MessageEdited, room: Room, now: datetime) -> bool:
    """Whether the edited message had been relayed: then the recipient reads it as it is now."""
    carried = await _carried(db, event.target, event.sender)
    ctx: Context[NoSettings] = Context(
        **desk.base(db, "core", now),
        actor=await desk.actor(db, event.sender, room),
        room=room,
        event=event,
        handle=event.target,
        text=event.text,
    )
    for relay in carried:
        message = await message_for(ctx, relay.recipient, event.text, event.file)
        await desk.put(db, Edit(of=relay.ref, message=message), "core", event, now)
    return bool(carried)


async def redact(desk: Desk, db: Transaction, event: EventRedacted, now: datetime) -> bool:
    """Whether the message had been relayed: then it is taken back there too."""
    carried = await _carried(db, event.target, event.sender)
    await desk.put(db, [Redact(of=relay.ref) for relay in carried], "core", event, now)
    return bool(carried)


async def _carried(db: Transaction, source: EventId, sender: UserId) -> list[Row]:
    return [relay for relay in await relays.list_relays_of(db, source) if relay.sender == sender]
