"""Column types and statements that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Dialect, Table, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import Insert, insert


class UtcTime(TypeDecorator[datetime]):
    """An aware moment, kept as milliseconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:
        return _milliseconds

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], datetime | None]:
        return _moment


class Json(TypeDecorator[Any]):
    """Anything JSON can say, kept as text."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        return _text

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        return _value


_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _milliseconds(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError("a time without zone must not reach the database")
    return round(moment.timestamp() * 1000)


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


def _text(value: Any) -> str | None:
    return None if value is None else _ENCODE(value)


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def insert_or_ignore(table: Table) -> Insert:
    """Insert, or do nothing where the key is taken; a clause that both dialects compile."""
    return insert(table).on_conflict_do_nothing()


def upsert(table: Table, *, key: Sequence[str], update: Sequence[str] | Mapping[str, Any]) -> Insert:
    """Insert, or where the key is taken set the `update` columns (to what was given, or to expressions)."""
    statement = insert(table)
    changes = update if isinstance(update, Mapping) else {name: statement.excluded[name] for name in update}
    return statement.on_conflict_do_update(index_elements=list(key), set_=dict(changes))
