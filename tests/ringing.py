"""A bot in a process of its own whose homeserver is on the other side of a socket, and survives its kills.

`python -m tests.ringing FOLDER SOCKET` runs the child; `Sky` is the homeserver; `fill` plans reminders.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from coedu_bot.app import Account, assemble, load_registry, plugin_tables
from coedu_bot.clock import SystemClock
from coedu_bot.demo.children import die_with_parent
from coedu_bot.effects import Wake
from coedu_bot.school.rights import Rights
from coedu_bot.school.school import School
from coedu_bot.store import items, rooms
from coedu_bot.store.database import Database, open_database
from coedu_bot.store.schema import create_all
from coedu_bot.store.tables import metadata
from coedu_bot.testing.homeserver import MemoryHomeserver
from coedu_bot.timers import store as timers
from plugins.reminders import store as reminders
from plugins.reminders.domain import Plan, Reminder

BOT, AUTHOR = "@coedu:test", "@durand:test"
ROOMS = tuple(f"!room{number}:test" for number in range(8))


@dataclass(slots=True)
class Sky:
    """A homeserver's memory of what was sent: one event for each transaction id, however often it comes."""

    path: Path
    events: dict[tuple[str, str], tuple[dict[str, Any], datetime]] = field(default_factory=dict)
    repeats: int = 0
    _server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(self._serve, self.path)
        return self

    async def __aexit__(self, *problem: object) -> None:
        assert self._server is not None
        self._server.close()

    @property
    def said(self) -> list[tuple[dict[str, Any], datetime]]:
        """The messages, in their order, and when they came."""
        return [event for event in self.events.values() if event[0]["type"] == "m.room.message"]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while line := await reader.readline():
                if not line.endswith(b"\n"):
                    break  # cut off by a kill: it never came
                event = json.loads(line)
                key = (event["room"], event["transaction"])
                self.repeats += key in self.events
                self.events.setdefault(key, (event, datetime.now(UTC)))
                writer.write(f"${event['transaction']}\n".encode())
                await writer.drain()
        writer.close()


@dataclass(slots=True)
class SocketHomeserver(MemoryHomeserver):
    """Sends over the socket; one call at a time."""

    reader: Any = None
    writer: Any = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, room: str, type_: str, content: dict[str, Any], transaction_id: str) -> str:
        event = {"room": room, "type": type_, "content": content, "transaction": transaction_id}
        async with self.lock:
            self.writer.write(json.dumps(event).encode() + b"\n")
            answer: bytes = await self.reader.readline()
        return answer.decode().strip()


async def open_folder(folder: Path) -> Database:
    """A database with all tables."""
    registry, _ = load_registry({"reminders": None})
    database = await open_database("sqlite", folder)
    await create_all(database, metadata, *plugin_tables(registry))
    async with database.transaction() as db:
        for room in ROOMS:
            await rooms.add_room(db, room, datetime.now(UTC))
    return database


async def fill(
    database: Database, dues: Sequence[datetime], text: str = "Numéro", rooms: Sequence[str] = ROOMS
) -> None:
    """Plan one reminder a moment, in the rooms in turn."""
    async with database.transaction() as db:
        for number, at in enumerate(dues):
            id_ = await items.add_item(db, "R", plugin="reminders", author=AUTHOR, command=None, now=at)
            plan = Plan(wall=at.replace(tzinfo=None), zone="UTC")
            room = rooms[number % len(rooms)]
            one = Reminder(id=id_, author=AUTHOR, text=f"{text} {number}", plan=plan, room=room)
            await reminders.add_reminder(db, one, at)
            await timers.add_timer(db, Wake(name="due", at=at, item=id_), "reminders")


async def start(folder: Path, sky: Sky, *more: str) -> asyncio.subprocess.Process:
    """The child, running."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.ringing", str(folder), str(sky.path), *more),
        stdout=asyncio.subprocess.PIPE,
        preexec_fn=die_with_parent,
    )


async def run(folder: Path, socket: str) -> None:
    """The child: everything of a bot but its sync."""
    clock = SystemClock(timedelta())
    reader, writer = await asyncio.open_unix_connection(socket)
    registry, _ = load_registry({"reminders": None})
    database = await open_database("sqlite", folder)
    school = School("École", "Europe/Paris", "fr", Rights.from_capabilities(registry.capabilities))
    homeserver = SocketHomeserver(BOT, clock, reader=reader, writer=writer)
    account = Account(name="Coedu", device_id="D")
    try:
        bot = assemble(school, registry, database, homeserver, clock, account)
        await bot.dispatcher.replay_known()
        print("ready", flush=True)
        await bot.alarms.run_due(clock.now())
        print("timers looked at", flush=True)
        await asyncio.gather(bot.sender.run(), bot.ticker.run())
    finally:
        await database.close()  # its threads would keep the process


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), sys.argv[2]))
