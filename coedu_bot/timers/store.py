"""Timers in the database: what is due when, in UTC and as the wall time that was meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from coedu_bot.effects import Unwake, Wake, new_ref
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import timer, timer_basis
from coedu_bot.store.types import upsert

# one statement, so that processes can share a database; they step round what another has in hand
_due = (
    select(timer.c.id)
    .where(timer.c.due_at <= bindparam("now"))
    .order_by(timer.c.due_at, timer.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM_DUE = delete(timer).where(timer.c.id.in_(select(_due.c.id))).returning(timer)
_CLAIM = delete(timer).where(timer.c.id == bindparam("id")).returning(timer)
_LIST_DUE = (
    select(timer.c.id)
    .where(timer.c.due_at <= bindparam("now"))
    .order_by(timer.c.due_at, timer.c.id)
    .limit(bindparam("most"))
)
_ADD = insert(timer)
_NEXT = select(func.min(timer.c.due_at))
_OF_ITEM = delete(timer).where(timer.c.plugin == bindparam("plugin"), timer.c.item == bindparam("item"))
_OF_NAME = _OF_ITEM.where(timer.c.name == bindparam("name"))
_OF_ITEMS = (
    select(timer)
    .where(timer.c.plugin == bindparam("plugin"), timer.c.item.in_(bindparam("items", expanding=True)))
    .order_by(timer.c.due_at, timer.c.id)
)
_BASIS = select(timer_basis.c.value).where(timer_basis.c.name == "school")
_SET_BASIS = upsert(timer_basis, key=["name"], update=["value"])
_OF_SCHOOL = (
    select(timer)
    .where(
        or_(timer.c.follows_school.is_(True), timer.c.skips_holidays.is_(True), timer.c.week.is_not(None)),
        timer.c.id > bindparam("after"),
    )
    .order_by(timer.c.id)
    .limit(500)
)
_MOVE = (
    update(timer)
    .where(timer.c.id == bindparam("which"))
    .values(wall=bindparam("new_wall"), zone=bindparam("new_zone"), due_at=bindparam("new_due"))
)


async def set_timer(db: Transaction, effect: Wake | Unwake, plugin: str) -> None:
    """Keep a plugin's timer, or forget those of an item."""
    if isinstance(effect, Wake):
        await add_timer(db, effect, plugin)
    else:
        await remove_timers(db, plugin, effect.item, effect.name)


async def add_timer(db: Transaction, wake: Wake, plugin: str) -> None:
    """Keep a timer; `wake.at` is aware, and its zone, if it has a name, is kept with the wall time."""
    zone = getattr(wake.at.tzinfo, "key", None)
    every = wake.every
    await db.run(
        _ADD,
        id=new_ref(),
        plugin=plugin,
        name=wake.name,
        item=wake.item,
        payload=wake.payload,
        wall=wake.at.replace(tzinfo=None, fold=0).isoformat() if zone else None,
        zone=zone,
        rrule=every.rule if every else None,
        first=every.first.isoformat() if every else None,
        week=every.week if every else None,
        follows_school=wake.follows_school,
        skips_holidays=every is not None and every.skip_holidays,
        attempts=0,
        due_at=wake.at.astimezone(UTC),
    )


async def put_back(db: Transaction, row: Row, *, due_at: datetime, **changes: Any) -> None:
    """Keep a claimed timer again, for another time."""
    await db.run(_ADD, **{**row._asdict(), **changes, "due_at": due_at})


async def claim_due(db: Transaction, now: datetime, most: int) -> list[Row]:
    """Take out what is due, in due order, at most so many; what somebody else has in hand is left to them."""
    rows = await db.all(_CLAIM_DUE, now=now, most=most)
    return sorted(rows, key=lambda row: (row.due_at, row.id))


async def claim_timer(db: Transaction, id_: str) -> Row | None:
    """Take one timer out; None if somebody else did."""
    return await db.one(_CLAIM, id=id_)


async def list_due(db: Transaction, now: datetime, most: int) -> Sequence[str]:
    """Ids of what is due, in due order."""
    return [row.id for row in await db.all(_LIST_DUE, now=now, most=most)]


async def get_next_at(db: Transaction) -> datetime | None:
    at: datetime | None = await db.value(_NEXT)
    return at


async def list_timers(db: Transaction, plugin: str, items: Sequence[str]) -> list[Row]:
    """A plugin's timers of these items, the next first."""
    return await db.all(_OF_ITEMS, plugin=plugin, items=list(items)) if items else []


async def remove_timers(db: Transaction, plugin: str, item: str, name: str | None = None) -> None:
    """Forget an item's timers, of one name or all."""
    if name is None:
        await db.run(_OF_ITEM, plugin=plugin, item=item)
    else:
        await db.run(_OF_NAME, plugin=plugin, item=item, name=name)


async def get_basis(db: Transaction) -> Mapping[str, Any] | None:
    """The school's zone and holidays that the timers were computed with; None before the first."""
    basis: Mapping[str, Any] | None = await db.value(_BASIS)
    return basis


async def mark_basis(db: Transaction, basis: Mapping[str, Any]) -> None:
    await db.run(_SET_BASIS, name="school", value=basis)


async def list_timers_of_school(db: Transaction, after: str) -> list[Row]:
    """Timers that depend on the school's zone or holidays, by id, some hundreds a page."""
    return await db.all(_OF_SCHOOL, after=after)


async def mark_due(db: Transaction, id_: str, *, wall: datetime, zone: str, due_at: datetime) -> None:
    await db.run(_MOVE, which=id_, new_wall=wall.isoformat(), new_zone=zone, new_due=due_at)
