"""What was relayed, or waits to be, follows its original: edited with it, taken back with it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from coedu_bot.context import Context
from coedu_bot.dispatch.desk import Desk
from coedu_bot.dispatch.relaying import WHOM, message_for
from coedu_bot.effects import CloseMenus, Edit, Redact
from coedu_bot.events import EventId, EventRedacted, MessageEdited, UserId
from coedu_bot.plugin import NoSettings
from coedu_bot.rooms import Room
from coedu_bot.store import menus, relays
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.menus import StoredMenu


async def edit(desk: Desk, db: Transaction, event: MessageEdited, room: Room, now: datetime) -> bool:
    """Whether the edited message had been relayed, or waits to be: then it is read as it is now."""
    if (waiting := await _waiting(db, event.target, event.sender)) is not None:
        await _keep(db, waiting, [_edited(text, event) for text in waiting.payload["texts"]])
        return True
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
    """Whether the message had been relayed, or waits to be: then nobody reads it (any more)."""
    if await take_out(desk, db, event, now):
        return True
    carried = await _carried(db, event.target, event.sender)
    await desk.put(db, [Redact(of=relay.ref) for relay in carried], "core", event, now)
    return bool(carried)


async def take_out(desk: Desk, db: Transaction, event: EventRedacted | MessageEdited, now: datetime) -> bool:
    """Whether a text waited to be relayed: it does no more, and where it was the only one nobody is asked."""
    waiting = await _waiting(db, event.target, event.sender)
    if waiting is None:
        return False
    left = [text for text in waiting.payload["texts"] if text["event"] != event.target]
    await _keep(db, waiting, left)
    await desk.put(db, None if left else CloseMenus(name=WHOM, person=event.sender), "core", event, now)
    return True


async def concerns(db: Transaction, event: EventRedacted) -> bool:
    """Whether the redacted message was relayed, or waits to be."""
    waiting = await _waiting(db, event.target, event.sender)
    return waiting is not None or bool(await relays.list_relays_of(db, event.target))


async def _waiting(db: Transaction, source: EventId, sender: UserId) -> StoredMenu | None:
    """The menu that asks whom this text is for."""
    offered = await menus.list_open_menus_named(db, "core", WHOM, sender)
    return next((one for one in offered if any(t["event"] == source for t in one.payload["texts"])), None)


async def _keep(db: Transaction, waiting: StoredMenu, texts: list[dict[str, Any]]) -> None:
    await menus.mark_menu_payload(db, waiting.ref, {"texts": texts})


def _edited(text: dict[str, Any], event: MessageEdited) -> dict[str, Any]:
    if text["event"] != event.target:
        return text
    return {**text, "text": event.text, "file": asdict(event.file) if event.file else None}


async def _carried(db: Transaction, source: EventId, sender: UserId) -> list[Row]:
    return [relay for relay in await relays.list_relays_of(db, source) if relay.sender == sender]
