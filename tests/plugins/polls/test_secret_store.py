"""Ballots and their voters in the database, on SQLite and on PostgreSQL: linked, then never again."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from coedu_bot.store.database import Conflict, Database
from coedu_bot.store.schema import create_all
from plugins.polls import ballot_store, secret_store
from plugins.polls.secret_store import SecretVote, Turnout, counted_ballot
from plugins.polls.store import metadata

CODES = {"M2A-AAA": ("1",), "B3B-BBB": ("2",), "Z4C-CCC": ("1", "3")}


@pytest.fixture
async def election(empty_database: Database) -> Database:
    """Three have voted in P1."""
    await create_all(empty_database, metadata)
    async with empty_database.transaction() as db:
        for number, (code, answers) in enumerate(CODES.items()):
            vote = SecretVote(f"h{number}", f"@p{number}:test", answers, code, f"r{number}")
            await secret_store.add_secret_vote(db, "P1", vote)
            await ballot_store.mark_ballot(db, "P1", f"@p{number}:test", f"b{number}")
    return empty_database


async def test_a_voice_has_one_vote(election: Database) -> None:
    with pytest.raises(Conflict):
        async with election.transaction() as db:
            await secret_store.add_secret_vote(db, "P1", SecretVote("h1", "@p9:test", ("1",), "X", "r9"))


async def test_after_the_end_ballots_lie_in_the_order_of_their_codes_and_nobody_is_named(
    election: Database,
) -> None:
    async with election.transaction() as db:
        await secret_store.unlink(db, "P1", CODES, Turnout(3, 7))
    await election.scrub()
    place = "ctid" if election.dialect == "postgresql" else "code"
    async with election.reading() as db:
        assert await secret_store.list_secret_votes(db, "P1") == []
        assert await ballot_store.list_ballots(db, "P1") == {}
        assert await secret_store.list_counted_ballots(db, "P1") == CODES
        assert await secret_store.get_turnout(db, "P1") == Turnout(3, 7)
        lying = await db.all(select(counted_ballot.c.code).order_by(text(place)))
    assert [row.code for row in lying] == sorted(CODES)


async def test_what_somebody_voted_can_be_taken_out_while_it_is_open(election: Database) -> None:
    async with election.transaction() as db:
        assert [vote.code for vote in await secret_store.take_votes_of(db, "@p1:test")] == ["B3B-BBB"]
        assert await secret_store.count_secret_votes(db, "P1") == 2
