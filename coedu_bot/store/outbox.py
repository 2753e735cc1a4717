"""The outbox: what is to be sent, what was, and the map from any event of ours to plugin and item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, insert, or_, select, update

from coedu_bot.events import EventId, RoomId, UserId
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import outbox, room, task, upload

PENDING = ("queued", "held", "sending")

_ADD = insert(outbox)
_BY_REF = select(outbox).where(outbox.c.ref == bindparam("ref"))
_BY_EVENT = select(outbox).where(outbox.c.event_id == bindparam("event"))
_before = outbox.alias("before")
# an upgraded room: what is said while the bot joins the new one would only be read in the old one
_MOVING = exists().where(
    room.c.id == outbox.c.room_id,
    room.c.replaced_by.is_not(None),
    room.c.moved_to.is_(None),
    task.c.kind == "join",
    task.c.subject == room.c.replaced_by,
    task.c.attempts <= 3,  # where the new one cannot be reached, the old one has to do
)
_READY = or_(
    outbox.c.state == "sending",
    and_(
        outbox.c.state == "queued",
        or_(outbox.c.not_before_at.is_(None), outbox.c.not_before_at <= bindparam("now")),
        ~_MOVING,
    ),
)
# what refers to a row waits until that row has gone
_NOTHING_BEFORE = ~exists().where(_before.c.ref == outbox.c.target_ref, _before.c.state.in_(PENDING))
_NEXT = (
    select(outbox)
    .where(outbox.c.room_id == bindparam("room"), _READY, _NOTHING_BEFORE)
    .order_by((outbox.c.state != "sending"), outbox.c.priority, outbox.c.position)
    .limit(1)
)
_READY_ROOMS = (
    select(outbox.c.room_id, func.min(outbox.c.priority).label("priority"))
    .where(outbox.c.room_id.is_not(None), _READY, _NOTHING_BEFORE)
    .group_by(outbox.c.room_id)
)
_NEXT_DUE = select(func.min(outbox.c.not_before_at)).where(
    outbox.c.state == "queued", outbox.c.not_before_at > bindparam("now")
)
_SENDING = (
    update(outbox)
    .where(outbox.c.ref == bindparam("row"), outbox.c.state.in_(["queued", "sending"]))
    .values(
        state="sending",
        attempts=outbox.c.attempts + 1,
        sending_at=func.coalesce(outbox.c.sending_at, bindparam("now", type_=outbox.c.sending_at.type)),
        device_id=func.coalesce(outbox.c.device_id, bindparam("device")),
    )
    .returning(outbox)
)
_SENT = (
    update(outbox)
    .where(outbox.c.ref == bindparam("row"))
    .values(
        state="sent", event_id=bindparam("event"), sent_at=bindparam("now"), device_id=bindparam("device")
    )
)
_DROPPED = (
    update(outbox).where(outbox.c.ref == bindparam("row")).values(state="dropped", error=bindparam("why"))
)
_CONTENT = update(outbox).where(outbox.c.ref == bindparam("row")).values(content=bindparam("new_content"))
_DEPENDANTS = select(outbox).where(outbox.c.target_ref == bindparam("ref"), outbox.c.state.in_(PENDING))
_RELEASE = (
    update(outbox)
    .where(outbox.c.recipient == bindparam("user"), outbox.c.state == "held")
    .values(state="queued", room_id=bindparam("new_room"))
)
_LAPSE = (
    update(outbox)
    .where(
        outbox.c.recipient == bindparam("user"),
        outbox.c.state == "held",
        outbox.c.lapses_at <= bindparam("now"),
    )
    .values(state="dropped", error="lapsed")
)
_HOLD = (
    update(outbox)
    .where(outbox.c.recipient == bindparam("user"), outbox.c.state == "queued")
    .values(state="held", room_id=None)
)
_MOVE = (
    update(outbox)
    .where(outbox.c.room_id == bindparam("old"), outbox.c.state.in_(["queued", "held"]))
    .values(room_id=bindparam("new"))
)
_SENDING_IN = exists().where(outbox.c.room_id == bindparam("room"), outbox.c.state == "sending").select()
_PINS = (
    select(outbox)
    .where(outbox.c.room_id == bindparam("room"), outbox.c.action == "pin", outbox.c.state == "sent")
    .order_by(outbox.c.position.desc())
)
_DEPTH = select(func.count()).select_from(outbox).where(outbox.c.state.in_(["queued", "sending"]))
_READY_SINCE = select(
    func.min(func.coalesce(outbox.c.not_before_at, outbox.c.created_at), type_=outbox.c.created_at.type)
).where(outbox.c.room_id.is_not(None), _READY)
_LAST_SENT = select(func.max(outbox.c.sent_at)).where(outbox.c.state == "sent")
_ADD_UPLOAD = insert(upload)
_GET_UPLOAD = select(upload).where(upload.c.id == bindparam("id"))
_REMOVE_UPLOAD = delete(upload).where(upload.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A row to be; the database gives it its position."""

    ref: str
    room_id: RoomId | None
    recipient: UserId | None
    state: str
    priority: int
    action: str
    content: dict[str, Any]
    plugin: str
    kind: str
    created_at: datetime
    type: str = "m.room.message"
    target_ref: str | None = None
    target: EventId | None = None
    upload: str | None = None
    item: str | None = None
    author: UserId | None = None
    not_before_at: datetime | None = None
    wished_at: datetime | None = None
    lapses_at: datetime | None = None
    bundle: str | None = None


async def add_row(db: Transaction, row: OutboxRow) -> None:
    await db.run(_ADD, **{name: getattr(row, name) for name in row.__slots__})


async def get_row(db: Transaction, ref: str) -> Row | None:
    return await db.one(_BY_REF, ref=ref)


async def get_row_of_event(db: Transaction, event: EventId) -> Row | None:
    """Which of our rows became this event, if any."""
    return await db.one(_BY_EVENT, event=event)


async def get_row_related(db: Transaction, event: EventId, room: RoomId) -> Row | None:
    """As `get_row_of_event`, for what an event of this room points at: a relation into another is none."""
    row = await get_row_of_event(db, event)
    return row if row is not None and row.room_id == room else None


async def get_next_row(db: Transaction, room: RoomId, now: datetime) -> Row | None:
    """What goes next in a room: what was being sent first, then the most urgent, then the oldest."""
    return await db.one(_NEXT, room=room, now=now)


async def list_ready_rooms(db: Transaction, now: datetime) -> Sequence[Row]:
    """Rooms with something to send now (`room_id`, `priority`)."""
    return await db.all(_READY_ROOMS, now=now)


async def get_next_due(db: Transaction, now: datetime) -> datetime | None:
    """When the next row that waits for its time may go."""
    due: datetime | None = await db.value(_NEXT_DUE, now=now)
    return due


async def mark_sending(db: Transaction, ref: str, device: str, now: datetime) -> Row | None:
    """Freeze the row before its PUT and return it as it will go; None if it was dropped meanwhile."""
    return await db.one(_SENDING, row=ref, device=device, now=now)


async def mark_sent(db: Transaction, ref: str, event: EventId | None, device: str, now: datetime) -> None:
    await db.run(_SENT, row=ref, event=event, device=device, now=now)


async def mark_dropped(db: Transaction, ref: str, why: str) -> None:
    await db.run(_DROPPED, row=ref, why=why)


async def mark_content(db: Transaction, ref: str, content: dict[str, Any]) -> None:
    await db.run(_CONTENT, row=ref, new_content=content)


async def list_dependants(db: Transaction, ref: str) -> Sequence[Row]:
    """Rows not yet gone that edit, answer, redact or react to this one."""
    return await db.all(_DEPENDANTS, ref=ref)


async def mark_recipient_ready(db: Transaction, user: UserId, room: RoomId, now: datetime) -> int:
    """The person's direct room is open: what was held for them may go, if it is still worth it."""
    await db.run(_LAPSE, user=user, now=now)
    return await db.run(_RELEASE, user=user, new_room=room)


async def mark_recipient_away(db: Transaction, user: UserId) -> int:
    """The person left: what is not sent yet waits."""
    return await db.run(_HOLD, user=user)


async def mark_moved(db: Transaction, old: RoomId, new: RoomId) -> None:
    """The room was upgraded: what has not gone goes to the new one."""
    await db.run(_MOVE, old=old, new=new)


async def is_sending_in(db: Transaction, room: RoomId) -> bool:
    """Whether a PUT of ours to this room has not been answered yet."""
    return bool(await db.value(_SENDING_IN, room=room))


async def list_pins(db: Transaction, room: RoomId) -> Sequence[Row]:
    """Our pins in a room, newest first."""
    return await db.all(_PINS, room=room)


async def get_pace(db: Transaction, now: datetime) -> tuple[int, datetime | None, datetime | None]:
    """How many rows wait, since when the oldest of them could go, and when one last went (if one waits)."""
    depth = await db.value(_DEPTH)
    ready_since = await db.value(_READY_SINCE, now=now)
    sent_at = await db.value(_LAST_SENT) if ready_since else None
    return int(depth), ready_since, sent_at


async def add_upload(db: Transaction, id_: str, *, name: str, mime: str, data: bytes) -> None:
    await db.run(_ADD_UPLOAD, id=id_, name=name, mime=mime, data=data)


async def get_upload(db: Transaction, id_: str) -> Row | None:
    return await db.one(_GET_UPLOAD, id=id_)


async def remove_upload(db: Transaction, id_: str) -> None:
    await db.run(_REMOVE_UPLOAD, id=id_)
