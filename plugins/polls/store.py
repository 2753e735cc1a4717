"""Polls and the answers to them: tables, and SQL from and to the dataclasses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from coedu_bot.api import Json, Row, Transaction, UtcTime, insert_or_ignore
from plugins.polls.domain import Form, Poll, Showing, State, Voice, Vote

metadata = MetaData()

poll = Table(
    "polls_poll",
    metadata,
    Column("id", Text, primary_key=True),
    Column("author", Text, nullable=False, index=True),
    Column("room_id", Text, nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("options", Json, nullable=False),
    Column("form", Text, nullable=False),
    Column("choices", Integer, nullable=False),
    Column("voice", Text, nullable=False),
    Column("showing", Text, nullable=False),
    Column("until", UtcTime),
    Column("quorum", Integer, nullable=False),
    Column("reminds", Integer, nullable=False),
    Column("reminded_at", UtcTime),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("ref", Text, nullable=False),  # our native poll, or the message that stands for it
    Column("companion", Text, nullable=False),
    Column("ended_at", UtcTime),
    Column("chosen", Integer),
    Column("opened_at", UtcTime, nullable=False),
)

vote = Table(
    "polls_vote",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("event_id", Text, nullable=False, unique=True),
    Column("poll", Text, nullable=False, index=True),
    Column("voter", Text, nullable=False),  # a Matrix ID, or the key of the voice that staff answered for
    Column("answers", Json, nullable=False),
    Column("spoiled", Integer, nullable=False),
    Column("sent_at", UtcTime, nullable=False),
    Column("native", Integer, nullable=False),  # 1: an answer to the native poll, to be read again at its end
    Column("noted_by", Text),
)

# who has been told something once
told = Table(
    "polls_told",
    metadata,
    Column("poll", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("what", Text, primary_key=True),
)

_ADD = insert(poll)
_GET = select(poll).where(poll.c.id == bindparam("id"))
_MARK = (
    update(poll)
    .where(poll.c.id == bindparam("which"))
    .values(
        {
            column.name: bindparam(f"new_{column.name}", type_=column.type)
            for column in poll.c
            if column.name not in ("id", "author", "room_id", "opened_at")
        }
    )
)
_OPEN = poll.c.state.in_(["open", "closing"])
_OF_ROOM = (
    select(poll)
    .where(poll.c.room_id == bindparam("room"))
    .order_by(~_OPEN, poll.c.opened_at.desc())
    .limit(20)
)
_OF_AUTHOR = (
    select(poll)
    .where(poll.c.author == bindparam("author"))
    .order_by(~_OPEN, poll.c.opened_at.desc())
    .limit(20)
)
_ADD_VOTE = insert_or_ignore(vote)
_VOTES = select(vote).where(vote.c.poll == bindparam("poll")).order_by(vote.c.position)
_REMOVE_VOTE = delete(vote).where(vote.c.event_id == bindparam("event"))
_REMOVE_ALL = delete(vote).where(vote.c.poll == bindparam("poll"))
_COUNT = select(func.count()).select_from(vote).where(vote.c.poll == bindparam("poll"))
_REMOVE_OF = delete(vote).where(vote.c.poll == bindparam("poll"), vote.c.voter == bindparam("voter"))
_VOTED_IN = (
    select(poll)
    .where(_OPEN, poll.c.id.in_(select(vote.c.poll).where(vote.c.voter == bindparam("voter"))))
    .order_by(poll.c.opened_at)
)
_IDS: Any = bindparam("ids", expanding=True)
_OVER = select(poll.c.id).where(
    poll.c.id.in_(_IDS), or_(~_OPEN, poll.c.until.is_(None), poll.c.until < bindparam("now"))
)
_FORGET = [delete(column.table).where(column.in_(_IDS)) for column in (poll.c.id, vote.c.poll, told.c.poll)]
_POLL_OF_VOTE = select(poll).join(vote, vote.c.poll == poll.c.id).where(vote.c.event_id == bindparam("event"))
_OPEN_OF_FORM = (
    select(poll).where(poll.c.form == bindparam("form"), poll.c.state == "open").order_by(poll.c.id)
)
_TELL = insert_or_ignore(told)


@dataclass(frozen=True, slots=True)
class Cast:
    """One answer to be kept; `native` if it was given on the native poll."""

    event: str
    voter: str
    answers: tuple[str, ...]
    sent_at: datetime
    spoiled: bool = False
    native: bool = False
    noted_by: str | None = None


async def add_poll(db: Transaction, new: Poll, now: datetime) -> None:
    await db.run(_ADD, id=new.id, author=new.author, room_id=new.room, opened_at=now, **_columns(new))


async def get_poll(db: Transaction, id_: str) -> Poll | None:
    row = await db.one(_GET, id=id_)
    return _poll(row) if row else None


async def mark_poll(db: Transaction, changed: Poll) -> None:
    """Keep a poll as it is now."""
    await db.run(_MARK, which=changed.id, **{f"new_{n}": value for n, value in _columns(changed).items()})


async def list_polls_in(db: Transaction, room: str) -> list[Poll]:
    """The polls of a room, open ones first, then the newest."""
    return [_poll(row) for row in await db.all(_OF_ROOM, room=room)]


async def list_open_polls(db: Transaction, form: Form) -> list[Poll]:
    """The open polls that are answered in this way."""
    return [_poll(row) for row in await db.all(_OPEN_OF_FORM, form=form)]


async def list_polls_by(db: Transaction, author: str) -> list[Poll]:
    return [_poll(row) for row in await db.all(_OF_AUTHOR, author=author)]


async def add_vote(db: Transaction, poll_id: str, one: Cast) -> bool:
    """Keep an answer; False if it is there already."""
    return await db.run(_ADD_VOTE, **_vote_columns(poll_id, one)) == 1


async def get_poll_of_vote(db: Transaction, event: str) -> Poll | None:
    """The poll that this event is an answer to."""
    row = await db.one(_POLL_OF_VOTE, event=event)
    return _poll(row) if row else None


async def remove_vote(db: Transaction, event: str) -> None:
    """An answer was taken away."""
    await db.run(_REMOVE_VOTE, event=event)


async def list_votes(db: Transaction, poll_id: str) -> list[Vote]:
    """All answers, in the order in which they came."""
    return [_vote(row) for row in await db.all(_VOTES, poll=poll_id)]


async def list_native(db: Transaction, poll_id: str) -> dict[str, Cast]:
    """The answers to the native poll that were heard, by event."""
    return {row.event_id: _cast(row) for row in await db.all(_VOTES, poll=poll_id) if row.native}


async def count_votes(db: Transaction, poll_id: str) -> int:
    return int(await db.value(_COUNT, poll=poll_id))


async def mark_native(db: Transaction, poll_id: str, read: Sequence[Cast]) -> None:
    """What the homeserver has of the native poll is all that counts; what was heard keeps its place."""
    there = {one.event for one in read}
    for event in await list_native(db, poll_id):
        if event not in there:
            await remove_vote(db, event)
    for one in read:
        await add_vote(db, poll_id, one)


async def remove_votes(db: Transaction, poll_id: str) -> None:
    await db.run(_REMOVE_ALL, poll=poll_id)


async def remove_votes_of(db: Transaction, poll_id: str, voter: str) -> None:
    await db.run(_REMOVE_OF, poll=poll_id, voter=voter)


async def list_polls_voted_in(db: Transaction, voter: str) -> list[Poll]:
    """The polls that are not counted yet in which somebody has answered."""
    return [_poll(row) for row in await db.all(_VOTED_IN, voter=voter)]


async def remove_polls(db: Transaction, ids: Sequence[str], now: datetime) -> list[str]:
    """Forget those of these that are over, or that nobody will end any more; returns which."""
    over = [row.id for row in await db.all(_OVER, ids=list(ids), now=now)]
    for statement in _FORGET if over else ():
        await db.run(statement, ids=over)
    return over


async def mark_told(db: Transaction, poll_id: str, person: str, what: str) -> bool:
    """Remember that somebody is told something now; False if they were before."""
    return await db.run(_TELL, poll=poll_id, person=person, what=what) == 1


def _columns(one: Poll) -> dict[str, Any]:
    values = {field.name: getattr(one, field.name) for field in fields(one)}
    del values["id"], values["author"], values["room"]
    return {**values, "options": list(one.options), "reminds": int(one.reminds)}


def _poll(row: Row) -> Poll:
    values = {
        field.name: getattr(row, "room_id" if field.name == "room" else field.name) for field in fields(Poll)
    }
    values |= {"options": tuple(row.options), "reminds": bool(row.reminds)}
    for name, type_ in (("form", Form), ("voice", Voice), ("showing", Showing), ("state", State)):
        values[name] = type_(values[name])
    return Poll(**values)


def _vote_columns(poll_id: str, one: Cast) -> dict[str, Any]:
    return {
        "event_id": one.event,
        "poll": poll_id,
        "voter": one.voter,
        "answers": list(one.answers),
        "spoiled": int(one.spoiled),
        "sent_at": one.sent_at,
        "native": int(one.native),
        "noted_by": one.noted_by,
    }


def _vote(row: Row) -> Vote:
    return Vote(row.voter, tuple(row.answers), row.sent_at, row.position, bool(row.spoiled), row.noted_by)


def _cast(row: Row) -> Cast:
    return Cast(
        row.event_id,
        row.voter,
        tuple(row.answers),
        row.sent_at,
        bool(row.spoiled),
        bool(row.native),
        row.noted_by,
    )
