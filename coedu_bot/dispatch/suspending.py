"""A suspension in force: the person out of the rooms, and what a stolen account posted withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from coedu_bot.clock import Clock
from coedu_bot.delivery.tasks import Finish, Perform
from coedu_bot.dispatch.changes import take_back
from coedu_bot.dispatch.desk import Desk
from coedu_bot.dispatch.frozen import thaw
from coedu_bot.dispatch.newcomers import take_note
from coedu_bot.dispatch.relaying import STAFF
from coedu_bot.effects import Edit, Redact
from coedu_bot.events import RoomId, UserId
from coedu_bot.homeserver import Homeserver, Refused
from coedu_bot.message import Message, says
from coedu_bot.store import items, people, rooms, suspensions
from coedu_bot.store.database import Database, Row, Transaction

ENFORCE = "suspend"
WITHDRAW = "withdraw-posts"
KIND = "freeze"
"""Of the message that offers to withdraw."""


@dataclass(frozen=True, slots=True)
class Suspending:
    """The durable tasks behind `suspendre`, `gel` and their ends; doing them twice does no harm."""

    desk: Desk
    homeserver: Homeserver
    database: Database
    clock: Clock

    def by_kind(self) -> Mapping[str, Perform]:
        return {ENFORCE: self.enforce, WITHDRAW: self.withdraw}

    async def load(self) -> None:
        """Have the school as suspensions leave it; also at every start."""
        async with self.database.reading() as db:
            self.desk.current.suspend(*await suspensions.list_suspended(db))

    async def enforce(self, task: Row) -> Finish:
        """Void what is theirs and take them out of the shared rooms.

        Somebody reinstated is asked back in, and gets what is still open.
        """
        await self.load()
        async with self.database.transaction() as db:
            row = await suspensions.get_suspension(db, task.subject)
            await take_note(self.desk, db, self.clock.now())
            leaving = await self._leaving(db, row) if row else []
        for room in leaving:
            with suppress(Refused):  # where the bot may not, `check` says so
                await self.homeserver.kick(room, task.subject)
        for room in () if row else task.payload.get("rooms", ()):
            with suppress(Refused):  # in it already, or it is gone
                await self.homeserver.invite(room, task.subject)
        return _nothing

    async def _leaving(self, db: Transaction, row: Row) -> list[RoomId]:
        """The rooms to leave, which are remembered first."""
        shared = await rooms.list_rooms_of(db, row.user_id)
        leaving = [one.id for one in shared if not self.desk.school.roles(row.user_id, one) & STAFF]
        await suspensions.mark_rooms(db, row.user_id, {*(row.rooms or ()), *leaving})
        return leaving

    async def withdraw(self, task: Row) -> Finish:
        """What a frozen account made is taken back as its own redaction would, and the rest redacted."""
        since = datetime.fromisoformat(task.payload["since"])

        async def finish(db: Transaction) -> None:
            event, now = thaw(task.payload["event"]), self.clock.now()
            before = await list_posts(db, task.subject, since)
            for made in await suspensions.list_items(db, task.subject, since):
                item = await items.get_item(db, made.id)
                assert item is not None
                await take_back(self.desk, db, event, item, now)
            rest = [Redact(of=row.ref) for row in await list_posts(db, task.subject, since)]
            message = Message(KIND, (says("frozen-withdrawn", count=len(before)),))
            told = Edit(of=task.payload["offer"], message=message)
            await self.desk.put(db, [rest, told], "core", event, now)

        return finish


async def list_posts(db: Transaction, author: UserId, since: datetime) -> list[Row]:
    """What others were sent because of somebody, since then; the answers they got themselves are none."""
    direct = await people.get_direct(db, author)
    own = direct.room_id if direct else None
    return [row for row in await suspensions.list_posts(db, author, since) if not _is_to(row, author, own)]


def _is_to(row: Row, user: UserId, direct: RoomId | None) -> bool:
    return bool(row.recipient == user or (direct and row.room_id == direct))


async def _nothing(db: Transaction) -> None:
    """The homeserver tells of the memberships that changed."""
