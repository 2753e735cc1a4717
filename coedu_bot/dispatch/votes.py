"""Answers to the bot's native polls, their taking back, and polls ended by others: handed to the plugin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from coedu_bot.context import Context, VoteContext
from coedu_bot.dispatch import menus
from coedu_bot.dispatch.desk import Desk
from coedu_bot.events import EventRedacted, PollAnswered, PollEnded, RoomEvent
from coedu_bot.rooms import Room
from coedu_bot.store import intake, outbox, rooms
from coedu_bot.store.database import Row, Transaction


async def concerns(db: Transaction, event: PollAnswered | PollEnded) -> bool:
    """Whether the poll is, or may soon be, one of ours."""
    known = await outbox.get_row_of_event(db, event.target) is not None
    return (
        known
        or await intake.is_undecrypted(db, event.target)
        or await outbox.is_sending_in(db, event.room_id)
    )


async def vote(desk: Desk, db: Transaction, event: PollAnswered, now: datetime) -> None:
    """A choice from a menu, or an answer that is remembered, so that its redaction is understood."""
    row = await outbox.get_row_related(db, event.target, event.room_id)
    if row is not None and row.kind == "menu":
        await menus.vote(desk, db, event, row, now)
        return
    if row is None or desk.registry.vote(row.plugin, row.kind) is None:
        return
    await intake.add_poll_answer(db, event)
    given: dict[str, Any] = {"answers": event.answers, "spoiled": event.spoiled}
    await _hand_over(desk, db, event, row, given, now)


async def unvote(desk: Desk, db: Transaction, event: EventRedacted, answer: Row, now: datetime) -> None:
    """An answer is gone, whoever took it away: clients count it no more."""
    row = await outbox.get_row_of_event(db, answer.target)
    if row is not None:
        await _hand_over(desk, db, event, row, {"removed": True, "voted": event.target}, now)


async def end(desk: Desk, db: Transaction, event: PollEnded, now: datetime) -> None:
    """Somebody ended the poll; the plugin judges whether they may."""
    row = await outbox.get_row_related(db, event.target, event.room_id)
    handler = desk.registry.poll_ended(row.plugin, row.kind) if row is not None else None
    if row is not None and handler is not None:
        ctx: Context[Any] = Context(**await _common(desk, db, event, row, now))
        await desk.put(db, await handler(ctx), row.plugin, event, now)


async def _hand_over(
    desk: Desk, db: Transaction, event: RoomEvent, row: Row, given: dict[str, Any], now: datetime
) -> None:
    handler = desk.registry.vote(row.plugin, row.kind)
    if handler is None:
        return
    common = await _common(desk, db, event, row, now)
    more = {"voted": event.event_id, **given, "voted_at": min(event.sent_at, now)}
    ctx: VoteContext[Any] = VoteContext(**common, ref=row.ref, kind=row.kind, **more)
    await desk.put(db, await handler(ctx), row.plugin, event, now)


async def _common(desk: Desk, db: Transaction, event: RoomEvent, row: Row, now: datetime) -> dict[str, Any]:
    room = await rooms.get_room(db, event.room_id) or Room(event.room_id)
    return {
        **desk.base(db, row.plugin, now, room),
        "actor": await desk.actor(db, event.sender, room),
        "room": room,
        "event": event,
        "about": row.item,
    }
