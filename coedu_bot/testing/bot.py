"""A whole bot in memory: the real dispatch, database and delivery, a working homeserver, a fake clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from coedu_bot.app import Account, Bot, assemble, load_registry, plugin_tables
from coedu_bot.events import (
    Invitation,
    JoinedRoom,
    RoomEvent,
    RoomId,
    StateChanged,
    StateEvent,
    SyncBatch,
    UserId,
)
from coedu_bot.plugin import Plugin
from coedu_bot.registry import Registry
from coedu_bot.school.rights import Rights
from coedu_bot.school.school import School
from coedu_bot.store import outbox
from coedu_bot.store.database import Database, open_database
from coedu_bot.store.schema import create_all
from coedu_bot.store.tables import metadata
from coedu_bot.testing.clock import FakeClock
from coedu_bot.testing.homeserver import MemoryHomeserver
from coedu_bot.testing.room import FakeRoom

BOT = "@coedu:test"
TUESDAY_MORNING = datetime(2026, 10, 6, 5, 40, tzinfo=UTC)
"""Tuesday 6 October 2026, 7:40 in Paris, when the demo's morning begins."""

_ACCOUNT = Account(name="Coedu", device_id="TEST", encrypt_direct=False, invited_by=("test",))


@dataclass(slots=True, repr=False)  # pytest writes it down all the time: a whole database and registry
class FakeBot:
    """`async with FakeBot.with_plugins("announcements") as bot:`, then make rooms and let people act."""

    homeserver: MemoryHomeserver
    clock: FakeClock
    database: Database
    registry: Registry
    school: School
    account: Account
    bot: Bot = field(init=False)
    people_accept: bool = True  # False: invitations wait, nobody looks at their phone
    _tokens: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.restart()

    @classmethod
    @asynccontextmanager
    async def with_plugins(
        cls,
        *names: str,
        plugin_path: Sequence[Path] = (),
        extra: Mapping[str, Plugin] | None = None,
        now: datetime = TUESDAY_MORNING,
        account: Account = _ACCOUNT,
        data: Path | None = None,
        **school: Any,
    ) -> AsyncIterator[FakeBot]:
        """A bot with these plugins (by name; `extra` ones as objects) and a school (see `School`).

        Its database is in memory, or a file in the folder `data`.
        """
        registry, failed = load_registry(dict.fromkeys(names), plugin_path)
        assert not failed, failed
        if extra:
            registry = Registry({**registry.plugins, **extra}, {})
        clock = FakeClock(now)
        database = await open_database("sqlite", data)
        try:
            await create_all(database, metadata, *plugin_tables(registry))
            bot = cls(
                MemoryHomeserver(BOT, clock), clock, database, registry, _school(registry, **school), account
            )
            await bot.bot.follow_school()
            yield bot
        finally:
            await database.close()

    def restart(self) -> None:
        """Forget all that is only in memory, as a kill does."""
        self.bot = assemble(
            self.school, self.registry, self.database, self.homeserver, self.clock, self.account
        )

    async def room(
        self, name: str, members: Mapping[UserId, str], powers: Mapping[UserId, int] | None = None
    ) -> FakeRoom:
        """A room with these people (Matrix ID -> display name) and the bot, with power 50, in it."""
        room = self.homeserver.add_room()
        levels = {"users": {BOT: 50, **(powers or {})}, "users_default": 0}
        state = [
            StateEvent("m.room.create", "", {"room_version": "11"}, "@admin:test"),
            StateEvent("m.room.name", "", {"name": name}),
            StateEvent("m.room.power_levels", "", levels),
            *(_member(user, "join", shown) for user, shown in {**members, BOT: "Coedu"}.items()),
        ]
        for event in state:
            self.homeserver.put_state(room.id, event)
        await self._take(joined=(JoinedRoom(room.id, state=tuple(state)),))
        return FakeRoom(self, room.id)

    async def direct(self, person: UserId) -> FakeRoom:
        """The direct room with a person; they open one if there is none yet."""
        if (known := self.direct_of(person)) is not None:
            return known
        room = self.homeserver.add_room()
        for event in (
            StateEvent("m.room.create", "", {"room_version": "11"}, person),
            _member(person, "join"),
        ):
            self.homeserver.put_state(room.id, event)
        await self._take(invited=(Invitation(room.id, person, direct=True),))
        return FakeRoom(self, room.id)

    def direct_of(self, person: UserId) -> FakeRoom | None:
        """The direct room with a person, if there is one."""
        for room in self.homeserver.rooms.values():
            if sorted(room.members()) == sorted([person, BOT]) and ("m.room.name", "") not in room.state:
                return FakeRoom(self, room.id)
        return None

    async def change_member(self, room: RoomId, who: UserId, membership: str, name: str = "") -> None:
        """A membership changes."""
        event = _member(who, membership, name)
        await self.change_state(room, event)

    async def change_state(self, room: RoomId, state: StateEvent) -> None:
        """A state event arrives in a room the bot is in."""
        before = self.homeserver.rooms[room].state.get((state.type, state.state_key))
        self.homeserver.put_state(room, state)
        sent = self.homeserver.add_event(room, state.sender, state.type, state.content)
        await self.arrive(
            StateChanged(
                event_id=sent.event_id,
                room_id=room,
                sender=state.sender,
                sent_at=sent.sent_at,
                type=state.type,
                state_key=state.state_key,
                content=state.content,
                before=before.content if before else {},
            )
        )

    async def arrive(self, event: RoomEvent) -> None:
        """An event comes with the next sync; returns when the bot has done all it will."""
        await self._take(joined=(JoinedRoom(event.room_id, events=(event,)),))

    async def later(self, **by: float) -> None:
        """Time passes (`minutes=10`); what is due meanwhile happens, each at its time."""
        end = self.clock.now() + timedelta(**by)
        while (due := await self._next_due()) is not None and due <= end:
            self.clock.set(max(due, self.clock.now()))
            await self.settle()
        self.clock.set(max(end, self.clock.now()))
        await self.settle()

    async def _next_due(self) -> datetime | None:
        """When the next timer or message is due."""
        timer = await self.bot.alarms.run_due(self.clock.now())
        async with self.database.reading() as db:
            message = await outbox.get_next_due(db, self.clock.now())
        return min((due for due in (timer, message) if due is not None), default=None)

    async def settle(self) -> None:
        """Do all that can be done now: tasks, due timers, the outbox; whoever is invited accepts."""
        while True:
            await self.bot.alarms.run_due(self.clock.now())
            done = await self.bot.worker.tasks.run_due(self.clock.now())
            await self.bot.sender.drain()
            if not (self.homeserver.invitations and self.people_accept):
                if not done:
                    return
                continue
            room, user = self.homeserver.invitations.popleft()
            await self.change_member(room, user, "join")

    async def _take(self, **batch: Any) -> None:
        await self.bot.intake.take(SyncBatch(f"s{next(self._tokens)}", **batch))
        await self.settle()


def _school(registry: Registry, **more: Any) -> School:
    school = School("École Test", "Europe/Paris", "fr", Rights.from_capabilities(registry.capabilities))
    return replace(school, **more)


def _member(user: UserId, membership: str, name: str = "") -> StateEvent:
    return StateEvent("m.room.member", user, {"membership": membership, "displayname": name}, user)
