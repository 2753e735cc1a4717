"""How long a person waits in an encrypted room: as `latency`, beside the least an encrypting client can be.

More commands than one key may encrypt (100), so that the changes of keys are in the figures.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.latency import compare
from benchmarks.stage import PASSWORD, SERVER, Stage, stage
from coedu_bot.clock import SystemClock
from coedu_bot.events import Content, MessageReceived, RoomId, StateChanged, SyncBatch
from coedu_bot.homeserver import NewRoom
from coedu_bot.matrix import Login, MatrixClient, open_client

GOALS = {"p50_ratio": 1.05, "p99_ratio": 1.2}
WITHIN = 60.0


@dataclass(slots=True)
class EncryptedUser:
    """Somebody with a stopwatch whose client encrypts as the bot does; the same for both who answer."""

    client: MatrixClient
    arrived: dict[str, float] = field(default_factory=dict)
    joined: set[tuple[str, str]] = field(default_factory=set)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _numbers: Any = field(default_factory=count)

    async def take(self, batch: SyncBatch) -> None:
        moment = perf_counter()
        async with self._news:
            for event in (*batch.late, *(event for room in batch.joined for event in room.events)):
                if isinstance(event, MessageReceived) and event.reply_to:
                    self.arrived.setdefault(event.reply_to, moment)
                if isinstance(event, StateChanged) and event.content.get("membership") == "join":
                    self.joined.add((event.room_id, event.state_key))
            self._news.notify_all()

    async def nothing_waits(self, _: Sequence[str]) -> list[tuple[RoomId, Content]]:
        return []

    async def room_with(self, other: str) -> RoomId:
        """An encrypted room with nobody else in it."""
        homeserver = self.client.homeserver
        room = await homeserver.create_room(NewRoom(other, invite=[other], encrypted=True))
        await self._until(lambda: (room, other) in self.joined)
        return room

    async def ask(self, room: RoomId) -> float:
        """Seconds from sending a command to its reply, read, in the own sync."""
        number, begun = next(self._numbers), perf_counter()
        content = {"msgtype": "m.text", "body": f"!ping {number}", "m.mentions": {}}
        event = await self.client.homeserver.send(room, "m.room.message", content, f"b{number}")
        await self._until(lambda: event in self.arrived)
        return self.arrived[event] - begun

    async def _until(self, there: Any) -> None:
        async with asyncio.timeout(WITHIN), self._news:
            await self._news.wait_for(there)


async def measure(commands: int = 220, warm_up: int = 20) -> dict[str, float]:
    """Milliseconds of every command, by who answered it, and what it cost the processor."""
    async with stage() as one, _user(one) as user:
        bots = await one.both_encrypting()
        rooms = {name: await user.room_with(f"@{name}:{SERVER}") for name in bots}
        return await compare(bots, user.ask, rooms, commands, warm_up)


@asynccontextmanager
async def _user(one: Stage) -> AsyncIterator[EncryptedUser]:
    folder = Path(one.folder) / "user"
    folder.mkdir()
    login = Login(one.synapse.base_url, await one.account("user"), PASSWORD)
    client = await open_client(login, folder, SystemClock(timedelta()))
    user = EncryptedUser(client)
    syncing = asyncio.create_task(client.run(user.take, None, user.nothing_waits))
    try:
        yield user
    finally:
        syncing.cancel()
        await asyncio.gather(syncing, return_exceptions=True)
        await client.close()
