"""Secret polls in the database: who voted what until the end, and only what was voted after it.

No table here keeps an order: their rows lie by keys that say nothing about when they came, and none has a
time. Until the end a vote is linked to its voter, so that a second one is refused and a withdrawn right
takes the vote along; `unlink` cuts that for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Integer, Table, Text, bindparam, delete, func, insert, select

from coedu_bot.api import Json, Ref, Row, Transaction, UserId
from plugins.polls import ballot_store
from plugins.polls.store import metadata

secret_vote = Table(
    "polls_secret_vote",
    metadata,
    Column("poll", Text, primary_key=True),
    Column("voice", Text, primary_key=True),
    Column("voter", Text, nullable=False),
    Column("answers", Json, nullable=False),
    Column("code", Text, nullable=False),
    Column("receipt", Text, nullable=False),  # the message that tells the voter their code
    sqlite_with_rowid=False,
)

counted_ballot = Table(
    "polls_counted_ballot",
    metadata,
    Column("poll", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("answers", Json, nullable=False),
    sqlite_with_rowid=False,
)

turnout = Table(
    "polls_turnout",
    metadata,
    Column("poll", Text, primary_key=True),
    Column("voted", Integer, nullable=False),
    Column("voices", Integer, nullable=False),
)

_ADD_VOTE = insert(secret_vote)
_VOTES = select(secret_vote).where(secret_vote.c.poll == bindparam("poll")).order_by(secret_vote.c.code)
_COUNT = select(func.count()).select_from(secret_vote).where(secret_vote.c.poll == bindparam("poll"))
_REMOVE_VOTES = delete(secret_vote).where(secret_vote.c.poll == bindparam("poll"))
_OF_VOTER = select(secret_vote).where(secret_vote.c.voter == bindparam("person"))
_REMOVE_OF_VOTER = delete(secret_vote).where(secret_vote.c.voter == bindparam("person"))
_ADD_COUNTED = insert(counted_ballot)
_COUNTED = (
    select(counted_ballot).where(counted_ballot.c.poll == bindparam("poll")).order_by(counted_ballot.c.code)
)
_FORGET = [
    delete(table).where(table.c.poll.in_(bindparam("ids", expanding=True)))
    for table in (ballot_store.ballot, secret_vote, counted_ballot, turnout)
]
_ADD_TURNOUT = insert(turnout)
_TURNOUT = select(turnout).where(turnout.c.poll == bindparam("poll"))


@dataclass(frozen=True, slots=True)
class SecretVote:
    """One vote before the end; `code` is what its voter will find it by, in the message `receipt`."""

    voice: str
    voter: UserId
    answers: tuple[str, ...]
    code: str
    receipt: Ref


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many voices voted, of how many."""

    voted: int
    voices: int


async def add_secret_vote(db: Transaction, poll: str, vote: SecretVote) -> None:
    """Keep a vote; raises Conflict if the voice has one."""
    answers = list(vote.answers)
    await db.run(
        _ADD_VOTE,
        poll=poll,
        voice=vote.voice,
        voter=vote.voter,
        answers=answers,
        code=vote.code,
        receipt=vote.receipt,
    )


async def list_secret_votes(db: Transaction, poll: str) -> list[SecretVote]:
    """The votes of a poll that has not ended, by their random codes."""
    return [_vote(row) for row in await db.all(_VOTES, poll=poll)]


async def take_votes_of(db: Transaction, voter: UserId) -> list[SecretVote]:
    """Remove what somebody voted in polls that have not ended, and return it."""
    votes = [_vote(row) for row in await db.all(_OF_VOTER, person=voter)]
    await db.run(_REMOVE_OF_VOTER, person=voter)
    return votes


async def count_secret_votes(db: Transaction, poll: str) -> int:
    return int(await db.value(_COUNT, poll=poll))


async def unlink(db: Transaction, poll: str, ballots: Mapping[str, tuple[str, ...]], all_: Turnout) -> None:
    """From now on there are ballots by their codes, in the order of these, and nobody whose they are."""
    await remove_secret_votes(db, poll)
    for code in sorted(ballots):
        await db.run(_ADD_COUNTED, poll=poll, code=code, answers=list(ballots[code]))
    await db.run(_ADD_TURNOUT, poll=poll, voted=all_.voted, voices=all_.voices)


async def remove_secret_votes(db: Transaction, poll: str) -> None:
    """Forget who was asked and who voted what."""
    await db.run(_REMOVE_VOTES, poll=poll)
    await ballot_store.remove_ballots(db, poll)


async def remove_secret_polls(db: Transaction, ids: Sequence[str]) -> None:
    """Forget all that was kept of these polls besides the question."""
    for statement in _FORGET if ids else ():
        await db.run(statement, ids=list(ids))


async def list_counted_ballots(db: Transaction, poll: str) -> dict[str, tuple[str, ...]]:
    """What was voted, by code; empty where too few voted to show it."""
    return {row.code: tuple(row.answers) for row in await db.all(_COUNTED, poll=poll)}


async def get_turnout(db: Transaction, poll: str) -> Turnout | None:
    """How many voted; None before the end."""
    row = await db.one(_TURNOUT, poll=poll)
    return Turnout(row.voted, row.voices) if row else None


def _vote(row: Row) -> SecretVote:
    return SecretVote(row.voice, row.voter, tuple(row.answers), row.code, row.receipt)
