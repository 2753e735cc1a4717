"""Backup, restore, export and erase, as somebody at a terminal uses them."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from coedu_bot.cli import app
from coedu_bot.store import people
from coedu_bot.store.database import open_database
from coedu_bot.store.migrate import migrate
from coedu_bot.store.revisions import CORE

PARENT, OTHER = "@benali:test", "@costa:test"
_CONFIG = """
homeserver: http://127.0.0.1:1
user: "@coedu:test"
school: {name: Collège, controller: La principale, contact: dpo@test}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A school whose bot has run once and knows two people."""
    (tmp_path / "data").mkdir()
    (tmp_path / "config.yaml").write_text(_CONFIG)
    asyncio.run(_two_people(tmp_path / "data"))
    return tmp_path / "config.yaml"


async def _two_people(data: Path) -> None:
    database = await open_database("sqlite", data)
    await migrate(database, [CORE])
    now = datetime(2026, 10, 6, tzinfo=UTC)
    async with database.transaction() as db:
        for user in (PARENT, OTHER):
            await people.mark_setting(db, user, "language", "ar")
            await people.mark_direct(db, user, room=f"!{user[1:3]}", state="joined", now=now)
    await database.close()


def coedu_bot(config: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--config", str(config)])


def test_a_backup_goes_and_comes_back(config: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.tar.gz"
    assert coedu_bot(config, "backup", str(saved)).exit_code == 0
    assert coedu_bot(config, "restore", str(saved)).exit_code == 1  # the data is still there
    (tmp_path / "data").rename(tmp_path / "old")
    assert coedu_bot(config, "restore", str(saved)).exit_code == 0
    assert (tmp_path / "data" / "coedu.db").exists()


def test_an_export_is_a_file_for_nobody_else(config: Path, tmp_path: Path) -> None:
    target = tmp_path / "export.json"
    assert coedu_bot(config, "export", PARENT, "--to", str(target)).exit_code == 0
    rows = json.loads(target.read_text())
    assert [row["value"] for row in rows["person_setting"]] == ["ar"]
    assert OTHER not in target.read_text()
    assert target.stat().st_mode & 0o077 == 0


def test_everybodys_data_is_exported_when_asked_for(config: Path, tmp_path: Path) -> None:
    target = tmp_path / "export.json"
    assert coedu_bot(config, "export", "--all", "--to", str(target)).exit_code == 0
    assert OTHER in target.read_text()
    assert PARENT in target.read_text()


@pytest.mark.parametrize("words", [(), (PARENT, "--all")])
def test_an_export_of_nobody_in_particular_is_refused(config: Path, words: tuple[str, ...]) -> None:
    assert coedu_bot(config, "export", *words).exit_code == 2


def test_an_erasure_forgets_one_person_only(config: Path, tmp_path: Path) -> None:
    target = tmp_path / "export.json"
    assert coedu_bot(config, "erase", PARENT, "--yes").exit_code == 0
    coedu_bot(config, "export", "--all", "--to", str(target))
    assert PARENT not in target.read_text()
    assert OTHER in target.read_text()


def test_an_erasure_is_asked_about(config: Path) -> None:
    assert coedu_bot(config, "erase", PARENT).exit_code == 1
