"""Compiled statements, which are kept as long as what they were compiled from."""

from __future__ import annotations

import gc
from collections.abc import Callable
from weakref import ref

import pytest
from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.sql import Executable

from coedu_bot.store.compiled import StatementCache
from coedu_bot.store.tables import room


def a_query() -> Executable:
    return select(room.c.id).where(room.c.name == "6B")


def a_change() -> Executable:
    return update(room).where(room.c.id == "!6b").values(name="6B", pinned=["$a"])


@pytest.mark.parametrize("made", [a_query, a_change])
def test_a_statement_made_on_the_way_goes_with_whoever_made_it(made: Callable[[], Executable]) -> None:
    cache = StatementCache(SQLiteDialect_aiosqlite())
    statement = made()
    assert cache.get(statement, {}) is cache.get(statement, {})
    kept = ref(statement)
    del statement
    gc.collect()
    assert kept() is None
