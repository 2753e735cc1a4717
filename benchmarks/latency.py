"""How long a person waits for the bot, beside the least a client can be (`floor.py`), in the same run.

A user sends a command and waits for the reply in their own sync, 200 times, by turns to the bot and to the
floor in random order, each alone with the user in a room; both run as processes of their own on one Synapse.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any
from urllib.parse import quote

import aiohttp
import yaml

from coedu_bot.demo.process import BotProcess
from coedu_bot.demo.synapse import PrivateSynapse

PASSWORD = "benchmark"
SERVER = "bench.test"
WITHIN = 60.0


@dataclass(slots=True)
class User:
    """Somebody with a stopwatch: `arrived` has the moment each event of theirs was answered in their sync."""

    http: aiohttp.ClientSession
    url: str
    arrived: dict[str, float] = field(default_factory=dict)
    joined: set[tuple[str, str]] = field(default_factory=set)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    numbers: Any = field(default_factory=count)

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        async with self.http.request(method, f"{self.url}{path}", json=body) as answer:
            content = await answer.json()
            assert answer.status == 200, content
            return content

    async def sync_for_ever(self) -> None:
        since = ""
        while True:
            answer = await self.call("GET", f"/sync?timeout=10000{since}")
            moment = perf_counter()
            since = f"&since={quote(answer['next_batch'])}"
            async with self.news:
                for room, update in answer.get("rooms", {}).get("join", {}).items():
                    for event in (*update["state"]["events"], *update["timeline"]["events"]):
                        self._note(room, event, moment)
                self.news.notify_all()

    def _note(self, room: str, event: dict[str, Any], moment: float) -> None:
        if event["type"] == "m.room.member" and event["content"].get("membership") == "join":
            self.joined.add((room, event["state_key"]))
        relation = event["content"].get("m.relates_to", {}).get("m.in_reply_to", {})
        if event["type"] == "m.room.message" and relation:
            self.arrived.setdefault(relation["event_id"], moment)

    async def room_with(self, other: str) -> str:
        body = {"invite": [other], "preset": "private_chat"}
        room = str((await self.call("POST", "/createRoom", body))["room_id"])
        await self._until(lambda: (room, other) in self.joined)
        return room

    async def ask(self, room: str) -> float:
        """Seconds from sending a command to its reply in the own sync."""
        content = {"msgtype": "m.text", "body": f"!ping {next(self.numbers)}", "m.mentions": {}}
        path = f"/rooms/{quote(room)}/send/m.room.message/b{next(self.numbers)}"
        begun = perf_counter()
        event = (await self.call("PUT", path, content))["event_id"]
        await self._until(lambda: event in self.arrived)
        return self.arrived[event] - begun

    async def _until(self, there: Any) -> None:
        async with asyncio.timeout(WITHIN), self.news:
            await self.news.wait_for(there)


async def measure(commands: int, warm_up: int) -> dict[str, list[float]]:
    """Seconds of every command, by who answered it."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="coedu-bench-")))
        synapse = await stack.enter_async_context(PrivateSynapse(SERVER))
        names = ("user", "floor", "coedu")
        ids = {name: await synapse.register(name, PASSWORD) for name in names}
        await stack.enter_async_context(_floor(synapse, ids["floor"]))
        await stack.enter_async_context(BotProcess(_config(folder, synapse, ids["coedu"]), PASSWORD))
        user = await stack.enter_async_context(_user(synapse, ids["user"]))
        rooms = {name: await user.room_with(ids[name]) for name in ("floor", "coedu")}
        for _ in range(warm_up):
            for room in rooms.values():
                await user.ask(room)
        return await _by_turns(user, rooms, commands)


async def _by_turns(user: User, rooms: dict[str, str], commands: int) -> dict[str, list[float]]:
    chance = random.Random(20261006)
    took: dict[str, list[float]] = {name: [] for name in rooms}
    for _ in range(commands):
        for name in chance.sample(sorted(rooms), len(rooms)):
            took[name].append(await user.ask(rooms[name]))
    return took


@asynccontextmanager
async def _user(synapse: PrivateSynapse, user: str) -> AsyncIterator[User]:
    async with aiohttp.ClientSession() as http:
        one = User(http, f"{synapse.base_url}/_matrix/client/v3")
        identifier = {"type": "m.id.user", "user": user}
        body = {"type": "m.login.password", "identifier": identifier, "password": PASSWORD}
        token = (await one.call("POST", "/login", body))["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        syncing = asyncio.create_task(one.sync_for_ever())
        try:
            yield one
        finally:
            syncing.cancel()
            with suppress(asyncio.CancelledError):
                await syncing


@asynccontextmanager
async def _floor(synapse: PrivateSynapse, user: str) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(Path(__file__).with_name("floor.py")), synapse.base_url, user),
        env={**os.environ, "COEDU_PASSWORD": PASSWORD},
    )
    try:
        yield
    finally:
        process.kill()
        await process.wait()


def _config(folder: Path, synapse: PrivateSynapse, user: str) -> Path:
    values = {
        "homeserver": synapse.base_url,
        "user": user,
        "data": str(folder / "data"),
        "school": {"name": "Collège", "controller": "La principale", "contact": "dpo@ecole.test"},
        "plugins": {"announcements": {}},
        "invites": {"from": [SERVER]},
        "web": {"listen": "127.0.0.1:0"},
    }
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump(values, allow_unicode=True))
    return config


def report(took: dict[str, list[float]]) -> dict[str, float]:
    """The figures: medians and the 95th hundredth in milliseconds, and the ratio of the medians."""
    figures = {}
    for name, seconds in took.items():
        figures[f"{name}_median_ms"] = round(median(seconds) * 1000, 2)
        figures[f"{name}_p95_ms"] = round(quantiles(seconds, n=20)[-1] * 1000, 2)
    figures["ratio"] = round(median(took["coedu"]) / median(took["floor"]), 3)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commands", type=int, default=200)
    parser.add_argument("--warm-up", type=int, default=10)
    parser.add_argument("--json", action="store_true", help="only the figures, for programs")
    options = parser.parse_args()
    figures = report(asyncio.run(measure(options.commands, options.warm_up)))
    if options.json:
        print(json.dumps(figures))
        return
    for name in ("floor", "coedu"):
        middle, slow = figures[f"{name}_median_ms"], figures[f"{name}_p95_ms"]
        print(f"{name:6} median {middle:7.1f} ms   95 % {slow:7.1f} ms")
    print(f"ratio  {figures['ratio']:.2f}   (goal: at most 1.10)")


if __name__ == "__main__":
    main()
