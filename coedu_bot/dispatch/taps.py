"""Reactions on the bot's messages: a tap is all a parent ever has to do."""

from __future__ import annotations

from datetime import datetime

from coedu_bot.context import TapContext
from coedu_bot.delivery.bundles import parts_of
from coedu_bot.delivery.menus import TAPS
from coedu_bot.dispatch import menus, relay_changes, revive
from coedu_bot.dispatch.desk import Desk
from coedu_bot.events import EventRedacted, ReactionReceived
from coedu_bot.plugin import AnyHandler
from coedu_bot.rooms import Room
from coedu_bot.store import intake, outbox, rooms
from coedu_bot.store.database import Row, Transaction

ANYTHING = "*"
"""The kind under which the core registers what a key does on any message of ours."""


async def concerns(db: Transaction, event: ReactionReceived | EventRedacted) -> bool:
    """Whether the target is, or may soon be, something of ours."""
    target = event.target
    if await outbox.get_row_of_event(db, target) is not None or await intake.is_undecrypted(db, target):
        return True
    if isinstance(event, EventRedacted):
        return await intake.is_known(db, target) or await relay_changes.concerns(db, event)
    return await outbox.is_sending_in(db, event.room_id)


async def tap(desk: Desk, db: Transaction, event: ReactionReceived, now: datetime) -> None:
    """A reaction: remembered, so that its redaction is understood, and handed to the plugin."""
    row = await outbox.get_row_related(db, event.target, event.room_id)
    if row is not None and (row.plugin, row.kind) == ("core", "question"):
        await revive.answered(desk, db, event, row, now)
        return
    if row is not None and row.kind == "menu" and event.key in TAPS:
        await menus.tap(desk, db, event, row, now)
        return
    tapped = [part for part in await parts_of(db, row) if _handler(desk, part, event.key) is not None]
    if tapped:
        await intake.add_reaction(db, event)
    for part in tapped:
        await _hand_over(desk, db, event, part, event.key, removed=False, now=now)


def _handler(desk: Desk, row: Row, key: str) -> tuple[str, AnyHandler] | None:
    """Whose the tap is: the plugin of the message, else the core where it hears the key everywhere."""
    for plugin, kind in ((row.plugin, row.kind), ("core", ANYTHING)):
        handler = desk.registry.tap(plugin, kind, key)
        if handler is not None:
            return plugin, handler
    return None


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
    found = _handler(desk, row, key)
    if found is None:
        return
    plugin, handler = found
    room = await rooms.get_room(db, event.room_id) or Room(event.room_id)
    ctx = TapContext(
        **desk.base(db, plugin, now, room),
        actor=await desk.actor(db, event.sender, room),
        room=room,
        event=event,
        about=row.item,
        key=key,
        ref=row.ref,
        kind=row.kind,
        tapped=event.target if isinstance(event, EventRedacted) else event.event_id,
        removed=removed,
        tapped_at=min(event.sent_at, now),
        posted_at=row.sent_at or row.created_at,
    )
    await desk.put(db, await handler(ctx), plugin, event, now)
