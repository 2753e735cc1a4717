"""Do the revisions lead to the tables the code declares? For the tests of the core and of every plugin."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, create_engine
from sqlalchemy.pool import NullPool

from coedu_bot.store.database import open_database
from coedu_bot.store.migrate import migrate
from coedu_bot.store.revisions import Branch


async def schema_differences(branches: Sequence[Branch], folder: Path) -> list[str]:
    """Migrate a new SQLite database in an empty `folder`; say what Alembic would still have to change."""
    database = await open_database("sqlite", folder)
    try:
        await migrate(database, branches)
    finally:
        await database.close()
    return await asyncio.to_thread(_differences, folder / "coedu.db", _merged(branches))


def _differences(path: Path, metadata: MetaData) -> list[str]:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.connect() as connection:
        return [str(step) for step in _compare(connection, metadata)]


def _compare(connection: Connection, metadata: MetaData) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def _merged(branches: Sequence[Branch]) -> MetaData:
    merged = MetaData()
    for table in (table for branch in branches for table in branch.metadata.sorted_tables):
        table.to_metadata(merged)
    return merged
