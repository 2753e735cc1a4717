"""A suspension in force: the school without the person, the person without the rooms."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from coedu_bot.current import Current
from coedu_bot.delivery.tasks import Finish
from coedu_bot.homeserver import Homeserver, Refused
from coedu_bot.store import rooms, suspensions
from coedu_bot.store.database import Database, Row, Transaction

ENFORCE = "suspend"


@dataclass(frozen=True, slots=True)
class Suspending:
    """The durable task behind `suspendre` and `réadmettre`; doing it twice does no harm."""

    homeserver: Homeserver
    database: Database
    current: Current

    async def load(self) -> None:
        """Have the school as suspensions leave it; also at every start."""
        async with self.database.reading() as db:
            self.current.suspend(await suspensions.list_suspended(db))

    async def perform(self, task: Row) -> Finish:
        """Take the person out of every shared room in which the bot may; somebody reinstated stays."""
        await self.load()
        if task.subject in self.current.suspended:
            async with self.database.reading() as db:
                shared = await rooms.list_rooms_of(db, task.subject)
            for room in shared:
                with suppress(Refused):  # where the bot may not, `check` says so
                    await self.homeserver.kick(room.id, task.subject)
        return _nothing


async def _nothing(db: Transaction) -> None:
    """The homeserver tells of the memberships that changed."""
