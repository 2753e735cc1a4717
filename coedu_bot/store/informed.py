"""Which guardians were last known to be told of which classes, so that changes show after a stop too."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Column, Table, Text, bindparam, delete, select

from coedu_bot.events import UserId
from coedu_bot.store.database import Transaction
from coedu_bot.store.tables import metadata
from coedu_bot.store.types import insert_or_ignore

informed_guardian = Table(
    "informed_guardian",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("class_id", Text, primary_key=True),
)

_ALL = select(informed_guardian)
_ADD = insert_or_ignore(informed_guardian)
_REMOVE = delete(informed_guardian).where(
    informed_guardian.c.user_id == bindparam("user"), informed_guardian.c.class_id == bindparam("class_")
)


async def list_informed(db: Transaction) -> set[tuple[UserId, str]]:
    """Guardians with the ids of their classes."""
    return {(row.user_id, row.class_id) for row in await db.all(_ALL)}


async def add_informed(db: Transaction, new: Collection[tuple[UserId, str]]) -> None:
    if new:
        await db.run_many(_ADD, [{"user_id": user, "class_id": class_id} for user, class_id in sorted(new)])


async def remove_informed(db: Transaction, gone: Collection[tuple[UserId, str]]) -> None:
    for user, class_id in gone:
        await db.run(_REMOVE, user=user, class_=class_id)
