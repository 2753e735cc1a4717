"""Direct rooms: opened when first needed, reused for ever, written to once the person is in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from coedu_bot.delivery import tasks
from coedu_bot.events import RoomId, StateEvent, UserId
from coedu_bot.store import outbox, people
from coedu_bot.store.database import Transaction


async def wanted(db: Transaction, user: UserId, now: datetime) -> RoomId | None:
    """The open direct room with a person; None while it is being opened or waits for them."""
    direct = await people.get_direct(db, user)
    if direct is not None and direct.state == "joined":
        return str(direct.room_id)
    if direct is None or (direct.state == "left" and direct.room_id is None):
        await make(db, user, now)
    elif direct.state == "left":
        # they left and are written to again: ask them back into the same room
        await people.mark_direct_state(db, user, "invited", now)
        await tasks.add_task(db, "invite-again", user, {"room": direct.room_id}, now)
    return None


async def make(db: Transaction, user: UserId, now: datetime) -> None:
    """Have a room made with a person."""
    await people.mark_direct(db, user, room=None, state="creating", now=now)
    await tasks.add_task(db, "open-direct", user, {}, now)


async def want_directs(db: Transaction, now: datetime) -> None:
    """After a start: have the rooms looked up that this account has with people."""
    if not await tasks.has_task(db, "find-directs", "m.direct"):
        await tasks.add_task(db, "find-directs", "m.direct", {}, now)


def is_private(state: Sequence[StateEvent], user: UserId, bot: UserId) -> bool:
    """Whether nobody but these two is in a room, or asked into it."""
    others = (
        event.state_key
        for event in state
        if event.type == "m.room.member" and event.content.get("membership") in ("join", "invite")
    )
    return set(others) <= {user, bot}


async def opened(db: Transaction, user: UserId, room: RoomId, now: datetime) -> None:
    """The person is in: what was held for them goes."""
    await people.mark_direct(db, user, room=room, state="joined", now=now)
    await outbox.mark_recipient_ready(db, user, room, now)


async def closed(db: Transaction, user: UserId, now: datetime) -> None:
    """The person left their direct room: what is not sent waits until they are back."""
    await people.mark_direct_state(db, user, "left", now)
    await outbox.mark_recipient_away(db, user)


async def overheard(db: Transaction, room: RoomId, now: datetime) -> UserId | None:
    """Somebody else is coming in: nothing private is said there any more; returns whose room it was."""
    direct = await people.get_direct_by_room(db, room)
    if direct is None:
        return None
    await people.mark_direct(db, direct.user_id, room=None, state="left", now=now)
    await outbox.mark_recipient_away(db, direct.user_id)
    return str(direct.user_id)
