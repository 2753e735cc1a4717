"""A school in memory with something worth attacking, and how to see that nothing has changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from coedu_bot.events import JoinedRoom, RoomEvent, StateEvent, SyncBatch
from coedu_bot.loading import BUNDLED
from coedu_bot.matrix.convert import Converter
from coedu_bot.testing.bot import BOT, FakeBot
from coedu_bot.testing.room import FakeRoom

TEACHER, PARENT, STRANGER = "@durand:test", "@benali:test", "@mallory:evil"
EVERY_PLUGIN = sorted(path.parent.name for path in BUNDLED.glob("*/__init__.py"))
_TABLES = ("announcements_announcement", "announcements_reading", "item", "timer")
_TABLES += ("polls_poll", "polls_vote", "reminders_reminder")
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class School:
    """One class room with an announcement in it; the stranger has got into the room."""

    bot: FakeBot
    room: FakeRoom

    async def arrives(self, *raw: Any) -> None:
        """Events come as JSON, the way a homeserver would send them."""
        found = [Converter().event(one, self.room.id) for one in raw]
        events: tuple[RoomEvent, ...] = tuple(event for event in found if event is not None)
        batch = SyncBatch(f"h{next(_numbers)}", joined=(JoinedRoom(self.room.id, events=events),))
        await self.bot.bot.intake.take(batch)
        await self.bot.settle()

    async def renamed(self, name: str) -> None:
        """The room gets another name."""
        await self.bot.change_state(self.room.id, StateEvent("m.room.name", "", {"name": name}, STRANGER))

    async def fingerprint(self) -> dict[str, Any]:
        """What nobody but its author may change, and who has read it."""
        async with self.bot.database.reading() as db:
            tables = {t.name: t for t in self._tables()}
            return {name: [tuple(row) for row in await db.all(tables[name].select())] for name in _TABLES}

    async def still_answers(self) -> bool:
        """The bot goes on for everybody else."""
        await self.room.say(PARENT, "!ping toujours là")
        return "toujours là" in self.room.last.body

    def sent(self) -> list[dict[str, Any]]:
        """The contents of everything the bot has sent anywhere."""
        rooms = self.bot.homeserver.rooms.values()
        return [dict(e.content) for room in rooms for e in room.timeline if e.sender == BOT]

    def _tables(self) -> list[Any]:
        from coedu_bot.app import plugin_tables
        from coedu_bot.store.tables import metadata

        groups = (metadata, *plugin_tables(self.bot.registry))
        return [table for group in groups for table in group.tables.values()]


@asynccontextmanager
async def school(stranger_name: str = "Mallory") -> AsyncIterator[School]:
    """A bot with every plugin, a class, `A1` published and read by the parent, `P1` and `R1`."""
    async with FakeBot.with_plugins(*EVERY_PLUGIN) as bot:
        people = {TEACHER: "Mme Durand", PARENT: "Mme Benali", STRANGER: stranger_name}
        room = await bot.room("6B", people, {TEACHER: 50})
        await room.say(TEACHER, "!annonce Sortie au musée vendredi à 14 h.")
        await room.tap(PARENT, room.of_kind("announcement")[-1], "✅")
        await room.say(TEACHER, "!sondage Quel jour ? | lundi | mardi")
        await room.say(TEACHER, "!rappel vendredi 16 h cahier bleu")
        yield School(bot, room)


def event(type_: str, content: Any, sender: str = STRANGER, **more: Any) -> dict[str, Any]:
    """One raw event of a room, with an id of its own."""
    known = {"event_id": f"$hostile{next(_numbers)}", "sender": sender, "origin_server_ts": 1_791_265_200_000}
    return {**known, "type": type_, "content": content, **more}
