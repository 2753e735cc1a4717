"""What a transaction does alike on every database: statements compiled once, the tables they wrote noted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from sqlalchemy.sql import Executable

from coedu_bot.store.compiled import Statement, StatementCache
from coedu_bot.store.database import Row


class Executing(ABC):
    """The part of `Transaction` that knows no connection; `written` are the tables changed so far."""

    def __init__(self, cache: StatementCache) -> None:
        self._cache = cache
        self.written: set[str] = set()

    @abstractmethod
    async def all(self, statement: Executable, /, **values: Any) -> list[Row]:
        """See `Transaction`."""

    async def one(self, statement: Executable, /, **values: Any) -> Row | None:
        rows = await self.all(statement, **values)
        return rows[0] if rows else None

    async def value(self, statement: Executable, /, **values: Any) -> Any:
        rows = await self.all(statement, **values)
        return rows[0][0] if rows else None

    def _compiled(self, statement: Executable, values: Mapping[str, Any]) -> Statement:
        compiled = self._cache.get(statement, values)
        if compiled.writes is not None:
            self.written.add(compiled.writes)
        return compiled
