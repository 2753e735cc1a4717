"""Room keys over real HTTP: stock nio's traps beside what we do."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from nio import AsyncClient, AsyncClientConfig, MatrixRoom
from nio.exceptions import LocalProtocolError

from coedu_bot.homeserver import Unreachable
from coedu_bot.matrix.olm import GuardedOlm
from tests.unit.matrix.devices import ALICE, ROOM
from tests.unit.matrix.key_server import KeyServer
from tests.unit.matrix.sharing import TEXT, ours, read


@asynccontextmanager
async def stock(server: KeyServer, folder: Path | None) -> AsyncIterator[AsyncClient]:
    """nio's own client in an encrypted room whose members it knows."""
    patience = AsyncClientConfig(max_timeouts=0)  # nio's default is to try for ever
    client = AsyncClient(server.url, ALICE, "ALICE", str(folder) if folder else None, patience)
    client.restore_login(ALICE, "ALICE", "token")
    room = MatrixRoom(ROOM, ALICE, encrypted=True)
    for user in server.members:
        room.add_member(user, None, None)
    room.members_synced = True
    client.rooms[ROOM] = room
    if client.olm:
        client.olm.account.shared = True
        client.olm.users_for_key_query.update(server.members)
        await client.keys_query()
    try:
        yield client
    finally:
        await client.close()
        if client.store:
            client.store.database.close()


async def send_as_stock(client: AsyncClient, within: float = 10) -> Any:
    sending = client.room_send(ROOM, "m.room.message", dict(TEXT), ignore_unverified_devices=True)
    return await asyncio.wait_for(sending, within)


async def test_trap_6_a_bad_one_time_key_does_not_hang_the_room(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm, carol: GuardedOlm
) -> None:
    server.join(bob, carol)
    server.spoiled = {bob.user_id}
    async with ours(server, tmp_path) as homeserver:
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
        await homeserver.send(ROOM, "m.room.message", TEXT, "t2")
    assert (read(server, bob), read(server, carol)) == (None, "hello")


async def test_trap_6_hangs_stock_nio(server: KeyServer, tmp_path: Path, bob: GuardedOlm) -> None:
    server.join(bob)
    server.spoiled = {bob.user_id}
    async with stock(server, tmp_path) as client:
        with pytest.raises(ValueError):
            await send_as_stock(client)
        with pytest.raises(TimeoutError):
            await send_as_stock(client, within=1)


async def test_trap_7_a_failed_share_does_not_end_the_session(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm
) -> None:
    server.join(bob)
    server.failures = deque([502])
    async with ours(server, tmp_path) as homeserver:
        with pytest.raises(Unreachable):
            await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
        assert server.sent == []
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
    assert read(server, bob) == "hello"


async def test_trap_7_logs_stock_nio_out(server: KeyServer, tmp_path: Path, bob: GuardedOlm) -> None:
    server.join(bob)
    server.failures = deque([502])
    async with stock(server, tmp_path) as client:
        with pytest.raises(LocalProtocolError):
            await send_as_stock(client)
            await send_as_stock(client)
        assert not client.logged_in


async def test_trap_8_a_reset_connection_leaves_nobody_without_the_key(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm
) -> None:
    server.join(bob)
    server.failures = deque(["reset"] * 2)
    async with ours(server, tmp_path) as homeserver:
        with pytest.raises(Unreachable):
            await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
        server.failures.clear()
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
    assert read(server, bob) == "hello"


async def test_trap_8_leaves_stock_nio_s_reader_without_the_key(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm
) -> None:
    server.join(bob)
    server.failures = deque(["reset"] * 20)
    async with stock(server, tmp_path) as client:
        await send_as_stock(client)
        server.failures.clear()
        await send_as_stock(client)
    assert (read(server, bob, 0), read(server, bob, 1)) == (None, None)


async def test_trap_10_no_plain_text_goes_into_an_encrypted_room(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm
) -> None:
    server.join(bob)
    async with stock(server, None) as client:
        await send_as_stock(client)
    assert server.sent.pop() == ("m.room.message", TEXT)
    async with ours(server, tmp_path) as homeserver:
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
    assert "hello" not in json.dumps(server.sent)


async def test_trap_11_an_unknown_room_is_asked_about_and_never_guessed(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm
) -> None:
    server.join(bob)
    server.state_status = 502
    async with stock(server, tmp_path) as client:
        client.rooms.clear()  # as after a restart
        with pytest.raises(LocalProtocolError):
            await send_as_stock(client)
    async with ours(server, tmp_path) as homeserver:
        with pytest.raises(Unreachable):
            await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
        assert server.sent == []
        server.state_status = 200
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
    assert read(server, bob) == "hello"


async def test_trap_9_a_fallback_key_is_uploaded_at_the_start(server: KeyServer, tmp_path: Path) -> None:
    async with ours(server, tmp_path):
        pass
    assert {"device_keys", "one_time_keys", "fallback_keys"} <= server.uploads[0].keys()
