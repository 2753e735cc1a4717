"""A fresh database straight from the tables, for tests and for databases in memory."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Dialect, MetaData, Table
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from coedu_bot.store.database import Database


async def create_all(database: Database, *metadata: MetaData) -> None:
    """Create every table and index, in one transaction."""
    async with database.transaction() as db:
        for statement in create_statements(database.dialect, *metadata):
            await db.script(statement)


@cache
def create_statements(dialect_name: str, *metadata: MetaData) -> tuple[str, ...]:
    """The SQL that makes the tables on `sqlite` or `postgresql`."""
    dialect = dialect_of(dialect_name)
    statements = []
    for table in (table for one in metadata for table in one.sorted_tables):
        statements.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
    return tuple(statements)


def create_table_if_missing(dialect_name: str, table: Table) -> str:
    """The SQL that makes one table where there is none."""
    return str(CreateTable(table, if_not_exists=True).compile(dialect=dialect_of(dialect_name)))


def dialect_of(name: str) -> Dialect:
    """SQLAlchemy's dialect for `sqlite` or `postgresql`."""
    make: type[Dialect] = SQLiteDialect_aiosqlite if name == "sqlite" else PGDialect_asyncpg
    return make()
