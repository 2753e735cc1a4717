"""Who asked to be forgotten, and what the school decided; once done, no longer who it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Table, Text, bindparam, insert, select, update

from coedu_bot.events import UserId
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import metadata
from coedu_bot.store.types import UtcTime

OPEN, ACCEPTED, REFUSED, DONE = "open", "accepted", "refused", "done"

erasure = Table(
    "erasure",
    metadata,
    Column("id", Text, primary_key=True),
    Column("user_id", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("answer_by_at", UtcTime, nullable=False),
    Column("reason_ref", Text),  # our message to which a coordinator replies with the reason for a refusal
    Column("decided_by", Text),
    Column("decided_at", UtcTime, index=True),
)

_ADD = insert(erasure)
_GET = select(erasure).where(erasure.c.id == bindparam("id"))
_OF_REASON = select(erasure).where(erasure.c.reason_ref == bindparam("ref"))
_OF_USER = select(erasure).where(
    erasure.c.user_id == bindparam("user"), erasure.c.state.in_([OPEN, ACCEPTED])
)
_ALL_OPEN = select(erasure).where(erasure.c.state == OPEN).order_by(erasure.c.asked_at, erasure.c.id)
_ASK_REASON = update(erasure).where(erasure.c.id == bindparam("which")).values(reason_ref=bindparam("ref"))
_DECIDE = (
    update(erasure)
    .where(erasure.c.id == bindparam("which"), erasure.c.state == OPEN)
    .values(state=bindparam("new_state"), decided_by=bindparam("by"), decided_at=bindparam("now"))
)
_DONE = update(erasure).where(erasure.c.id == bindparam("which")).values(state=DONE, user_id="")


async def add_erasure(
    db: Transaction, id_: str, user: UserId, *, asked_at: datetime, answer_by: datetime
) -> None:
    nothing = {"reason_ref": None, "decided_by": None, "decided_at": None}
    await db.run(_ADD, id=id_, user_id=user, state=OPEN, asked_at=asked_at, answer_by_at=answer_by, **nothing)


async def get_erasure(db: Transaction, id_: str) -> Row | None:
    return await db.one(_GET, id=id_)


async def get_erasure_of(db: Transaction, user: UserId) -> Row | None:
    """The request of somebody that is not answered, or not carried out, yet."""
    return await db.one(_OF_USER, user=user)


async def get_erasure_reasoned(db: Transaction, ref: str) -> Row | None:
    """The request whose refusal this message of ours asks a reason for."""
    return await db.one(_OF_REASON, ref=ref)


async def list_open_erasures(db: Transaction) -> Sequence[Row]:
    """What still waits for an answer, the oldest first."""
    return await db.all(_ALL_OPEN)


async def mark_reason_asked(db: Transaction, id_: str, ref: str) -> None:
    await db.run(_ASK_REASON, which=id_, ref=ref)


async def mark_decided(db: Transaction, id_: str, state: str, by: UserId, now: datetime) -> bool:
    """Keep the answer; False if somebody else has answered before."""
    return await db.run(_DECIDE, which=id_, new_state=state, by=by, now=now) == 1


async def mark_erased(db: Transaction, id_: str) -> None:
    await db.run(_DONE, which=id_)
