"""SQLite through aiosqlite: WAL, one writer behind a lock, one reader beside it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.sql import Executable

from coedu_bot.store.compiled import StatementCache
from coedu_bot.store.database import Conflict, DatabaseUnavailable, Row

# NORMAL: a killed process loses nothing; a power cut takes back the last commits together, never half of one
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
)

_STATEMENTS = StatementCache(SQLiteDialect_aiosqlite())


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise Conflict(str(error)) from error
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # a wrong statement, not the weather
            raise
        raise DatabaseUnavailable(str(error)) from error


class SqliteTransaction:
    """Executes on one connection; see `Transaction`."""

    def __init__(self, connection: aiosqlite.Connection, cache: StatementCache) -> None:
        self._connection = connection
        self._cache = cache

    async def all(self, statement: Executable, /, **values: Any) -> list[Row]:
        compiled = self._cache.get(statement, values)
        with _our_errors():
            rows = await self._connection.execute_fetchall(*compiled.prepare(values))
        return [compiled.row(row) for row in rows]

    async def one(self, statement: Executable, /, **values: Any) -> Row | None:
        rows = await self.all(statement, **values)
        return rows[0] if rows else None

    async def value(self, statement: Executable, /, **values: Any) -> Any:
        rows = await self.all(statement, **values)
        return rows[0][0] if rows else None

    async def run(self, statement: Executable, /, **values: Any) -> int:
        compiled = self._cache.get(statement, values)
        with _our_errors():
            cursor = await self._connection.execute(*compiled.prepare(values))
        return cursor.rowcount

    async def run_many(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        compiled = self._cache.get(statement, rows[0])
        prepared = [compiled.prepare(row) for row in rows]
        with _our_errors():
            await self._connection.executemany(prepared[0][0], [values for _, values in prepared])

    async def script(self, sql: str) -> None:
        with _our_errors():
            await self._connection.execute(sql)


class SqliteDatabase:
    """One file (0600), or one database in memory, where reading shares the writer's connection."""

    dialect = "sqlite"

    def __init__(self, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        self._writer = writer
        self._reader = reader
        self._lock = asyncio.Lock()
        self._cache = _STATEMENTS

    @classmethod
    async def open(cls, path: str) -> SqliteDatabase:
        """Open or create; raises DatabaseUnavailable when the file cannot be used."""
        if path != ":memory:":
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        writer = await _connect(path)
        return cls(writer, writer if path == ":memory:" else await _connect(path))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteTransaction]:
        async with self._lock:
            with _our_errors():
                await self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield SqliteTransaction(self._writer, self._cache)
                with _our_errors():
                    await self._writer.execute("COMMIT")
            except BaseException:
                # shielded: a cancelled task must not leave the connection inside its transaction
                await asyncio.shield(self._roll_back())
                raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqliteTransaction]:
        if self._reader is self._writer:
            async with self._lock:
                yield SqliteTransaction(self._writer, self._cache)
        else:
            yield SqliteTransaction(self._reader, self._cache)

    async def close(self) -> None:
        await self._writer.close()
        if self._reader is not self._writer:
            await self._reader.close()

    async def _roll_back(self) -> None:
        if self._writer.in_transaction:
            await self._writer.execute("ROLLBACK")


async def _connect(path: str) -> aiosqlite.Connection:
    with _our_errors():
        connection = await aiosqlite.connect(path, isolation_level=None)
        for pragma in _PRAGMAS:
            await connection.execute(pragma)
    return connection
