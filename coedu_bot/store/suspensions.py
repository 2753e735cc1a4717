"""Whom a coordinator has suspended or frozen: who, by whom and when, never why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from coedu_bot.events import UserId
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import outbox, suspension
from coedu_bot.store.types import insert_or_ignore

_ADD = insert_or_ignore(suspension)
_REMOVE = delete(suspension).where(suspension.c.user_id == bindparam("user"))
_ALL = select(suspension.c.user_id)
_OFFERED = select(suspension).where(suspension.c.offer == bindparam("offer"))
_POSTS = (
    select(outbox.c.ref)
    .where(
        outbox.c.author == bindparam("author"),
        outbox.c.action == "send",
        outbox.c.item.is_not(None),
        outbox.c.state != "dropped",
        outbox.c.created_at >= bindparam("since"),
    )
    .order_by(outbox.c.position)
)
_DROP = (
    update(outbox)
    .where(outbox.c.recipient == bindparam("user"), outbox.c.state.in_(["queued", "held"]))
    .values(state="dropped", error="suspended")
)


async def add_suspension(
    db: Transaction, user: UserId, by: UserId, now: datetime, offer: str | None = None
) -> bool:
    """Suspend somebody, and drop what was still to go to them; False if they were already."""
    added = await db.run(_ADD, user_id=user, suspended_by=by, suspended_at=now, offer=offer) == 1
    await db.run(_DROP, user=user)
    return added


async def remove_suspension(db: Transaction, user: UserId) -> bool:
    """End a suspension; False if there was none."""
    return await db.run(_REMOVE, user=user) == 1


async def get_offered(db: Transaction, offer: str) -> Row | None:
    """The suspension with which this message of ours was posted."""
    return await db.one(_OFFERED, offer=offer)


async def list_posts(db: Transaction, author: UserId, since: datetime) -> list[str]:
    """Our messages about items that somebody caused since then."""
    return [row.ref for row in await db.all(_POSTS, author=author, since=since)]


async def list_suspended(db: Transaction) -> list[UserId]:
    return [row.user_id for row in await db.all(_ALL)]
