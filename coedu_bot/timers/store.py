"""Timers in the database: what is due when, in UTC and as the wall time that was meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import bindparam, delete, func, insert, select

from coedu_bot.effects import Wake, new_ref
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import timer

_ADD = insert(timer)
_DUE = select(timer.c.id).where(timer.c.due_at <= bindparam("now")).order_by(timer.c.due_at).limit(100)
_NEXT = select(func.min(timer.c.due_at))
_CLAIM = delete(timer).where(timer.c.id == bindparam("id")).returning(timer)
_OF_ITEM = delete(timer).where(timer.c.plugin == bindparam("plugin"), timer.c.item == bindparam("item"))
_OF_NAME = _OF_ITEM.where(timer.c.name == bindparam("name"))


async def add_timer(db: Transaction, wake: Wake, plugin: str) -> None:
    """Keep a timer; `wake.at` is aware, and its zone, if it has a name, is kept with the wall time."""
    zone = getattr(wake.at.tzinfo, "key", None)
    await db.run(
        _ADD,
        id=new_ref(),
        plugin=plugin,
        name=wake.name,
        item=wake.item,
        payload=wake.payload,
        wall=wake.at.replace(tzinfo=None).isoformat() if zone else None,
        zone=zone,
        rrule=None,
        due_at=wake.at.astimezone(UTC),
    )


async def list_due(db: Transaction, now: datetime) -> Sequence[Row]:
    """Ids of what is due, in due order, at most a hundred at a time."""
    return await db.all(_DUE, now=now)


async def get_next_at(db: Transaction) -> datetime | None:
    at: datetime | None = await db.value(_NEXT)
    return at


async def claim_timer(db: Transaction, id_: str) -> Row | None:
    """Take a timer out; None if somebody else did. One statement, so processes can share a database."""
    return await db.one(_CLAIM, id=id_)


async def remove_timers(db: Transaction, plugin: str, item: str, name: str | None = None) -> None:
    """Forget an item's timers, of one name or all."""
    if name is None:
        await db.run(_OF_ITEM, plugin=plugin, item=item)
    else:
        await db.run(_OF_NAME, plugin=plugin, item=item, name=name)
