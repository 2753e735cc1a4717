"""The door to a database: transactions over compiled SQLAlchemy Core statements, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from sqlalchemy import Table
from sqlalchemy.sql import Executable

Row: TypeAlias = Any
"""One row; its columns are attributes."""


class DatabaseUnavailable(Exception):
    """Locked, full, or out of reach: the same may be tried again later."""


class Conflict(Exception):
    """A unique or foreign key says no; the transaction is lost."""


class Transaction(Protocol):
    """Statements inside one transaction; parameters by the names of their bind parameters."""

    async def all(self, statement: Executable, /, **values: Any) -> list[Row]: ...

    async def one(self, statement: Executable, /, **values: Any) -> Row | None: ...

    async def value(self, statement: Executable, /, **values: Any) -> Any:
        """The first column of the first row, or None."""
        ...

    async def run(self, statement: Executable, /, **values: Any) -> int:
        """Execute and return how many rows it touched."""
        ...

    async def run_many(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None: ...

    async def script(self, sql: str) -> None:
        """One statement of plain SQL, for migrations."""
        ...


class Database(Protocol):
    """Raises DatabaseUnavailable for what may pass, Conflict for what may not."""

    dialect: str

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Write: committed at the end, rolled back on any exception, cancellation included."""
        ...

    def reading(self) -> AbstractAsyncContextManager[Transaction]:
        """Read what is committed, without waiting for whoever writes."""
        ...

    def watch(self, table: Table, listener: Callable[[], None]) -> None:
        """Call `listener` after each commit that wrote to a table."""
        ...

    async def scrub(self) -> None:
        """Leave nothing of deleted rows in the files; raises DatabaseUnavailable while they are read."""
        ...

    async def close(self) -> None: ...


async def open_database(url: str, data: Path | None = None) -> Database:
    """Open `sqlite` (in the data folder), `sqlite://:memory:` or `postgresql://…`."""
    if url.startswith("postgresql"):
        from coedu_bot.store.postgresql import PostgresDatabase  # asyncpg loads only where it is used

        return await PostgresDatabase.open(url)
    from coedu_bot.store.sqlite import SqliteDatabase

    memory = url.endswith(":memory:") or data is None
    return await SqliteDatabase.open(":memory:" if memory or data is None else str(data / "coedu.db"))
