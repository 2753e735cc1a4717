"""What the database holds about one person: all of it to read, and its erasure.

By the name of a column, in the platform's tables and in every plugin's: a row with the person in one of
`ABOUT` is about them; in one of `BY` it is somebody's act that stays when its author is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, MetaData, Table, bindparam, delete, or_, select, update

from coedu_bot.events import UserId
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.mentions import forget_mentions
from coedu_bot.store.tables import (
    direct_room,
    metadata,
    outbox,
    person_setting,
    room,
    room_member,
    suspension,
    upload,
)

ABOUT = frozenset(
    {"user_id", "sender", "recipient", "reader", "person", "subject", "voter", "guardian", "person_id", "who"}
)
BY = frozenset(
    {"author", "noted_by", "owner", "creator", "entered_by", "counterpart", "suspended_by", "decided_by"}
)
OPTED_OUT = "stopped"
"""The setting that outlives an erasure: who wrote `stop` is not to be written to again because of it."""

_GONE = delete(room_member).where(
    room_member.c.user_id == bindparam("user"), room_member.c.membership != "join"
)
_DIRECT = select(direct_room.c.room_id).where(direct_room.c.user_id == bindparam("user"))
_MEMBERS_OF = delete(room_member).where(room_member.c.in_room == bindparam("place"))
_ROOM = delete(room).where(room.c.id == bindparam("place"))
_UPLOADS = delete(upload).where(
    upload.c.id.not_in(
        select(outbox.c.upload).where(outbox.c.upload.is_not(None), outbox.c.state != "dropped")
    )
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


async def erase_person(
    db: Transaction,
    tables: Iterable[Table],
    user: UserId,
    names: Sequence[str] = (),
    *,
    still_here: bool = False,
) -> int:
    """Forget a person, and where the bot's own messages name them; returns how many rows were touched.

    What stays: what the homeserver says of a room's members for as long as they are in it, a suspension,
    a wish not to be written to, and of somebody `still_here` which room is theirs.
    """
    touched = 0 if still_here else await _forget_direct(db, user)
    touched += await db.run(_GONE, user=user)
    touched += await forget_mentions(db, [user, *names])
    for table in tables:
        if table not in (room_member, *((direct_room,) if still_here else ())):
            touched += await _erase_from(db, table, user, names)
    return touched + await db.run(_UPLOADS)


async def _forget_direct(db: Transaction, user: UserId) -> int:
    """The room with one person is all about them."""
    place = await db.value(_DIRECT, user=user)
    return 0 if place is None else await db.run(_MEMBERS_OF, place=place) + await db.run(_ROOM, place=place)


async def _rows(db: Transaction, table: Table, user: UserId) -> list[Row]:
    there = or_(*(column == bindparam("user") for column in _naming(table, ABOUT | BY)))
    return await db.all(select(table).where(there), user=user)


async def _erase_from(db: Transaction, table: Table, user: UserId, names: Sequence[str]) -> int:
    touched = 0
    for column in _naming(table, ABOUT):
        if table is not suspension:
            touched += await db.run(_removal(table, column), user=user)
    for column in _naming(table, BY):
        nobody = None if column.nullable else ""
        # staff who entered something for a family are kept by name
        for known_as in (user, *names):
            forget = update(table).where(column == bindparam("who")).values({column.name: nobody})
            touched += await db.run(forget, who=known_as)
    return touched


def _removal(table: Table, column: Column[Any]) -> Any:
    theirs = delete(table).where(column == bindparam("user"))
    return theirs.where(person_setting.c.name != OPTED_OUT) if table is person_setting else theirs


def _naming(table: Table, names: frozenset[str]) -> Iterator[Column[Any]]:
    return (column for column in table.c if column.name in names)


def _plain(table: Table, row: Row) -> dict[str, Any]:
    return {column.name: _value(getattr(row, column.name)) for column in table.c}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{len(value)} bytes" if isinstance(value, bytes) else value
