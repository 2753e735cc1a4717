"""SQLite's log, which no commit waits for the disk to take."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from coedu_bot.store import intake
from coedu_bot.store.checkpoints import Checkpoints
from coedu_bot.store.database import Database, open_database
from coedu_bot.store.migrate import migrate
from coedu_bot.store.revisions import CORE

COMMITS = 450


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await open_database("sqlite", tmp_path)
    await migrate(database, [CORE])
    yield database
    await database.close()


async def token_without_the_log(folder: Path) -> str | None:
    """What the database's file alone has of the sync token."""
    alone = folder / "alone"
    alone.mkdir(exist_ok=True)
    shutil.copy(folder / "coedu.db", alone)
    copy = await open_database("sqlite", alone)
    async with copy.reading() as db:
        token = await intake.get_token(db, "@bot")
    await copy.close()
    return token


async def write(database: Database, first: int, last: int) -> None:
    for number in range(first, last):
        async with database.transaction() as db:
            await intake.mark_token(db, "@bot", f"s{number}")
        await asyncio.sleep(0)


async def test_the_log_flows_back_into_the_file_while_the_bot_runs(
    tmp_path: Path, database: Database
) -> None:
    await write(database, 0, COMMITS)
    async with asyncio.timeout(10):
        while await token_without_the_log(tmp_path) is None:
            await asyncio.sleep(0.02)


async def test_the_log_stays_small_however_much_is_written(tmp_path: Path, database: Database) -> None:
    await write(database, 0, COMMITS)
    await asyncio.sleep(0.2)
    await write(database, COMMITS, 2 * COMMITS)  # from its beginning again
    before = (tmp_path / "coedu.db-wal").stat().st_size
    for _ in range(4):
        await write(database, 0, COMMITS)
        await asyncio.sleep(0.2)
    assert (tmp_path / "coedu.db-wal").stat().st_size < 2 * before


async def test_somebody_who_reads_for_long_stops_no_commit(tmp_path: Path, database: Database) -> None:
    await write(database, 0, 1)
    other = sqlite3.connect(tmp_path / "coedu.db", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT token FROM sync_position").fetchall()  # as a backup does: the log cannot begin anew
    await write(database, 1, COMMITS)
    assert other.execute("SELECT token FROM sync_position").fetchall() == [("s0",)]
    other.close()
    async with database.reading() as db:
        assert await intake.get_token(db, "@bot") == f"s{COMMITS - 1}"


async def test_what_is_to_be_forgotten_does_not_meet_the_log_on_its_way(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def slowly(one: Checkpoints) -> None:
        """Has the file for itself for a while."""
        other = sqlite3.connect(one._path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        begun.set()
        time.sleep(0.2)
        other.close()

    monkeypatch.setattr(Checkpoints, "_copy", slowly)
    await write(database, 0, 200)
    await asyncio.to_thread(begun.wait, 10)
    await database.scrub()
