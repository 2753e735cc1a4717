"""PostgreSQL through asyncpg; loaded only where the configuration names it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, cast

import asyncpg
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql import Executable

from coedu_bot.store.compiled import StatementCache
from coedu_bot.store.database import Conflict, DatabaseUnavailable, Row
from coedu_bot.store.executing import Executing
from coedu_bot.store.watching import Watchers

_OUR_TABLES = (
    "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = current_schema()"
)
_STATEMENTS = StatementCache(cast(Any, PGDialect_asyncpg)())


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        raise Conflict(str(error)) from error
    except (
        asyncpg.PostgresConnectionError,
        asyncpg.InsufficientResourcesError,
        asyncpg.OperatorInterventionError,
        asyncpg.InterfaceError,
        asyncpg.DeadlockDetectedError,
        OSError,
        TimeoutError,
    ) as error:
        raise DatabaseUnavailable(str(error)) from error


class PostgresTransaction(Executing):
    """Executes on one connection; see `Transaction`."""

    def __init__(self, connection: Any, cache: StatementCache) -> None:
        super().__init__(cache)
        self._connection = connection

    async def all(self, statement: Executable, /, **values: Any) -> list[Row]:
        compiled = self._compiled(statement, values)
        sql, arguments = compiled.prepare(values)
        with _our_errors():
            rows = await self._connection.fetch(sql, *arguments)
        return [compiled.row(tuple(row)) for row in rows]

    async def run(self, statement: Executable, /, **values: Any) -> int:
        sql, arguments = self._compiled(statement, values).prepare(values)
        with _our_errors():
            status: str = await self._connection.execute(sql, *arguments)
        last = status.rsplit(" ", 1)[-1]  # e.g. "INSERT 0 1"
        return int(last) if last.isdigit() else 0

    async def run_many(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        compiled = self._compiled(statement, rows[0])
        prepared = [compiled.prepare(row) for row in rows]
        with _our_errors():
            await self._connection.executemany(prepared[0][0], [values for _, values in prepared])

    async def script(self, sql: str) -> None:
        with _our_errors():
            await self._connection.execute(sql)


class PostgresDatabase:
    """A small pool; one event, one transaction, one connection."""

    dialect = "postgresql"

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._cache = _STATEMENTS
        self._watchers = Watchers()

    @classmethod
    async def open(cls, url: str) -> PostgresDatabase:
        with _our_errors():
            return cls(await asyncpg.create_pool(url, min_size=1, max_size=8))

    def watch(self, table: Table, listener: Callable[[], None]) -> None:
        self._watchers.add(table.name, listener)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        async with self._connection() as connection:
            transaction = connection.transaction()
            ours = PostgresTransaction(connection, self._cache)
            with _our_errors():
                await transaction.start()
            try:
                yield ours
            except BaseException:
                await transaction.rollback()
                raise
            with _our_errors():
                await transaction.commit()
        self._watchers.tell(ours.written)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[PostgresTransaction]:
        async with self._connection() as connection:
            yield PostgresTransaction(connection, self._cache)

    async def scrub(self) -> None:
        async with self._connection() as connection:
            with _our_errors():
                names: str | None = await connection.fetchval(_OUR_TABLES)
                if names:
                    await connection.execute(f"VACUUM (FULL) {names}")

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        with _our_errors():
            connection = await self._pool.acquire()
        try:
            yield connection
        finally:
            await self._pool.release(connection)
