"""Timers in both databases: claimed once, by whoever comes first."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coedu_bot.effects import Every, Wake
from coedu_bot.store.database import Database, open_database
from coedu_bot.store.schema import create_all
from coedu_bot.store.tables import metadata
from coedu_bot.timers import store
from tests.databases import fresh

NOW = datetime(2026, 10, 6, 7, 40, tzinfo=UTC)


async def plan(database: Database, *minutes: int, item: str | None = None) -> None:
    async with database.transaction() as db:
        for minute in minutes:
            wake = Wake(name="due", at=NOW + timedelta(minutes=minute), item=item)
            await store.add_timer(db, wake, "p")


async def claim(database: Database, now: datetime, most: int = 20) -> list[datetime]:
    async with database.transaction() as db:
        return [row.due_at for row in await store.claim_due(db, now, most)]


async def test_what_is_due_is_claimed_in_its_order_and_once(database: Database) -> None:
    await plan(database, 3, 1, 2, 9)
    later = NOW + timedelta(minutes=5)
    assert await claim(database, later, 2) == [NOW + timedelta(minutes=m) for m in (1, 2)]
    assert await claim(database, later) == [NOW + timedelta(minutes=3)]
    assert await claim(database, later) == []


async def test_a_claim_that_fails_leaves_the_timer(database: Database) -> None:
    await plan(database, 1)
    with pytest.raises(RuntimeError):
        async with database.transaction() as db:
            await store.claim_due(db, NOW + timedelta(minutes=1), 20)
            raise RuntimeError
    assert len(await claim(database, NOW + timedelta(minutes=1))) == 1


async def test_a_timer_put_back_keeps_all_it_had(database: Database) -> None:
    at = datetime(2026, 10, 12, 7, 30, tzinfo=ZoneInfo("Europe/Paris"))
    every = Every(rule="FREQ=WEEKLY;BYDAY=MO", first=at.replace(tzinfo=None), skip_holidays=True)
    wake = Wake(name="due", at=at, item="R1", payload={"a": 1}, every=every, follows_school=True)
    async with database.transaction() as db:
        await store.add_timer(db, wake, "p")
        (row,) = await store.claim_due(db, at, 20)
        await store.put_back(db, row, due_at=at + timedelta(days=7), wall="2026-10-19T07:30:00")
        (back,) = await store.list_timers(db, "p", ["R1", "R2"])
    assert back._asdict() == row._asdict() | {"due_at": back.due_at, "wall": "2026-10-19T07:30:00"}
    assert (back.rrule, back.first, back.zone) == (every.rule, "2026-10-12T07:30:00", "Europe/Paris")
    assert (back.skips_holidays, back.follows_school, back.payload) == (True, True, {"a": 1})


async def test_an_items_timers_are_listed_and_forgotten_by_name(database: Database) -> None:
    await plan(database, 4, 2, item="R1")
    await plan(database, 3, item="R2")
    async with database.transaction() as db:
        assert await store.get_next_at(db) == NOW + timedelta(minutes=2)
        found = await store.list_timers(db, "p", ["R1", "R2"])
        assert [row.item for row in found] == ["R1", "R2", "R1"]
        await store.remove_timers(db, "p", "R1", "due")
        assert [row.item for row in await store.list_timers(db, "p", ["R1", "R2"])] == ["R2"]


async def test_two_processes_on_one_postgresql_never_claim_the_same(postgresql: str) -> None:
    url = await fresh(postgresql)
    one, other = await open_database(url), await open_database(url)
    try:
        await create_all(one, metadata)
        await plan(one, *range(1, 61))
        later = NOW + timedelta(hours=2)

        async def work(database: Database) -> list[datetime]:
            got: list[datetime] = []
            while batch := await claim(database, later, 7):
                got += batch
                await asyncio.sleep(0)
            return got

        shares = await asyncio.gather(work(one), work(other), work(one))
        claimed = [due for share in shares for due in share]
        assert sorted(claimed) == [NOW + timedelta(minutes=m) for m in range(1, 61)]
    finally:
        await one.close()
        await other.close()
