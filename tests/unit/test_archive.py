from __future__ import annotations

import io
import sqlite3
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from coedu_bot.archive import ArchiveError, back_up, bring_back


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "session.json").write_text('{"user": "@coedu:test"}')
    (folder / "lock").write_text("123")
    (folder / "crypto").mkdir()
    (folder / "crypto" / "DEVICE.db").write_bytes(b"keys")
    with closing(sqlite3.connect(folder / "coedu.db", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE pair (one INTEGER, two INTEGER)")
        db.execute("INSERT INTO pair VALUES (0, 0)")
    return folder


def pair(folder: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(folder / "coedu.db")) as db:
        found: tuple[int, int] = db.execute("SELECT one, two FROM pair").fetchone()
        return found


def test_what_was_backed_up_comes_back(data: Path, tmp_path: Path) -> None:
    names = back_up(data, tmp_path / "backup.tar.gz")
    assert sorted(names) == ["coedu.db", "crypto/DEVICE.db", "session.json"]
    bring_back(tmp_path / "backup.tar.gz", tmp_path / "new")
    assert (tmp_path / "new" / "session.json").read_text() == '{"user": "@coedu:test"}'
    assert (tmp_path / "new" / "crypto" / "DEVICE.db").read_bytes() == b"keys"
    assert pair(tmp_path / "new") == (0, 0)


def test_nobody_else_can_read_it(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "backup.tar.gz")
    bring_back(tmp_path / "backup.tar.gz", tmp_path / "new")
    secret = [tmp_path / "backup.tar.gz", tmp_path / "new", *(tmp_path / "new").rglob("*")]
    assert [path for path in secret if path.stat().st_mode & 0o077] == []


def test_the_database_comes_first_because_older_keys_would_do_harm(data: Path, tmp_path: Path) -> None:
    (data / "crypto" / "DEVICE.marks").write_text("{}")
    names = back_up(data, tmp_path / "backup.tar.gz")
    assert names == ["coedu.db", "crypto/DEVICE.marks", "crypto/DEVICE.db", "session.json"]


def test_a_backup_while_somebody_writes_holds_one_moment(data: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(data / "coedu.db", isolation_level=None, timeout=30)) as db:
            number = 0
            while not stop.is_set():
                number += 1
                db.execute("BEGIN IMMEDIATE")
                db.execute("UPDATE pair SET one = ?", (number,))
                db.execute("UPDATE pair SET two = ?", (number,))
                db.execute("COMMIT")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            back_up(data, tmp_path / "backup.tar.gz")
            bring_back(tmp_path / "backup.tar.gz", tmp_path / f"new{number}")
            one, two = pair(tmp_path / f"new{number}")
            assert one == two
    finally:
        stop.set()
        writer.join()


def test_a_folder_with_something_in_it_is_not_overwritten(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "backup.tar.gz")
    with pytest.raises(ArchiveError, match="not empty"):
        bring_back(tmp_path / "backup.tar.gz", data)


@pytest.mark.parametrize("at", [0, 40, -30])
def test_a_damaged_backup_writes_nothing(data: Path, tmp_path: Path, at: int) -> None:
    backup = tmp_path / "backup.tar.gz"
    back_up(data, backup)
    content = bytearray(backup.read_bytes())
    content[at] ^= 0xFF
    backup.write_bytes(content)
    with pytest.raises(ArchiveError):
        bring_back(backup, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "a/../../outside"])
def test_a_backup_cannot_write_outside_the_folder(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = 4
        archive.addfile(info, io.BytesIO(b"evil"))
    with pytest.raises(ArchiveError, match="does not belong"):
        bring_back(tmp_path / "evil.tar.gz", tmp_path / "new")
    assert not (tmp_path / "outside").exists()


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(ArchiveError, match="not a backup"):
        bring_back(tmp_path / "notes.txt", tmp_path / "new")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="is not there"):
        back_up(tmp_path / "data", tmp_path / "backup.tar.gz")
