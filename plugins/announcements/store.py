"""Announcements in the database: tables, and SQL from and to the dataclasses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
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

from coedu_bot.api import Json, Row, Transaction, UtcTime, insert_or_ignore
from plugins.announcements.domain import (
    Acknowledgement,
    Announcement,
    Draft,
    Reading,
    State,
    Urgency,
)

metadata = MetaData()

announcement = Table(
    "announcements_announcement",
    metadata,
    Column("id", Text, primary_key=True),
    Column("author", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("draft", Json, nullable=False),
    Column("pending", Json),  # a draft that waits for the author's yes
    Column("preview", Text),  # our message that asks for it
    Column("rereads", Integer, nullable=False),  # 1: the pending change is to be read again
    Column("version", Integer, nullable=False),
    Column("asked_version", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("published_at", UtcTime),
    Column("nudged_at", UtcTime),
)

# in which rooms an announcement is; the column follows a room that is upgraded
target = Table(
    "announcements_target",
    metadata,
    Column("announcement", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("room_id", Text, nullable=False, index=True),
)

copy = Table(
    "announcements_copy",
    metadata,
    Column("ref", Text, primary_key=True),  # our message
    Column("announcement", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("room_id", Text),
    Column("person", Text),
)

reading = Table(
    "announcements_reading",
    metadata,
    Column("announcement", Text, primary_key=True),
    Column("reader", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("read_at", UtcTime, nullable=False),
    Column("noted_by", Text),
    Index("announcements_reading_by_reader", "reader"),
)

_GET = select(announcement).where(announcement.c.id == bindparam("id"))
_ADD = insert(announcement)
_MARK = (
    update(announcement)
    .where(announcement.c.id == bindparam("which"))
    .values(
        {
            column.name: bindparam(f"new_{column.name}", type_=column.type)
            for column in announcement.c
            if column.name not in ("id", "author", "created_at")
        }
    )
)
_OF_AUTHOR = (
    select(announcement)
    .where(announcement.c.author == bindparam("author"), announcement.c.state.in_(["scheduled", "published"]))
    .order_by(announcement.c.created_at.desc())
    .limit(20)
)
_OF_ROOM = (
    select(announcement)
    .join(target, target.c.announcement == announcement.c.id)
    .where(target.c.room_id == bindparam("room"), announcement.c.state.in_(["scheduled", "published"]))
    .order_by(announcement.c.created_at.desc())
    .limit(20)
)
_PUBLISHED_SINCE = (
    select(announcement)
    .where(announcement.c.state == "published", announcement.c.published_at >= bindparam("since"))
    .order_by(announcement.c.created_at)
)
_TARGETS = (
    select(target.c.room_id).where(target.c.announcement == bindparam("id")).order_by(target.c.position)
)
_NO_TARGETS = target.delete().where(target.c.announcement == bindparam("id"))
_ADD_TARGET = insert(target)
_ADD_COPY = insert(copy)
_COPIES = select(copy).where(copy.c.announcement == bindparam("id"))
_REMOVE_COPIES = copy.delete().where(copy.c.ref.in_(bindparam("refs", expanding=True)))
_IDS: Any = bindparam("ids", expanding=True)
_OVER = select(announcement.c.id).where(announcement.c.id.in_(_IDS), announcement.c.state != "scheduled")
_FORGET = [
    delete(column.table).where(column.in_(_IDS))
    for column in (announcement.c.id, target.c.announcement, copy.c.announcement, reading.c.announcement)
]
_READ = insert_or_ignore(reading)
_READINGS = select(reading).where(reading.c.announcement == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Copy:
    """One message of ours that shows an announcement; `kind` as in `org.coedu`."""

    ref: str
    kind: str
    room: str | None
    person: str | None


async def add_announcement(db: Transaction, new: Announcement, now: datetime) -> None:
    await db.run(_ADD, id=new.id, author=new.author, created_at=now, **_columns(new))
    await _mark_targets(db, new)


async def mark_announcement(db: Transaction, changed: Announcement) -> None:
    """Keep a changed announcement."""
    await db.run(
        _MARK, which=changed.id, **{f"new_{name}": value for name, value in _columns(changed).items()}
    )
    await _mark_targets(db, changed)


async def get_announcement(db: Transaction, id_: str) -> Announcement | None:
    row = await db.one(_GET, id=id_)
    return await _announcement(db, row) if row else None


async def remove_announcements(db: Transaction, ids: Sequence[str]) -> list[str]:
    """Forget those of these that are over, with all that was kept of them; returns which."""
    over = [row.id for row in await db.all(_OVER, ids=list(ids))]
    for statement in _FORGET if over else ():
        await db.run(statement, ids=over)
    return over


async def list_announcements_by(db: Transaction, author: str) -> list[Announcement]:
    """What somebody has published or planned, newest first, twenty at most."""
    return [await _announcement(db, row) for row in await db.all(_OF_AUTHOR, author=author)]


async def list_announcements_in(db: Transaction, room: str) -> list[Announcement]:
    """What is published in a room or planned for it, newest first, twenty at most."""
    return [await _announcement(db, row) for row in await db.all(_OF_ROOM, room=room)]


async def list_published_since(db: Transaction, since: datetime) -> list[Announcement]:
    """What was published since then and not taken back, oldest first."""
    return [await _announcement(db, row) for row in await db.all(_PUBLISHED_SINCE, since=since)]


async def add_copies(db: Transaction, id_: str, new: Sequence[Copy]) -> None:
    rows = [
        {"ref": one.ref, "announcement": id_, "kind": one.kind, "room_id": one.room, "person": one.person}
        for one in new
    ]
    if rows:
        await db.run_many(_ADD_COPY, rows)


async def list_copies(db: Transaction, id_: str) -> list[Copy]:
    """Every message of ours that shows this announcement."""
    return [Copy(row.ref, row.kind, row.room_id, row.person) for row in await db.all(_COPIES, id=id_)]


async def remove_copies(db: Transaction, refs: Sequence[str]) -> None:
    if refs:
        await db.run(_REMOVE_COPIES, refs=list(refs))


async def add_reading(db: Transaction, id_: str, new: Reading) -> bool:
    """Keep that somebody has read; False if that was known: the database decides, whoever taps at once."""
    touched = await db.run(
        _READ,
        announcement=id_,
        reader=new.reader,
        version=new.version,
        read_at=new.read_at,
        noted_by=new.noted_by,
    )
    return touched == 1


async def list_readings(db: Transaction, id_: str) -> list[Reading]:
    rows: Sequence[Row] = await db.all(_READINGS, id=id_)
    return [Reading(row.reader, row.version, row.read_at, row.noted_by) for row in rows]


async def _mark_targets(db: Transaction, one: Announcement) -> None:
    await db.run(_NO_TARGETS, id=one.id)
    for position, room in enumerate(one.draft.rooms):
        await db.run(_ADD_TARGET, announcement=one.id, position=position, room_id=room)


def _columns(one: Announcement) -> dict[str, Any]:
    return {
        "state": one.state.value,
        "draft": _json(one.draft),
        "pending": _json(one.pending) if one.pending else None,
        "preview": one.preview,
        "rereads": int(one.rereads),
        "version": one.version,
        "asked_version": one.asked_version,
        "published_at": one.published_at,
        "nudged_at": one.nudged_at,
    }


async def _announcement(db: Transaction, row: Row) -> Announcement:
    rooms = tuple(line.room_id for line in await db.all(_TARGETS, id=row.id))
    return Announcement(
        id=row.id,
        author=row.author,
        draft=_draft({**row.draft, "rooms": rooms}),
        state=State(row.state),
        version=row.version,
        asked_version=row.asked_version,
        pending=_draft(row.pending) if row.pending else None,
        preview=row.preview,
        nudged_at=row.nudged_at,
        published_at=row.published_at,
        rereads=bool(row.rereads),
    )


def _json(draft: Draft) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(draft).items()
    }


def _draft(json: dict[str, Any]) -> Draft:
    fields = dict(json)
    for name in ("send_at", "until"):
        fields[name] = datetime.fromisoformat(fields[name]) if fields[name] else None
    fields["rooms"] = tuple(fields["rooms"])
    fields["acknowledgement"] = Acknowledgement(fields["acknowledgement"])
    fields["urgency"] = Urgency(fields["urgency"])
    return Draft(**fields)
