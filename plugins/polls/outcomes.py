"""What was counted at the end of a poll, kept: who comes, goes, or is forgotten later changes no result."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Integer, Table, Text, bindparam, delete, insert, select

from coedu_bot.api import Json, Transaction
from plugins.polls.domain import Tally
from plugins.polls.store import metadata

outcome = Table(
    "polls_outcome",
    metadata,
    Column("poll", Text, primary_key=True),
    Column("counts", Json, nullable=False),  # by answer, in the order of the options
    Column("voted", Integer, nullable=False),
    Column("voices", Integer, nullable=False),
)

_ADD = insert(outcome)
_GET = select(outcome).where(outcome.c.poll == bindparam("poll"))
_REMOVE = delete(outcome).where(outcome.c.poll.in_(bindparam("ids", expanding=True)))


async def add_outcome(db: Transaction, poll: str, counted: Tally) -> None:
    """Keep the counts of a poll that ends now."""
    counts = [[answer, count] for answer, count in counted.counts.items()]
    await db.run(_ADD, poll=poll, counts=counts, voted=counted.voted, voices=counted.all)


async def get_outcome(db: Transaction, poll: str) -> Tally | None:
    """The counts as they were published; None for a poll that has not been counted."""
    row = await db.one(_GET, poll=poll)
    return Tally(dict(row.counts), row.voted, row.voices) if row else None


async def remove_outcomes(db: Transaction, polls: Sequence[str]) -> None:
    """Forget how these ended."""
    if polls:
        await db.run(_REMOVE, ids=list(polls))
