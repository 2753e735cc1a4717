"""The bot's own door to the homeserver, with a test behind it instead of the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from coedu_bot.clock import SystemClock
from coedu_bot.events import Content, KeyWithheld, RoomEvent, RoomId, SyncBatch, Undecryptable
from coedu_bot.matrix import Login, MatrixClient, open_client
from coedu_bot.matrix.homeserver import MatrixHomeserver
from tests.end_to_end.conftest import PASSWORD, World
from tests.end_to_end.element import ElementPerson, Elements

E = TypeVar("E", bound=RoomEvent)
_WITHIN = 30.0


@dataclass(slots=True)
class Port:
    """Takes what the bot would take, and accepts invitations."""

    client: MatrixClient
    events: list[RoomEvent] = field(default_factory=list)
    withheld: list[KeyWithheld] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def homeserver(self) -> MatrixHomeserver:
        return self.client.homeserver

    async def hears(self, kind: type[E], **values: object) -> E:
        """The first event of this kind with these values that has come or will come."""
        found: list[E] = []

        def there() -> bool:
            found[:] = [
                event
                for event in self.events
                if isinstance(event, kind) and all(getattr(event, k) == v for k, v in values.items())
            ]
            return bool(found)

        async with asyncio.timeout(_WITHIN), self._news:
            await self._news.wait_for(there)
        return found[0]

    async def is_refused(self, sender: str) -> KeyWithheld:
        """What a sender's client says why it gives no key."""
        async with asyncio.timeout(_WITHIN), self._news:
            await self._news.wait_for(lambda: any(one.sender == sender for one in self.withheld))
        return next(one for one in self.withheld if one.sender == sender)

    async def take(self, batch: SyncBatch) -> None:
        for invitation in batch.invited:
            await self.homeserver.join(invitation.room_id)
        async with self._news:
            self.events += [event for room in batch.joined for event in room.events]
            self.events += batch.late
            self.withheld += batch.withheld
            self._news.notify_all()

    async def waiting(self, sessions: Sequence[str]) -> list[tuple[RoomId, Content]]:
        closed = [event for event in self.events if isinstance(event, Undecryptable)]
        return [(event.room_id, event.source) for event in closed if event.session_id in sessions]


@asynccontextmanager
async def open_port(world: World, stranger: Elements | None = None) -> AsyncIterator[Port]:
    """The account of the world's bot, syncing; a `stranger` may make an identity for it first."""
    await world.register_bot()
    if stranger is not None:
        async with ElementPerson(world.synapse.base_url, world.bot_id, PASSWORD, elements=stranger):
            pass
    login = Login(world.synapse.base_url, world.bot_id, PASSWORD)
    data = world.folder / "data"
    data.mkdir()
    client = await open_client(login, data, SystemClock(timedelta()))
    port = Port(client)
    syncing = asyncio.create_task(client.run(port.take, None, port.waiting))
    try:
        yield port
    finally:
        syncing.cancel()
        await asyncio.gather(syncing, return_exceptions=True)
        await client.close()
