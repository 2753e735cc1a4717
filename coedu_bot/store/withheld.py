"""Keys that senders did not give us, and why: for `doctor`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Table, Text, and_, bindparam, desc, func, or_, select

from coedu_bot.events import KeyWithheld
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import metadata, undecrypted_event
from coedu_bot.store.types import UtcTime, upsert

withheld_key = Table(
    "withheld_key",
    metadata,
    Column("sender", Text, primary_key=True),
    Column("session_id", Text, primary_key=True),  # empty where all of the sender's are meant
    Column("in_room", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("received_at", UtcTime, nullable=False, index=True),
)

_MARK = upsert(withheld_key, key=["sender", "session_id"], update=["code", "received_at"])
_unread, _why = undecrypted_event.c, withheld_key.c
_FAILURES = (
    select(_unread.event_id, _unread.event_room_id, _unread.sender, _unread.sent_at, _why.code)
    .select_from(
        undecrypted_event.outerjoin(
            withheld_key,
            and_(
                _why.sender == _unread.sender,
                or_(_why.session_id == _unread.session_id, _why.session_id == ""),
            ),
        )
    )
    .order_by(desc(_unread.sent_at))
    .limit(bindparam("most"))
)
_REFUSALS = select(_why.code, func.count(_why.sender.distinct()).label("people")).group_by(_why.code)
_COUNT = select(func.count()).select_from(undecrypted_event)


async def mark_withheld(db: Transaction, key: KeyWithheld, now: datetime) -> None:
    await db.run(
        _MARK,
        sender=key.sender,
        session_id=key.session_id[:255],
        in_room=key.room_id,
        code=key.code,
        received_at=now,
    )


async def list_unread(db: Transaction, most: int) -> Sequence[Row]:
    """The newest messages that cannot be read, each with the reason if its sender gave one."""
    return await db.all(_FAILURES, most=most)


async def count_unread(db: Transaction) -> int:
    return int(await db.value(_COUNT) or 0)


async def count_withheld(db: Transaction) -> dict[str, int]:
    """How many people's clients gave which reason."""
    return {row.code: int(row.people) for row in await db.all(_REFUSALS.order_by(_why.code))}
