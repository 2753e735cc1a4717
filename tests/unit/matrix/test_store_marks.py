"""Crypto stores that were put back from a copy: those that others have heard from since are noticed."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coedu_bot.homeserver import HomeserverError
from coedu_bot.matrix.account import Session
from coedu_bot.matrix.convert import Converter
from coedu_bot.matrix.encryption import Encryption
from coedu_bot.matrix.homeserver import MatrixHomeserver
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.olm import GuardedOlm
from coedu_bot.testing.clock import FakeClock
from tests.unit.matrix.devices import ALICE, ROOM, machine
from tests.unit.matrix.key_server import KeyServer, serving

TEXT = {"msgtype": "m.text", "body": "hello"}
CLOCK = FakeClock(datetime(2026, 11, 24, 8, tzinfo=UTC))
"""It stands still: nothing here depends on how long ago a copy was made."""


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[KeyServer]:
    async with serving(KeyServer()) as server:
        server.join(machine(tmp_path, "@bob:test", GuardedOlm))
        yield server


@asynccontextmanager
async def opened(server: KeyServer, folder: Path) -> AsyncIterator[MatrixHomeserver]:
    """The bot's device with the store in this folder, as after a start."""
    http = Http(server.url, "token")
    path = folder / "crypto" / "ALICE.db"
    encryption = Encryption.open(http, Session(ALICE, "ALICE", "token", "key"), path, CLOCK)
    try:
        yield MatrixHomeserver(ALICE, http, Converter(), encryption)
    finally:
        encryption.close()
        await http.close()


async def fits(server: KeyServer, folder: Path) -> bool:
    async with opened(server, folder) as homeserver:
        return await homeserver.encryption._marks.fit()


def copied(folder: Path, name: str) -> Path:
    """A copy of the folder as of now."""
    shutil.copytree(folder / "crypto", folder / name / "crypto")
    return folder / name


async def test_a_copy_from_a_moment_ago_is_noticed_once_keys_were_given_out(
    server: KeyServer, tmp_path: Path
) -> None:
    async with opened(server, tmp_path) as homeserver:
        await homeserver.encryption.keep_house()
        before = copied(tmp_path, "before")
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
        meanwhile = copied(tmp_path, "meanwhile")
        server.join(machine(tmp_path, "@carol:test", GuardedOlm))
        homeserver.encryption.missed_some(ROOM)
        await homeserver.send(ROOM, "m.room.message", TEXT, "t2")
    assert [await fits(server, one) for one in (before, meanwhile, tmp_path)] == [False, False, True]


async def test_a_copy_that_nobody_has_heard_from_since_goes_on(server: KeyServer, tmp_path: Path) -> None:
    async with opened(server, tmp_path) as homeserver:
        await homeserver.encryption.keep_house()
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
        await homeserver.encryption.keep_house()
        copy = copied(tmp_path, "copy")
        await homeserver.send(ROOM, "m.room.message", TEXT, "t2")
    assert await fits(server, copy)


async def test_a_store_without_its_marks_is_not_trusted(server: KeyServer, tmp_path: Path) -> None:
    async with opened(server, tmp_path) as homeserver:
        await homeserver.encryption.keep_house()
    (tmp_path / "crypto" / "ALICE.marks").unlink()
    assert not await fits(server, tmp_path)
    (tmp_path / "crypto" / "ALICE.marks").write_text("{")
    assert not await fits(server, tmp_path)


async def test_no_key_is_given_out_before_the_mark_is_left(server: KeyServer, tmp_path: Path) -> None:
    async with opened(server, tmp_path) as homeserver:
        await homeserver.encryption.keep_house()
        server.marks_status = 502
        with pytest.raises(HomeserverError):
            await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
        assert (server.to_device, server.sent) == ([], [])
