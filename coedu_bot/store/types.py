"""Column types and statements that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Dialect, Table, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import Insert, insert


class UtcTime(TypeDecorator[datetime]):
    """An aware moment, kept as milliseconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone must not reach the database")
        return round(value.timestamp() * 1000)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


class Json(TypeDecorator[Any]):
    """Anything JSON can say, kept as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def insert_or_ignore(table: Table) -> Insert:
    """Insert, or do nothing where the key is taken; a clause that both dialects compile."""
    return insert(table).on_conflict_do_nothing()


def upsert(table: Table, *, key: Sequence[str], update: Sequence[str] | Mapping[str, Any]) -> Insert:
    """Insert, or where the key is taken set the `update` columns (to what was given, or to expressions)."""
    statement = insert(table)
    changes = update if isinstance(update, Mapping) else {name: statement.excluded[name] for name in update}
    return statement.on_conflict_do_update(index_elements=list(key), set_=dict(changes))
