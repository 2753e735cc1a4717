"""A room's successor inherits: every column named `room_id`, of the platform and of all plugins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import MetaData, Table, bindparam, update

from coedu_bot.events import RoomId
from coedu_bot.store import outbox
from coedu_bot.store.database import Transaction
from coedu_bot.store.tables import metadata
from coedu_bot.store.tables import outbox as outbox_table


def tables_with_rooms(plugins: Iterable[MetaData]) -> tuple[Table, ...]:
    """The tables that follow a room; the outbox has its own rule, what was sent stays where it is."""
    return tuple(
        table
        for one in (metadata, *plugins)
        for table in one.tables.values()
        if "room_id" in table.c and table is not outbox_table
    )


async def move_everything(db: Transaction, tables: Sequence[Table], old: RoomId, new: RoomId) -> None:
    """Point whatever belonged to the old room at the new one."""
    for table in tables:
        statement = update(table).where(table.c.room_id == bindparam("old")).values(room_id=bindparam("new"))
        await db.run(statement, old=old, new=new)
    await outbox.mark_moved(db, old, new)
