"""Which message is whose ballot, where ballots come as messages.

The table keeps no order and no time: secret polls use it, too (see `secret_store`).
"""

from __future__ import annotations

from sqlalchemy import Column, Table, Text, bindparam, delete, select

from coedu_bot.api import Ref, Transaction, UserId, upsert
from plugins.polls.store import metadata

ballot = Table(
    "polls_ballot",
    metadata,
    Column("poll", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("ref", Text, nullable=False),  # the message that is somebody's ballot
    sqlite_with_rowid=False,
)

_ADD = upsert(ballot, key=["poll", "person"], update=["ref"])
_OF_POLL = select(ballot).where(ballot.c.poll == bindparam("poll")).order_by(ballot.c.ref)
_REMOVE = delete(ballot).where(ballot.c.poll == bindparam("poll"))


async def mark_ballot(db: Transaction, poll: str, person: UserId, ref: Ref) -> None:
    """Remember which message is somebody's ballot."""
    await db.run(_ADD, poll=poll, person=person, ref=ref)


async def list_ballots(db: Transaction, poll: str) -> dict[UserId, Ref]:
    """Who has been sent a ballot, in the order of its messages' random names."""
    return {row.person: row.ref for row in await db.all(_OF_POLL, poll=poll)}


async def remove_ballots(db: Transaction, poll: str) -> None:
    """Forget who was asked."""
    await db.run(_REMOVE, poll=poll)
