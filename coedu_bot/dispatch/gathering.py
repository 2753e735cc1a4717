"""All answers to a native poll, read from the homeserver and handed to the plugin in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from coedu_bot.clock import Clock
from coedu_bot.context import GatherContext
from coedu_bot.delivery.outbox import Cause
from coedu_bot.delivery.tasks import Finish
from coedu_bot.dispatch.desk import Desk
from coedu_bot.events import PollAnswered, RoomEvent, Undecryptable
from coedu_bot.homeserver import Homeserver, Refused, Unreachable
from coedu_bot.store import outbox
from coedu_bot.store.database import Database, Row, Transaction


@dataclass(frozen=True, slots=True)
class Gathering:
    """Performs the task behind `GatherVotes`; reading twice does no harm."""

    desk: Desk
    homeserver: Homeserver
    database: Database
    clock: Clock

    async def perform(self, task: Row) -> Finish:
        """Read, outside any transaction; what is returned counts, inside the one that ends the task."""
        related = await self._related(task)

        async def finish(db: Transaction) -> None:
            await self._hand_over(db, task, related)

        return finish

    async def _related(self, task: Row) -> list[RoomEvent] | None:
        async with self.database.reading() as db:
            row = await outbox.get_row(db, task.subject)
        if row is None or row.state == "dropped":
            return None
        if row.event_id is None:
            raise Unreachable("the poll itself is still to be sent")
        try:
            events = await self.homeserver.list_related(row.room_id, row.event_id)
        except Refused:  # put out of the room: what was heard until then is all there is
            return None
        return [event for event in events if getattr(event, "target", row.event_id) == row.event_id]

    async def _hand_over(self, db: Transaction, task: Row, related: list[RoomEvent] | None) -> None:
        plugin = self.desk.registry.plugins.get(task.payload["plugin"])
        handler = plugin.gatherings.get(task.payload["name"]) if plugin else None
        if plugin is None or handler is None:
            return
        now = self.clock.now()
        found = related or []
        votes = tuple(event for event in found if isinstance(event, PollAnswered))
        ctx = GatherContext(
            **self.desk.base(db, plugin.name, now),
            item=task.payload["item"],
            votes=None if related is None else votes,
            unreadable=tuple(event.event_id for event in found if isinstance(event, Undecryptable)),
        )
        await self.desk.outbox.put(db, await handler(ctx), Cause(plugin.name, None, now))
