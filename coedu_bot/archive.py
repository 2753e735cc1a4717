"""A backup of the data folder in one file, taken while the bot runs, and its way back."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_MANIFEST = "manifest.json"
_MAGIC = b"SQLite format 3\x00"
_PASSING = ("lock", "control.sock")
"""What belongs to the running process and not to the data."""
_IN_ORDER = ("coedu.db", ".marks")
"""How names end that are copied first: keys newer than the database's sync token or than the mark that tells
their age do no harm, older ones do."""


class ArchiveError(Exception):
    """A backup that cannot be made or brought back, and what to do."""


def back_up(data: Path, target: Path) -> list[str]:
    """Write everything in the data folder to `target` (0600) and return the names; whole or not at all.

    Databases are copied consistently while somebody writes to them. Raises ArchiveError.
    """
    if not data.is_dir():
        raise ArchiveError(f"{data} is not there; name the data folder of the bot in the configuration")
    partial = target.with_name(target.name + ".partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    sums: dict[str, str] = {}
    with os.fdopen(handle, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz") as archive:
            for name, content in _contents(data):
                sums[name] = hashlib.sha256(content).hexdigest()
                _add(archive, name, content)
            _add(archive, _MANIFEST, json.dumps({"version": 1, "files": sums}, indent=1).encode())
        raw.flush()
        os.fsync(raw.fileno())
    partial.replace(target)
    return list(sums)


def bring_back(source: Path, data: Path) -> list[str]:
    """Unpack a backup into a data folder that is empty or not there; returns the names.

    Everything is checked before anything is written. Raises ArchiveError.
    """
    if data.exists() and any(data.iterdir()):
        raise ArchiveError(f"{data} is not empty; move it away first, so that nothing is overwritten")
    contents = _checked(source)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in contents.items():
        place = data / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    return list(contents)


def _contents(data: Path) -> Iterator[tuple[str, bytes]]:
    files = [path for path in sorted(data.rglob("*")) if path.is_file() and not _is_passing(path)]
    for path in sorted(files, key=lambda one: not one.name.endswith(_IN_ORDER)):
        yield path.relative_to(data).as_posix(), _content(path)


def _is_passing(path: Path) -> bool:
    return path.name in _PASSING or path.name.endswith(("-wal", "-shm", "-journal", ".partial", ".new"))


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        is_database = file.read(len(_MAGIC)) == _MAGIC
    return _database_copy(path) if is_database else path.read_bytes()


def _database_copy(path: Path) -> bytes:
    """One moment of a database, its write-ahead log included."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        with closing(sqlite3.connect(path, timeout=30)) as live, closing(sqlite3.connect(copy)) as still:
            live.backup(still)
        return copy.read_bytes()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    archive.addfile(info, io.BytesIO(content))


def _checked(source: Path) -> dict[str, bytes]:
    """The files of a backup, each as it was when it was made."""
    try:
        with tarfile.open(source, mode="r:gz") as archive:
            found = {info.name: _read(archive, info) for info in archive}
        sums = json.loads(found.pop(_MANIFEST))["files"]
    except (OSError, EOFError, tarfile.TarError, zlib.error, KeyError, ValueError) as problem:
        raise ArchiveError(f"{source} is not a backup of the bot, or is damaged") from problem
    if {name: hashlib.sha256(content).hexdigest() for name, content in found.items()} != sums:
        raise ArchiveError(f"{source} is damaged: its checksums differ; take another backup")
    return found


def _read(archive: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    """A plain file below the folder: a backup is no way to write anywhere else."""
    path = Path(info.name)
    if not info.isfile() or path.is_absolute() or ".." in path.parts:
        raise ArchiveError(f"{info.name} does not belong into a backup; nothing was written")
    file = archive.extractfile(info)
    return file.read() if file is not None else b""
