"""Whom a coordinator has suspended or frozen: who, by whom and when, never why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, select, update

from coedu_bot.events import RoomId, UserId
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import item, outbox, suspension
from coedu_bot.store.types import insert_or_ignore

_ADD = insert_or_ignore(suspension)
_GET = select(suspension).where(suspension.c.user_id == bindparam("user"))
_REMOVE = delete(suspension).where(suspension.c.user_id == bindparam("user"))
_ALL = select(suspension.c.user_id, suspension.c.frozen)
_OFFERED = select(suspension).where(suspension.c.offer == bindparam("offer"))
_TAKEN = update(suspension).where(suspension.c.user_id == bindparam("user")).values(offer=None)
_ROOMS = (
    update(suspension).where(suspension.c.user_id == bindparam("user")).values(rooms=bindparam("new_rooms"))
)
_redaction = outbox.alias("redaction")
_ITEMS = (
    select(item)
    .where(item.c.author == bindparam("author"), item.c.created_at >= bindparam("since"))
    .order_by(item.c.created_at)
)
_POSTS = (
    select(outbox)
    .where(
        outbox.c.author == bindparam("author"),
        outbox.c.action == "send",
        outbox.c.state != "dropped",
        outbox.c.created_at >= bindparam("since"),
        ~exists().where(_redaction.c.target_ref == outbox.c.ref, _redaction.c.action == "redact"),
    )
    .order_by(outbox.c.position)
)


async def add_suspension(
    db: Transaction,
    user: UserId,
    by: UserId,
    now: datetime,
    *,
    frozen: bool = False,
    offer: str | None = None,
) -> bool:
    """Suspend a guardian or freeze an account; False if that had been done before."""
    columns = {"user_id": user, "suspended_by": by, "suspended_at": now}
    return await db.run(_ADD, **columns, frozen=frozen, offer=offer, rooms=None) == 1


async def get_suspension(db: Transaction, user: UserId) -> Row | None:
    return await db.one(_GET, user=user)


async def remove_suspension(db: Transaction, user: UserId) -> bool:
    """End a suspension; False if there was none."""
    return await db.run(_REMOVE, user=user) == 1


async def mark_rooms(db: Transaction, user: UserId, rooms: Collection[RoomId]) -> None:
    """Remember which rooms somebody was taken out of."""
    await db.run(_ROOMS, user=user, new_rooms=sorted(rooms))


async def get_offered(db: Transaction, offer: str) -> Row | None:
    """The suspension with which this message of ours was posted."""
    return await db.one(_OFFERED, offer=offer)


async def mark_offer_taken(db: Transaction, user: UserId) -> None:
    """The offer to withdraw has been taken: it counts once."""
    await db.run(_TAKEN, user=user)


async def list_items(db: Transaction, author: UserId, since: datetime) -> Sequence[Row]:
    """What somebody has made since then: announcements, polls and the like."""
    return await db.all(_ITEMS, author=author, since=since)


async def list_posts(db: Transaction, author: UserId, since: datetime) -> Sequence[Row]:
    """The messages of ours, not yet taken back, that somebody's acts since then have caused."""
    return await db.all(_POSTS, author=author, since=since)


async def list_suspended(db: Transaction) -> tuple[list[UserId], list[UserId]]:
    """The guardians who are suspended, and the accounts of staff that are frozen."""
    rows = await db.all(_ALL)
    return [row.user_id for row in rows if not row.frozen], [row.user_id for row in rows if row.frozen]
