"""How full a device's crypto store is, read beside the bot that works with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

_TABLES = {"devices": "devicekeys", "olm_sessions": "olmsessions", "room_keys": "megolminboundsessions"}


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """Devices of others that are known, sessions with them, and keys of rooms that can be read."""

    devices: int = 0
    olm_sessions: int = 0
    room_keys: int = 0


def count_store(path: Path) -> StoreCounts | None:
    """None where there is no store, or none that can be read."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)) as store:
            counts = {name: _count(store, table) for name, table in _TABLES.items()}
    except sqlite3.Error:
        return None
    return StoreCounts(**counts)


def _count(store: sqlite3.Connection, table: str) -> int:
    return int(store.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # from the list above
