"""What the homeserver refused to take: the person on whose behalf it was is told, privately, once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from coedu_bot.clock import Clock
from coedu_bot.delivery.outbox import Cause, Outbox
from coedu_bot.effects import Post
from coedu_bot.message import Message, says
from coedu_bot.store import rooms
from coedu_bot.store.database import Row, Transaction

_OWN_ANSWERS = ("reply", "error", "help", "fault", "not-sent")


def loss_teller(outbox: Outbox, clock: Clock) -> Callable[[Transaction, Row], Awaitable[None]]:
    """A function that tells a row's author that it did not go."""

    async def tell(db: Transaction, row: Row) -> None:
        # an answer that cannot be given, or a letter to somebody who is gone, has nobody to be told
        if row.action != "send" or row.author is None or row.recipient or row.kind in _OWN_ANSWERS:
            return
        room = await rooms.get_room(db, row.room_id)
        name = (room and room.name) or str(row.room_id)
        text = says("not-sent-item", item=row.item, room=name) if row.item else says("not-sent", room=name)
        message = Message("error", (text,), rings=True)
        await outbox.put(db, Post(person=row.author, message=message), Cause("core", row.author, clock.now()))

    return tell
