"""What the database holds about one person: all of it to read, and its erasure.

By the name of a column, in the platform's tables and in every plugin's: a row with the person in one of
`ABOUT` is about them; in one of `BY` it is somebody's act that stays when its author is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Column, MetaData, Table, bindparam, delete, or_, select, update

from coedu_bot.events import UserId
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import metadata, room_member

ABOUT = frozenset(
    {"user_id", "sender", "recipient", "reader", "person", "subject", "voter", "guardian", "person_id"}
)
BY = frozenset({"author", "noted_by", "owner", "creator", "entered_by", "counterpart"})

_GONE = delete(room_member).where(
    room_member.c.user_id == bindparam("user"), room_member.c.membership != "join"
)


def personal_tables(plugins: Iterable[MetaData]) -> tuple[Table, ...]:
    """Every table in which a person can stand."""
    everything = (table for one in (metadata, *plugins) for table in one.tables.values())
    return tuple(table for table in everything if list(_naming(table, ABOUT | BY)))


async def export_person(
    db: Transaction, tables: Iterable[Table], user: UserId
) -> dict[str, list[dict[str, Any]]]:
    """Every row about or by a person, by table; times in ISO 8601, bytes by their number."""
    found = {table.name: [_plain(table, row) for row in await _rows(db, table, user)] for table in tables}
    return {name: rows for name, rows in found.items() if rows}


async def export_everything(db: Transaction, tables: Iterable[Table]) -> dict[str, list[dict[str, Any]]]:
    """Every row of these tables, in the form of `export_person`."""
    return {table.name: [_plain(table, row) for row in await db.all(select(table))] for table in tables}


async def erase_person(db: Transaction, tables: Iterable[Table], user: UserId) -> int:
    """Forget a person; returns how many rows were touched.

    What the homeserver itself says of a room's members stays for as long as they are in it.
    """
    touched = await db.run(_GONE, user=user)
    for table in tables:
        if table is not room_member:
            touched += await _erase_from(db, table, user)
    return touched


async def _rows(db: Transaction, table: Table, user: UserId) -> list[Row]:
    there = or_(*(column == bindparam("user") for column in _naming(table, ABOUT | BY)))
    return await db.all(select(table).where(there), user=user)


async def _erase_from(db: Transaction, table: Table, user: UserId) -> int:
    touched = 0
    for column in _naming(table, ABOUT):
        touched += await db.run(delete(table).where(column == bindparam("user")), user=user)
    for column in _naming(table, BY):
        nobody = None if column.nullable else ""
        forget = update(table).where(column == bindparam("user")).values({column.name: nobody})
        touched += await db.run(forget, user=user)
    return touched


def _naming(table: Table, names: frozenset[str]) -> Iterator[Column[Any]]:
    return (column for column in table.c if column.name in names)


def _plain(table: Table, row: Row) -> dict[str, Any]:
    return {column.name: _value(getattr(row, column.name)) for column in table.c}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{len(value)} bytes" if isinstance(value, bytes) else value
