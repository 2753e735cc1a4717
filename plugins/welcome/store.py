"""Who has been greeted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, MetaData, Table, Text, bindparam, select

from coedu_bot.api import Transaction, UserId, UtcTime, insert_or_ignore

metadata = MetaData()

greeting = Table(
    "welcome_greeting",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("greeted_at", UtcTime, nullable=False),
)

_ADD = insert_or_ignore(greeting)
_GET = select(greeting.c.user_id).where(greeting.c.user_id == bindparam("user"))


async def add_greeting(db: Transaction, user: UserId, now: datetime) -> None:
    await db.run(_ADD, user_id=user, greeted_at=now)


async def is_greeted(db: Transaction, user: UserId) -> bool:
    return await db.one(_GET, user=user) is not None
