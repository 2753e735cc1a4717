"""`@room` is for those who have the power when it rings, not only when they asked for it."""

from __future__ import annotations

from coedu_bot.store import outbox, rooms
from coedu_bot.store.database import Row, Transaction


async def without_lost_call(db: Transaction, row: Row) -> Row:
    """The row as it may go: without `@room` if its author has lost that right since."""
    if not row.content.get("m.mentions", {}).get("room"):
        return row
    room = await rooms.get_room(db, row.room_id)
    if room is not None and row.author is not None and room.may_mention_room(row.author):
        return row
    await outbox.mark_content(db, row.ref, {**row.content, "m.mentions": {}})
    return await outbox.get_row(db, row.ref)
