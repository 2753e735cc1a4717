"""A fresh database straight from the tables, for tests and for databases in memory."""

from __future__ import annotations

from sqlalchemy import Dialect, MetaData
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from coedu_bot.store.database import Database


async def create_all(database: Database, *metadata: MetaData) -> None:
    """Create every table and index, in one transaction."""
    async with database.transaction() as db:
        for statement in create_statements(database.dialect, *metadata):
            await db.script(statement)


def create_statements(dialect_name: str, *metadata: MetaData) -> list[str]:
    """The SQL that makes the tables on `sqlite` or `postgresql`."""
    dialect: Dialect = SQLiteDialect_aiosqlite() if dialect_name == "sqlite" else _postgresql()
    statements = []
    for table in (table for one in metadata for table in one.sorted_tables):
        statements.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
    return statements


def _postgresql() -> Dialect:
    make: type[Dialect] = PGDialect_asyncpg
    return make()
