"""How long sharing a room's key keeps the event loop from everything else: a room of 300 devices.

The other side is a process of its own, so that the figures are the bot's: `share` until the first message is
sent, `again` after somebody left (a new key for all), and for both the longest time in which nothing else
could run. The goal is for the processor's time: on a busy machine the wall's has others' work in it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import vodozemac
from aiohttp import web

from coedu_bot.clock import SystemClock
from coedu_bot.events import StateEvent
from coedu_bot.matrix.account import Session
from coedu_bot.matrix.convert import Converter
from coedu_bot.matrix.encryption import Encryption
from coedu_bot.matrix.homeserver import MatrixHomeserver
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.signing import canonical

BOT, ROOM = "@coedu:test", "!room:test"
DEVICES_EACH = 3
GOALS = {"share_longest_block_ms": 100.0, "again_longest_block_ms": 100.0}
MESSAGE = {"msgtype": "m.text", "body": "Réunion jeudi."}


class School:
    """A homeserver whose people have real keys, made before anybody asks."""

    def __init__(self, devices: int) -> None:
        users = [f"@p{number}:test" for number in range(devices // DEVICES_EACH)]
        self.accounts = {user: {f"D{n}": vodozemac.Account() for n in range(DEVICES_EACH)} for user in users}
        self.keys = {
            user: {id_: _device_keys(user, id_, account) for id_, account in devices.items()}
            for user, devices in self.accounts.items()
        }

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else {}
        path = request.path
        if path.endswith("/members"):
            return web.json_response({"chunk": [_member(user) for user in (BOT, *self.keys)]})
        if path.endswith("/keys/query"):
            known = {user: self.keys[user] for user in body["device_keys"] if user in self.keys}
            return web.json_response({"device_keys": known})
        if path.endswith("/keys/claim"):
            return web.json_response({"one_time_keys": self._claimed(body["one_time_keys"])})
        return web.json_response({"event_id": "$e", "one_time_key_counts": {"signed_curve25519": 50}})

    def _claimed(self, wanted: dict[str, dict[str, str]]) -> dict[str, Any]:
        return {
            user: {id_: _one_time_key(user, id_, self.accounts[user][id_]) for id_ in devices}
            for user, devices in wanted.items()
        }


def _signed(value: dict[str, Any], user: str, device: str, account: Any) -> dict[str, Any]:
    signature = account.sign(canonical(value)).to_base64()
    return {**value, "signatures": {user: {f"ed25519:{device}": signature}}}


def _device_keys(user: str, device: str, account: Any) -> dict[str, Any]:
    keys = {
        f"curve25519:{device}": account.curve25519_key.to_base64(),
        f"ed25519:{device}": account.ed25519_key.to_base64(),
    }
    algorithms = ["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"]
    bare = {"algorithms": algorithms, "device_id": device, "user_id": user, "keys": keys}
    return _signed(bare, user, device, account)


def _one_time_key(user: str, device: str, account: Any) -> dict[str, Any]:
    account.generate_one_time_keys(1)
    id_, key = next(iter(account.one_time_keys.items()))
    account.mark_keys_as_published()
    return {f"signed_curve25519:{id_}": _signed({"key": key.to_base64()}, user, device, account)}


def _member(user: str) -> dict[str, Any]:
    return {"type": "m.room.member", "state_key": user, "content": {"membership": "join"}}


def serve(devices: int, tell: Connection) -> None:
    """The process on the other side; tells its port."""

    async def run() -> None:
        app = web.Application(client_max_size=100_000_000)
        app.router.add_route("*", "/{path:.*}", School(devices).answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        tell.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


@dataclass
class Watch:
    """`async with Watch() as watch:`; `longest` is the longest time in which nothing else could run."""

    longest: float = 0.0
    longest_wall: float = 0.0
    took: float = 0.0
    _ticking: asyncio.Task[None] | None = None
    _begun: float = field(default_factory=time.perf_counter)

    async def __aenter__(self) -> Watch:
        self._ticking = asyncio.create_task(self._tick())
        await asyncio.sleep(0.01)
        return self

    async def __aexit__(self, *problem: object) -> None:
        self.took = time.perf_counter() - self._begun
        await asyncio.sleep(0.01)
        assert self._ticking is not None
        self._ticking.cancel()

    async def _tick(self) -> None:
        while True:
            wall, processor = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0.001)
            self.longest = max(self.longest, time.thread_time() - processor)
            self.longest_wall = max(self.longest_wall, time.perf_counter() - wall - 0.001)


async def _shared(url: str, folder: Path) -> dict[str, float]:
    """Share, send; somebody leaves; share anew, send."""
    http = Http(url, "token")
    clock = SystemClock(timedelta())
    encryption = Encryption.open(
        http, Session(BOT, "BOT", "token", "key"), folder / "crypto" / "bot.db", clock
    )
    await encryption.keep_house()
    homeserver = MatrixHomeserver(BOT, http, Converter(), encryption)
    encryption.observe(ROOM, StateEvent("m.room.encryption", "", {}))
    async with Watch() as first:
        await homeserver.send(ROOM, "m.room.message", MESSAGE, "t1")
    encryption.observe(ROOM, StateEvent("m.room.member", "@p0:test", {"membership": "leave"}))
    async with Watch() as again:
        await homeserver.send(ROOM, "m.room.message", MESSAGE, "t2")
    encryption.close()
    await http.close()
    return {
        "share_seconds": first.took,
        "share_longest_block_ms": first.longest * 1000,
        "share_longest_block_wall_ms": first.longest_wall * 1000,
        "again_seconds": again.took,
        "again_longest_block_ms": again.longest * 1000,
        "again_longest_block_wall_ms": again.longest_wall * 1000,
    }


async def measure(devices: int = 300) -> dict[str, float]:
    """The figures for a room of so many devices."""
    ours, theirs = multiprocessing.Pipe()
    school = multiprocessing.get_context("spawn").Process(target=serve, args=(devices, theirs))
    school.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            port = await asyncio.to_thread(ours.recv)
            return await _shared(f"http://127.0.0.1:{port}", Path(folder))
    finally:
        school.kill()
        school.join()
