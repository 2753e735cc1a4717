"""Tasks that make a promise good: all that was sent in time is handled, what was deleted is really gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from coedu_bot.clock import Clock
from coedu_bot.delivery.tasks import Finish, Perform
from coedu_bot.effects import Wake
from coedu_bot.homeserver import Homeserver, Unreachable
from coedu_bot.store.database import Database, DatabaseUnavailable, Row, Transaction
from coedu_bot.timers import store as timers


@dataclass(frozen=True, slots=True)
class Promises:
    """Performs what `CatchUp` and `Scrub` want; each may be done again after a kill."""

    homeserver: Homeserver
    database: Database
    clock: Clock

    def by_kind(self) -> Mapping[str, Perform]:
        return {"catch-up": self.catch_up, "scrub": self.scrub}

    async def catch_up(self, task: Row) -> Finish:
        """Once the sync has come as far as the moment of the wish, the plugin's timer is due."""
        await self.homeserver.catch_up(datetime.fromisoformat(task.payload["to"]))

        async def finish(db: Transaction) -> None:
            wake = Wake(name=task.payload["name"], at=self.clock.now(), item=task.payload["item"])
            await timers.add_timer(db, wake, task.payload["plugin"])

        return finish

    async def scrub(self, task: Row) -> Finish:
        """The files of the database without anything that was deleted."""
        try:
            await self.database.scrub()
        except DatabaseUnavailable as busy:
            raise Unreachable(str(busy)) from busy

        async def finish(db: Transaction) -> None:
            """Nothing to keep."""

        return finish
