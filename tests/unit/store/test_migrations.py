"""A database follows the code: forward, step by step, and never half."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import MetaData, Select, column, select, table, text

from coedu_bot.store import tables
from coedu_bot.store.database import Conflict, Database, open_database
from coedu_bot.store.differences import schema_differences
from coedu_bot.store.migrate import NewerDatabase, migrate
from coedu_bot.store.revisions import CORE, Branch, RevisionError, parse_revision_id, revision_id
from coedu_bot.store.schema import create_all
from tests.databases import fresh

CATALOG = ("table_name", "column_name", "data_type", "is_nullable", "column_default")
FIRST = 'op.create_table("poll", sa.Column("id", sa.Text, primary_key=True))'
SECOND = 'op.add_column("poll", sa.Column("question", sa.Text))'
BROKEN = 'op.execute("INSERT INTO poll (id) VALUES (\'p\')"); op.execute("SELECT 1 FROM nowhere")'

_columns = table("columns", *map(column, CATALOG), column("table_schema"), schema="information_schema")
_COLUMNS = select(*(_columns.c[name] for name in CATALOG)).where(_columns.c.table_schema == "public")
_INDEXES: Select[Any] = (
    select(column("indexdef")).select_from(text("pg_indexes")).where(column("schemaname") == "public")
)
_VERSIONS: Select[Any] = (
    select(column("version_num")).select_from(text("alembic_version")).order_by("version_num")
)
_POLLS: Select[Any] = select(column("id")).select_from(text("poll")).order_by("id")


def a_revision(folder: Path, number: int, body: str, *, branch: str = "polls", previous: str = "") -> Path:
    """Write a revision as an author of a plugin would."""
    folder.mkdir(parents=True, exist_ok=True)
    down = previous or (f"{branch}_{number - 1:04}" if number > 1 else None)
    path = folder / f"{branch}_{number:04}_step.py"
    path.write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n\n"
        f"revision = '{branch}_{number:04}'\ndown_revision = {down!r}\n\n\ndef upgrade():\n    {body}\n"
    )
    return path


def polls(folder: Path, *bodies: str) -> Branch:
    for number, body in enumerate(bodies, start=1):
        a_revision(folder / "migrations", number, body)
    return Branch("polls", folder / "migrations", MetaData())


async def versions(database: Database) -> list[str]:
    async with database.reading() as db:
        return [row.version_num for row in await db.all(_VERSIONS)]


async def poll_ids(database: Database) -> list[str]:
    async with database.reading() as db:
        return [row.id for row in await db.all(_POLLS)]


async def test_the_revisions_lead_to_the_tables_of_the_code(tmp_path: Path) -> None:
    assert await schema_differences([CORE], tmp_path) == []


async def test_a_column_that_no_revision_makes_is_named(tmp_path: Path) -> None:
    branch = polls(tmp_path / "plugin", FIRST)
    forgetful = MetaData()
    tables.fault.to_metadata(forgetful)
    differences = await schema_differences([Branch("polls", branch.folder, forgetful)], tmp_path)
    assert ["fault" in difference or "poll" in difference for difference in differences] == [True, True]


async def test_on_postgresql_they_lead_to_the_same_catalog(postgresql: str) -> None:
    migrated, declared = [await open_database(await fresh(postgresql)) for _ in range(2)]
    await migrate(migrated, [CORE])
    await create_all(declared, CORE.metadata)
    assert await catalog(migrated) == await catalog(declared)
    await migrated.close()
    await declared.close()


async def catalog(database: Database) -> list[str]:
    """Every column and index PostgreSQL knows of, but Alembic's own."""
    async with database.reading() as db:
        rows = [*await db.all(_COLUMNS), *await db.all(_INDEXES)]
    assert len(rows) > 100
    return sorted(str(row) for row in rows if "alembic_version" not in str(row))


async def test_positions_of_the_outbox_are_never_used_again(tmp_path: Path) -> None:
    await schema_differences([CORE], tmp_path)
    connection = sqlite3.connect(tmp_path / "coedu.db")
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone()[
        0
    ]
    connection.close()


async def test_each_branch_goes_its_own_way(empty_database: Database, tmp_path: Path) -> None:
    branches = [CORE, polls(tmp_path, FIRST, SECOND)]
    applied = await migrate(empty_database, branches)
    assert applied == [*(step.id for step in CORE.revisions()), "polls_0001", "polls_0002"]
    assert await versions(empty_database) == [CORE.revisions()[-1].id, "polls_0002"]


async def test_what_is_up_to_date_is_left_alone(empty_database: Database, tmp_path: Path) -> None:
    branches = [CORE, polls(tmp_path, FIRST)]
    await migrate(empty_database, branches)
    assert await migrate(empty_database, branches, backup_to=tmp_path) == []
    assert not list(tmp_path.glob("*before*"))


async def test_data_survives_a_step(empty_database: Database, tmp_path: Path) -> None:
    await migrate(empty_database, [polls(tmp_path, FIRST)])
    async with empty_database.transaction() as db:
        await db.script("INSERT INTO poll (id) VALUES ('P1')")
    assert await migrate(empty_database, [polls(tmp_path, FIRST, SECOND)]) == ["polls_0002"]
    assert await poll_ids(empty_database) == ["P1"]


async def test_text_in_a_revision_arrives_as_written(empty_database: Database, tmp_path: Path) -> None:
    wanted = "l'été à 100 % : \\o/; $1"
    fill = f'op.bulk_insert(sa.table("poll", sa.column("id", sa.Text)), [{{"id": {wanted!r}}}])'
    await migrate(empty_database, [polls(tmp_path, FIRST, fill)])
    assert await poll_ids(empty_database) == [wanted]


async def test_a_step_that_fails_leaves_no_trace(empty_database: Database, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="nowhere"):
        await migrate(empty_database, [polls(tmp_path, FIRST, BROKEN)])
    assert await versions(empty_database) == ["polls_0001"]
    assert await poll_ids(empty_database) == []


async def test_a_failed_migration_is_taken_up_where_it_stopped(
    empty_database: Database, tmp_path: Path
) -> None:
    with pytest.raises(Exception, match="nowhere"):
        await migrate(empty_database, [polls(tmp_path, FIRST, BROKEN)])
    assert await migrate(empty_database, [polls(tmp_path, FIRST, SECOND)]) == ["polls_0002"]


async def test_a_newer_database_is_refused_untouched(empty_database: Database, tmp_path: Path) -> None:
    await migrate(empty_database, [polls(tmp_path / "new", FIRST, SECOND)])
    with pytest.raises(NewerDatabase, match=r"is at polls_0002, .* up to polls_0001") as refusal:
        await migrate(empty_database, [CORE, polls(tmp_path / "old", FIRST)])
    assert refusal.value.branch == "polls"
    assert await versions(empty_database) == ["polls_0002"]


async def test_a_plugin_switched_off_keeps_its_place(empty_database: Database, tmp_path: Path) -> None:
    await migrate(empty_database, [polls(tmp_path, FIRST)])
    await migrate(empty_database, [CORE])
    assert await migrate(empty_database, [CORE, polls(tmp_path, FIRST, SECOND)]) == ["polls_0002"]


async def test_another_program_in_the_same_database_is_left_alone(empty_database: Database) -> None:
    await migrate(empty_database, [])
    async with empty_database.transaction() as db:
        await db.script("INSERT INTO alembic_version VALUES ('ae1027a6acf1')")
    await migrate(empty_database, [CORE])
    assert "ae1027a6acf1" in await versions(empty_database)


async def test_two_processes_do_not_both_migrate(empty_database: Database, tmp_path: Path) -> None:
    branch = polls(tmp_path, FIRST)
    await migrate(empty_database, [])
    ends = await asyncio.gather(
        migrate(empty_database, [branch]), migrate(empty_database, [branch]), return_exceptions=True
    )
    assert ["polls_0001"] in ends
    assert all(end in (["polls_0001"], []) or isinstance(end, Conflict) for end in ends)
    assert await versions(empty_database) == ["polls_0001"]


async def test_sqlite_is_copied_before_it_changes(tmp_path: Path) -> None:
    database = await open_database("sqlite", tmp_path)
    await migrate(database, [polls(tmp_path, FIRST)], backup_to=tmp_path)
    assert not list(tmp_path.glob("*before*"))
    async with database.transaction() as db:
        await db.script("INSERT INTO poll (id) VALUES ('P1')")
    await migrate(database, [polls(tmp_path, FIRST, SECOND, "op.drop_table('poll')")], backup_to=tmp_path)
    await database.close()
    (copy,) = tmp_path.glob("*before*")
    assert copy.name == "coedu.db.before-polls_0002"
    assert copy.stat().st_mode & 0o777 == 0o600
    connection = sqlite3.connect(copy)
    assert connection.execute("SELECT * FROM poll").fetchall() == [("P1",)]
    connection.close()


async def test_a_newer_copy_replaces_an_older_one(tmp_path: Path) -> None:
    database = await open_database("sqlite", tmp_path)
    await migrate(database, [polls(tmp_path, FIRST)])
    copy = tmp_path / "coedu.db.before-polls_0002"
    copy.write_text("old")
    copy.with_name(copy.name + ".partial").write_text("cut off")
    await migrate(database, [polls(tmp_path, FIRST, SECOND)], backup_to=tmp_path)
    await database.close()
    assert copy.read_bytes().startswith(b"SQLite format 3")
    assert list(tmp_path.glob("*.partial")) == []


async def test_alembic_stays_away_when_there_is_nothing_to_do(tmp_path: Path) -> None:
    await schema_differences([CORE], tmp_path)
    script = (
        "import asyncio, pathlib, sys\n"
        "from coedu_bot.store.database import open_database\n"
        "from coedu_bot.store.migrate import migrate\n"
        "from coedu_bot.store.revisions import CORE\n"
        "async def main():\n"
        "    database = await open_database('sqlite', pathlib.Path(sys.argv[1]))\n"
        "    assert await migrate(database, [CORE]) == []\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
        "assert 'alembic' not in sys.modules\n"
    )
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", script, str(tmp_path)], check=True)


async def test_a_gap_in_the_line_is_an_error(tmp_path: Path) -> None:
    branch = polls(tmp_path, FIRST)
    a_revision(branch.folder, 3, SECOND)
    with pytest.raises(RevisionError, match="polls_0003_step"):
        branch.revisions()


async def test_a_number_given_twice_is_an_error(tmp_path: Path) -> None:
    branch = polls(tmp_path, FIRST)
    (branch.folder / "polls_0001_again.py").write_text("")
    with pytest.raises(RevisionError, match="revision 2"):
        branch.revisions()


async def test_a_file_of_another_name_is_an_error(tmp_path: Path) -> None:
    branch = polls(tmp_path, FIRST)
    (branch.folder / "deadlines.py").write_text("")
    with pytest.raises(RevisionError, match=r"deadlines\.py should be called polls_"):
        branch.revisions()


async def test_a_file_that_contradicts_its_name_changes_nothing(
    empty_database: Database, tmp_path: Path
) -> None:
    branch = polls(tmp_path, FIRST)
    a_revision(branch.folder, 2, SECOND, previous="polls_0007")
    with pytest.raises(RevisionError, match="polls_0007"):
        await migrate(empty_database, [branch])
    assert await versions(empty_database) == []


async def test_a_plugin_without_revisions_has_nothing_to_do(empty_database: Database, tmp_path: Path) -> None:
    assert await migrate(empty_database, [Branch("quiet", tmp_path / "none", MetaData())]) == []


@given(st.from_regex(r"[a-z][a-z0-9_]{0,40}", fullmatch=True), st.integers(1, 9999))
def test_a_revision_id_tells_its_branch(branch: str, number: int) -> None:
    assert parse_revision_id(revision_id(branch, number)) == (branch, number)
