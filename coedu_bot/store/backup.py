"""A consistent copy of an SQLite database, taken while it runs."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import text

from coedu_bot.store.database import Database

_COPY = text("VACUUM INTO :path")


async def copy_sqlite(database: Database, target: Path) -> None:
    """Copy everything committed to `target` (0600), whole or not at all; replaces an older copy."""
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL, 0o600))  # VACUUM would create it readable by all
    async with database.reading() as db:
        await db.run(_COPY, path=str(partial))
    _flush(partial)
    partial.replace(target)


def _flush(path: Path) -> None:
    """SQLite does not wait for the disk when it writes a copy."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
