"""Brings a database to the revisions of the code: forward only, each revision one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import Column, MetaData, Table, Text, bindparam, insert, select, update

from coedu_bot.log import logger
from coedu_bot.store.backup import copy_sqlite
from coedu_bot.store.database import Conflict, Database, Transaction
from coedu_bot.store.revisions import Branch, Revision, parse_revision_id, revision_id
from coedu_bot.store.schema import create_table_if_missing, dialect_of

log = logger(__name__)

# Alembic's own table, one row per branch: its command line tells the same as we do
_version = Table("alembic_version", MetaData(), Column("version_num", Text, primary_key=True))
_stored = select(_version.c.version_num)
_begin = insert(_version).values(version_num=bindparam("reached"))
_advance = (
    update(_version)
    .where(_version.c.version_num == bindparam("previous"))
    .values(version_num=bindparam("reached"))
)


class NewerDatabase(Exception):
    """The database has been at a later revision than this code knows; running on would harm it."""

    def __init__(self, branch: str, stored: int, known: int) -> None:
        self.branch = branch
        super().__init__(
            f"the database is at {revision_id(branch, stored)}, this version of the bot knows up to "
            f"{revision_id(branch, known)}: run the newer version, or restore a copy made before it"
        )


async def migrate(database: Database, branches: Sequence[Branch], backup_to: Path | None = None) -> list[str]:
    """Apply what is pending, branch by branch, and return the ids of the revisions applied.

    An SQLite database that holds something is first copied into the folder `backup_to`. Raises NewerDatabase
    or RevisionError before anything is changed, Conflict where another process migrates at the same time; a
    revision that fails leaves those before it applied.
    """
    stored = await _stored_numbers(database)
    pending = [revision for branch in branches for revision in _pending(branch, stored)]
    if not pending:
        return []
    scripts = _render(pending, database)
    if stored and backup_to is not None and database.dialect == "sqlite":
        await copy_sqlite(database, backup_to / f"coedu.db.before-{pending[0].id}")
    for revision, statements in scripts:
        await _apply(database, revision, statements)
    return [revision.id for revision in pending]


async def _stored_numbers(database: Database) -> Mapping[str, int]:
    """How far each branch is; plugins that are switched off keep their rows."""
    async with database.transaction() as db:
        await db.script(create_table_if_missing(database.dialect, _version))
        return await stored_numbers(db)


async def stored_numbers(db: Transaction) -> Mapping[str, int]:
    """How far each branch is, in a database that has been migrated once."""
    rows = await db.all(_stored)
    return dict(known for row in rows if (known := parse_revision_id(row.version_num)) is not None)


def _pending(branch: Branch, stored: Mapping[str, int]) -> list[Revision]:
    line = branch.revisions()
    reached = stored.get(branch.name, 0)
    if reached > len(line):
        raise NewerDatabase(branch.name, reached, len(line))
    return line[reached:]


def _render(pending: Sequence[Revision], database: Database) -> list[tuple[Revision, list[str]]]:
    from coedu_bot.store.rendering import render  # Alembic loads only where there is something to do

    dialect = dialect_of(database.dialect)
    return [(revision, render(revision, dialect)) for revision in pending]


async def _apply(database: Database, revision: Revision, statements: Sequence[str]) -> None:
    async with database.transaction() as db:
        # first, so that a second process with the same plan waits here and then fails
        await _reach(db, revision)
        for statement in statements:
            await db.script(statement)
    log.info("migrated", revision=revision.id)


async def _reach(db: Transaction, revision: Revision) -> None:
    if revision.previous is None:
        await db.run(_begin, reached=revision.id)
    elif not await db.run(_advance, previous=revision.previous, reached=revision.id):
        raise Conflict(f"another process has just migrated beyond {revision.previous}")
