"""Items and their short ids: unique across the bot, never used again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from coedu_bot.events import EventId, UserId
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import item, item_counter
from coedu_bot.store.types import upsert

_NEXT = upsert(item_counter, key=["letter"], update={"last": item_counter.c.last + 1}).returning(
    item_counter.c.last
)
_ADD = insert(item)
_GET = select(item).where(item.c.id == bindparam("id"))
_OF_COMMAND = select(item).where(item.c.command == bindparam("command"))


@dataclass(frozen=True, slots=True)
class Item:
    """Anything with a life of its own; `command` is the message that made it."""

    id: str
    plugin: str
    author: UserId
    command: EventId | None
    created_at: datetime


def _item(row: Row) -> Item:
    return Item(row.id, row.plugin, row.author, row.command, row.created_at)


async def add_item(
    db: Transaction, letter: str, *, plugin: str, author: UserId, command: EventId | None, now: datetime
) -> str:
    """Give out the next short id of a letter, e.g. `A12`."""
    number = await db.value(_NEXT, letter=letter, last=1)
    id_ = f"{letter}{number}"
    await db.run(_ADD, id=id_, plugin=plugin, author=author, command=command, created_at=now)
    return id_


async def get_item(db: Transaction, id_: str) -> Item | None:
    row = await db.one(_GET, id=id_.upper())
    return _item(row) if row else None


async def get_item_of_command(db: Transaction, command: EventId) -> Item | None:
    row = await db.one(_OF_COMMAND, command=command)
    return _item(row) if row else None
