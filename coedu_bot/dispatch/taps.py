"""Reactions on the bot's messages: a tap is all a parent ever has to do."""

from __future__ import annotations

from datetime import datetime

from coedu_bot.context import TapContext
from coedu_bot.delivery.bundles import parts_of
from coedu_bot.dispatch import revive
from coedu_bot.dispatch.desk import Desk
from coedu_bot.events import EventRedacted, ReactionReceived
from coedu_bot.rooms import Room
from coedu_bot.store import intake, outbox, rooms
from coedu_bot.store.database import Row, Transaction


async def concerns(db: Transaction, event: ReactionReceived | EventRedacted) -> bool:
    """Whether the target is, or may soon be, something of ours."""
    target = event.target
    if await outbox.get_row_of_event(db, target) is not None or await intake.is_undecrypted(db, target):
        return True
    if isinstance(event, EventRedacted):
        return await intake.is_known(db, target)
    return await outbox.is_sending_in(db, event.room_id)


async def tap(desk: Desk, db: Transaction, event: ReactionReceived, now: datetime) -> None:
    """A reaction: remembered, so that its redaction is understood, and handed to the plugin."""
    row = await outbox.get_row_of_event(db, event.target)
    if row is not None and (row.plugin, row.kind) == ("core", "question"):
        await revive.answered(desk, db, event, row, now)
        return
    tapped = [
        part
        for part in await parts_of(db, row)
        if desk.registry.tap(part.plugin, part.kind, event.key) is not None
    ]
    if tapped:
        await intake.add_reaction(db, event)
    for part in tapped:
        await _hand_over(desk, db, event, part, event.key, removed=False, now=now)


async def untap(desk: Desk, db: Transaction, event: EventRedacted, reaction: Row, now: datetime) -> None:
    """A reaction was taken away by who gave it; anybody else's redaction only hides it."""
    row = await outbox.get_row_of_event(db, reaction.target)
    if row is not None and event.sender == reaction.sender:
        for part in await parts_of(db, row):
            await _hand_over(desk, db, event, part, reaction.key, removed=True, now=now)


async def _hand_over(
    desk: Desk,
    db: Transaction,
    event: ReactionReceived | EventRedacted,
    row: Row,
    key: str,
    *,
    removed: bool,
    now: datetime,
) -> None:
    handler = desk.registry.tap(row.plugin, row.kind, key)
    if handler is None:
        return
    room = await rooms.get_room(db, event.room_id) or Room(event.room_id)
    ctx = TapContext(
        **desk.base(db, row.plugin, now),
        actor=await desk.actor(db, event.sender, room),
        room=room,
        event=event,
        about=row.item,
        key=key,
        ref=row.ref,
        kind=row.kind,
        removed=removed,
        tapped_at=min(event.sent_at, now),
        posted_at=row.sent_at or row.created_at,
    )
    await desk.put(db, await handler(ctx), row.plugin, event, now)
