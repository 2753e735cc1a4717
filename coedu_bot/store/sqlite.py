"""SQLite through aiosqlite: WAL, one writer behind a lock, one reader beside it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any

import aiosqlite
from sqlalchemy import Table
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.sql import Executable

from coedu_bot.store.checkpoints import Checkpoints
from coedu_bot.store.compiled import StatementCache
from coedu_bot.store.database import Conflict, DatabaseUnavailable, Row
from coedu_bot.store.executing import Executing
from coedu_bot.store.watching import Watchers

# NORMAL: a killed process loses nothing; a power cut takes back the last commits together, never half of one
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA wal_autocheckpoint=0",
)

# every page is written anew without what was deleted; then the log that still has the old ones is emptied
_SCRUB = ("PRAGMA secure_delete=ON", "VACUUM", "PRAGMA secure_delete=OFF")
_TRUNCATE = "PRAGMA wal_checkpoint(TRUNCATE)"

# how long to wait for somebody else's transaction: five seconds in all, in which the loop goes on
_PAUSES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, *[0.1] * 49)
_OPTIONS: dict[str, Any] = {
    "isolation_level": None,
    "check_same_thread": False,
    "timeout": 0,
    "cached_statements": 512,
}

_STATEMENTS = StatementCache(SQLiteDialect_aiosqlite())


class _OurErrors:
    """SQLite's errors by our names; a class, because every statement passes here."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, sqlite3.IntegrityError):
            raise Conflict(str(error)) from error
        wrong = sqlite3.SQLITE_ERROR  # a wrong statement, not the weather
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode != wrong:
            raise DatabaseUnavailable(str(error)) from error


_OUR_ERRORS = _OurErrors()


class SqliteConnection:
    """One connection: used from the loop itself for what takes microseconds, else from aiosqlite's thread.

    A statement touches memory, and so does a commit: it adds to a log that the disk gets later. Handing
    one to another thread and back costs ten times as much. What may take longer (many rows, a whole script)
    goes to the thread. The two never meet: the thread works only while its caller waits, who holds the lock.
    """

    def __init__(self, here: sqlite3.Connection, thread: aiosqlite.Connection) -> None:
        self.here = here
        self.thread = thread

    @classmethod
    async def open(cls, path: str) -> SqliteConnection:
        opened: list[sqlite3.Connection] = []

        def connect() -> sqlite3.Connection:
            opened.append(sqlite3.connect(path, **_OPTIONS))
            return opened[0]

        with _OUR_ERRORS:
            thread = await aiosqlite.Connection(connect, iter_chunk_size=64)
            for pragma in _PRAGMAS:
                await thread.execute_fetchall(pragma)
        return cls(opened[0], thread)

    async def begin(self) -> None:
        """Take the database for writing; raises DatabaseUnavailable when somebody else keeps it."""
        for pause in _PAUSES:
            try:
                self.here.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                await asyncio.sleep(pause)
            else:
                return
        self.here.execute("BEGIN IMMEDIATE")


class SqliteTransaction(Executing):
    """Executes on one connection; see `Transaction`."""

    def __init__(self, connection: SqliteConnection, cache: StatementCache) -> None:
        super().__init__(cache)
        self._connection = connection

    async def all(self, statement: Executable, /, **values: Any) -> list[Row]:
        compiled = self._compiled(statement, values)
        with _OUR_ERRORS:
            rows = self._connection.here.execute(*compiled.prepare(values)).fetchall()
        return [compiled.row(row) for row in rows]

    async def run(self, statement: Executable, /, **values: Any) -> int:
        compiled = self._compiled(statement, values)
        with _OUR_ERRORS:
            return self._connection.here.execute(*compiled.prepare(values)).rowcount

    async def run_many(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        compiled = self._compiled(statement, rows[0])
        prepared = [compiled.prepare(row) for row in rows]
        with _OUR_ERRORS:
            await self._connection.thread.executemany(prepared[0][0], [values for _, values in prepared])

    async def script(self, sql: str) -> None:
        with _OUR_ERRORS:
            await self._connection.thread.execute(sql)


class SqliteDatabase:
    """One file (0600), or one database in memory, where reading shares the writer's connection."""

    dialect = "sqlite"

    def __init__(self, writer: SqliteConnection, reader: SqliteConnection, path: str) -> None:
        self._writer = writer
        self._reader = reader
        self._lock = asyncio.Lock()
        self._checkpoints = Checkpoints(path, self._lock)
        self._watchers = Watchers()
        self._cache = _STATEMENTS

    @classmethod
    async def open(cls, path: str) -> SqliteDatabase:
        """Open or create; raises DatabaseUnavailable when the file cannot be used."""
        if path != ":memory:":
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        writer = await SqliteConnection.open(path)
        reader = writer if path == ":memory:" else await SqliteConnection.open(path)
        return cls(writer, reader, path)

    def watch(self, table: Table, listener: Callable[[], None]) -> None:
        self._watchers.add(table.name, listener)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteTransaction]:
        async with self._lock:
            with _OUR_ERRORS:
                await self._writer.begin()
            transaction = SqliteTransaction(self._writer, self._cache)
            try:
                yield transaction
                with _OUR_ERRORS:
                    self._writer.here.commit()
            except BaseException:
                # after what the thread may still do for a task that was cancelled; shielded, because such a
                # task must not leave the connection inside its transaction
                await asyncio.shield(self._writer.thread.rollback())
                raise
        if self._reader is not self._writer:  # in memory there is no log
            self._checkpoints.committed()
        self._watchers.tell(transaction.written)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqliteTransaction]:
        if self._reader is self._writer:
            async with self._lock:
                yield SqliteTransaction(self._writer, self._cache)
        else:
            yield SqliteTransaction(self._reader, self._cache)

    async def scrub(self) -> None:
        async with self._lock, self._checkpoints.copying:
            with _OUR_ERRORS:
                for statement in _SCRUB:
                    await self._writer.thread.execute_fetchall(statement)
                [(busy, *_)] = await self._writer.thread.execute_fetchall(_TRUNCATE)
        if busy:
            raise DatabaseUnavailable("somebody still reads what is to be forgotten")

    async def close(self) -> None:
        await self._checkpoints.aclose()
        await self._writer.thread.close()
        if self._reader is not self._writer:
            await self._reader.thread.close()
