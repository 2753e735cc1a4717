"""Reminders in the database: tables, and SQL from and to the dataclasses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from coedu_bot.api import Row, Transaction, UtcTime, insert_or_ignore, upsert
from plugins.reminders.domain import Plan, Reminder, State

metadata = MetaData()

reminder = Table(
    "reminders_reminder",
    metadata,
    Column("id", Text, primary_key=True),
    Column("author", Text, nullable=False),
    Column("room_id", Text),  # null: to its author, in private; the column follows a room that is upgraded
    Column("person", Text),  # its author, where it is private: it is forgotten with them
    Column("text", Text, nullable=False),
    Column("typed", Text, nullable=False),
    Column("wall", Text, nullable=False),  # naive
    Column("zone", Text, nullable=False),
    Column("rule", Text),
    Column("week", Text),
    Column("own_zone", Boolean, nullable=False),
    Column("skip_holidays", Boolean, nullable=False),
    Column("waits", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index("reminders_reminder_by_author", "author", "state"),
    Index("reminders_reminder_by_room", "room_id", "state"),
)

# messages of ours that show a reminder: its confirmations, and each time it was said
copy = Table(
    "reminders_copy",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("reminder", Text, nullable=False, index=True),
    Column("occurrence_at", UtcTime),  # null: a confirmation
    Column("person", Text),  # whom it was said to in private; null: in the room
)

# who hears a room's reminder in private too
listener = Table(
    "reminders_listener",
    metadata,
    Column("reminder", Text, primary_key=True),
    Column("person", Text, primary_key=True),
)

# which occurrence is said again, to whom ("" for the room) and when: the latest wish counts
again = Table(
    "reminders_again",
    metadata,
    Column("reminder", Text, primary_key=True),
    Column("occurrence_at", UtcTime, primary_key=True),
    Column("who", Text, primary_key=True),
    Column("until_at", UtcTime, nullable=False),
)

_IDS: Any = bindparam("ids", expanding=True)
_OVER = select(reminder.c.id).where(reminder.c.id.in_(_IDS), reminder.c.state != "planned")
_FORGET = [
    delete(column.table).where(column.in_(_IDS))
    for column in (reminder.c.id, copy.c.reminder, listener.c.reminder, again.c.reminder)
]
_ADD = insert(reminder)
_GET = select(reminder).where(reminder.c.id == bindparam("id"))
_CHANGING = [one for one in reminder.c if one.name not in ("id", "author", "created_at")]
_MARK = (
    update(reminder)
    .where(reminder.c.id == bindparam("which"))
    .values({one.name: bindparam(f"new_{one.name}", type_=one.type) for one in _CHANGING})
)
_PRIVATE = select(reminder).where(
    reminder.c.author == bindparam("author"),
    reminder.c.state == State.PLANNED.value,
    reminder.c.room_id.is_(None),
)
_IN_ROOMS = select(reminder).where(
    reminder.c.room_id.in_(bindparam("rooms", expanding=True)), reminder.c.state == State.PLANNED.value
)
_ADD_COPY = insert(copy)
_COPY = select(copy).where(copy.c.ref == bindparam("ref"))
_COPIES = select(copy).where(copy.c.reminder == bindparam("id")).order_by(copy.c.occurrence_at)
_REMOVE_COPIES = delete(copy).where(copy.c.ref == bindparam("ref"))
_LISTEN = insert_or_ignore(listener)
_UNLISTEN = delete(listener).where(
    listener.c.reminder == bindparam("id"), listener.c.person == bindparam("person")
)
_LISTENERS = (
    select(listener.c.person).where(listener.c.reminder == bindparam("id")).order_by(listener.c.person)
)
_AGAIN = upsert(again, key=["reminder", "occurrence_at", "who"], update=["until_at"])
_THIS = (
    again.c.reminder == bindparam("id"),
    again.c.occurrence_at == bindparam("occurrence"),
    again.c.who == bindparam("whose"),
)
_NO_MORE = delete(again).where(*_THIS)
_TAKE = delete(again).where(*_THIS, again.c.until_at == bindparam("until"))


@dataclass(frozen=True, slots=True)
class Copy:
    """One message of ours that shows a reminder: said for an `occurrence`, or without one a confirmation."""

    ref: str
    occurrence: datetime | None = None
    person: str | None = None


async def add_reminder(db: Transaction, new: Reminder, now: datetime) -> None:
    await db.run(_ADD, id=new.id, author=new.author, created_at=now, **_columns(new))


async def mark_reminder(db: Transaction, changed: Reminder) -> None:
    """Keep a changed reminder."""
    new = {f"new_{name}": value for name, value in _columns(changed).items()}
    await db.run(_MARK, which=changed.id, **new)


async def get_reminder(db: Transaction, id_: str) -> Reminder | None:
    row = await db.one(_GET, id=id_)
    return _reminder(row) if row else None


async def list_private(db: Transaction, author: str) -> list[Reminder]:
    """What somebody has planned for themselves."""
    return [_reminder(row) for row in await db.all(_PRIVATE, author=author)]


async def list_in_rooms(db: Transaction, rooms: Sequence[str]) -> list[Reminder]:
    """What is planned in these rooms."""
    return [_reminder(row) for row in await db.all(_IN_ROOMS, rooms=list(rooms))] if rooms else []


async def add_copy(db: Transaction, id_: str, new: Copy) -> None:
    await db.run(_ADD_COPY, ref=new.ref, reminder=id_, occurrence_at=new.occurrence, person=new.person)


async def get_copy(db: Transaction, ref: str) -> Copy | None:
    row = await db.one(_COPY, ref=ref)
    return Copy(row.ref, row.occurrence_at, row.person) if row else None


async def list_copies(db: Transaction, id_: str) -> list[Copy]:
    """Every message of ours that shows this reminder, the latest occurrence last."""
    return [Copy(row.ref, row.occurrence_at, row.person) for row in await db.all(_COPIES, id=id_)]


async def remove_copy(db: Transaction, ref: str) -> None:
    await db.run(_REMOVE_COPIES, ref=ref)


async def add_listener(db: Transaction, id_: str, person: str) -> bool:
    """Keep that somebody wants it in private too; False if that was known."""
    return await db.run(_LISTEN, reminder=id_, person=person) == 1


async def remove_listener(db: Transaction, id_: str, person: str) -> None:
    await db.run(_UNLISTEN, id=id_, person=person)


async def list_listeners(db: Transaction, id_: str) -> list[str]:
    return [row.person for row in await db.all(_LISTENERS, id=id_)]


async def mark_again(db: Transaction, id_: str, occurrence: datetime, who: str, until: datetime) -> None:
    """This occurrence is to be said again then."""
    await db.run(_AGAIN, reminder=id_, occurrence_at=occurrence, who=who, until_at=until)


async def remove_again(db: Transaction, id_: str, occurrence: datetime, who: str) -> bool:
    """No more of this occurrence; False if nothing more was to come."""
    return await db.run(_NO_MORE, id=id_, occurrence=occurrence, whose=who) == 1


async def take_again(db: Transaction, id_: str, occurrence: datetime, who: str, until: datetime) -> bool:
    """Whether it is still to be said again now, and for this wish; then it no longer is."""
    return await db.run(_TAKE, id=id_, occurrence=occurrence, whose=who, until=until) == 1


async def remove_reminders(db: Transaction, ids: Sequence[str]) -> list[str]:
    """Forget those of these that are over, with all that was kept of them; returns which."""
    over = [row.id for row in await db.all(_OVER, ids=list(ids))]
    for statement in _FORGET if over else ():
        await db.run(statement, ids=over)
    return over


def _columns(one: Reminder) -> dict[str, Any]:
    plan = one.plan
    return {
        "room_id": one.room,
        "person": one.author if one.room is None else None,
        "text": one.text,
        "typed": one.typed,
        "wall": plan.wall.isoformat(),
        "zone": plan.zone,
        "rule": plan.rule,
        "week": plan.week,
        "own_zone": plan.own_zone,
        "skip_holidays": plan.skip_holidays,
        "waits": plan.waits,
        "state": one.state.value,
        "version": one.version,
    }


def _reminder(row: Row) -> Reminder:
    plan = Plan(
        wall=datetime.fromisoformat(row.wall),
        zone=row.zone,
        rule=row.rule,
        week=row.week,
        own_zone=bool(row.own_zone),
        skip_holidays=bool(row.skip_holidays),
        waits=bool(row.waits),
    )
    return Reminder(
        id=row.id,
        author=row.author,
        text=row.text,
        plan=plan,
        room=row.room_id,
        typed=row.typed,
        state=State(row.state),
        version=row.version,
    )
