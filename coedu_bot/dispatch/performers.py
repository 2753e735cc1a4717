"""What each kind of task does on the homeserver, and how its result is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Table

from coedu_bot.clock import Clock
from coedu_bot.current import Current
from coedu_bot.delivery import directs
from coedu_bot.delivery.tasks import Finish, Perform
from coedu_bot.dispatch import bindings, room_state, suspending
from coedu_bot.events import RoomId, StateEvent
from coedu_bot.homeserver import Homeserver, NewRoom, Refused
from coedu_bot.school.school import School
from coedu_bot.store import people, rooms
from coedu_bot.store.database import Database, Row, Transaction


@dataclass(frozen=True, slots=True)
class Performers:
    """Calls that carry no transaction id, each written so that doing it twice does no harm."""

    homeserver: Homeserver
    database: Database
    clock: Clock
    current: Current
    encrypt_direct: bool
    tables: Sequence[Table] = ()

    @property
    def school(self) -> School:
        return self.current.school

    @property
    def suspending(self) -> suspending.Suspending:
        return suspending.Suspending(self.homeserver, self.database, self.current)

    def by_kind(self) -> Mapping[str, Perform]:
        return {
            "open-direct": self.open_direct,
            "invite-again": self.invite_again,
            "learn-room": self.learn_room,
            "join": self.join,
            "reject": self.reject,
            "bind-room": self.bind_room,
            suspending.ENFORCE: self.suspending.perform,
        }

    async def open_direct(self, task: Row) -> Finish:
        """Create the room, or find the one a killed process made for this very task."""
        room = await self._made_for(task.id)
        if room is None:
            room = await self.homeserver.create_room(
                NewRoom(task=task.id, invite=[task.subject], direct=True, encrypted=self.encrypt_direct)
            )
        await self._list_as_direct(task.subject, room)
        state = await self.homeserver.get_state(room)

        async def finish(db: Transaction) -> None:
            now = self.clock.now()
            await people.mark_direct(db, task.subject, room=room, state="invited", now=now)
            await room_state.learn(db, room, state, now)
            if await rooms.is_member(db, room, task.subject):
                await directs.opened(db, task.subject, room, now)

        return finish

    async def invite_again(self, task: Row) -> Finish:
        try:
            await self.homeserver.invite(task.payload["room"], task.subject)
        except Refused as refusal:
            if refusal.code != "M_FORBIDDEN":  # they are in it already, or asked not to be
                raise
        return _nothing

    async def learn_room(self, task: Row) -> Finish:
        """Read a room's whole state, members included."""
        state = await self.homeserver.get_state(task.subject)

        async def finish(db: Transaction) -> None:
            await room_state.learn(db, task.subject, state, self.clock.now())
            await self._bind(db, task.subject)
            await room_state.open_joined_direct(db, task.subject, self.clock.now())

        return finish

    async def join(self, task: Row) -> Finish:
        """Accept an invitation; a direct one becomes the person's direct room."""
        room = await self.homeserver.join(task.subject, task.payload.get("via", ()))
        state = await self.homeserver.get_state(room)
        direct = task.payload.get("direct")
        if direct:
            await self._list_as_direct(direct, room)

        async def finish(db: Transaction) -> None:
            now = self.clock.now()
            await room_state.learn(db, room, state, now)
            await self._bind(db, room)
            if direct:
                await directs.opened(db, direct, room, now)
            if task.payload.get("old"):
                await room_state.move(db, self.tables, task.payload["old"], room, now)

        return finish

    async def _bind(self, db: Transaction, room: RoomId) -> None:
        """A room the bot came into may be one that the YAML names."""
        known = await rooms.get_room(db, room)
        for named in self.school.rooms.values():
            if known is not None and (named.room_id == room or (named.alias and named.alias == known.alias)):
                await bindings.bind(db, named.binding, room, self.clock.now())

    async def reject(self, task: Row) -> Finish:
        await self.homeserver.leave(task.subject)
        return _nothing

    async def bind_room(self, task: Row) -> Finish:
        """Find the room that the YAML names by id or alias, go in if we may, and remember which it is."""
        named = self.school.rooms.get(task.subject)
        if named is None:  # taken out of the YAML meanwhile
            return _nothing
        room = await self.homeserver.join(str(named.room_id or named.alias))
        state = await self.homeserver.get_state(room)

        async def finish(db: Transaction) -> None:
            await room_state.learn(db, room, state, self.clock.now())
            await bindings.bind(db, named.binding, room, self.clock.now())

        return finish

    async def _made_for(self, task_id: str) -> RoomId | None:
        async with self.database.reading() as db:
            known = {room.id for room in await rooms.list_joined_rooms(db)}
        for room in await self.homeserver.joined_rooms():
            # only rooms we have not heard of can be the lost answer to createRoom
            if room not in known and _task_of(await self.homeserver.get_state(room)) == task_id:
                return room
        return None

    async def _list_as_direct(self, user: str, room: RoomId) -> None:
        async with self.database.reading() as db:
            listed = await people.list_direct_rooms(db)
        await self.homeserver.set_account_data("m.direct", {**listed, user: [room]})


def _task_of(state: list[StateEvent]) -> str | None:
    create = next((event for event in state if event.type == "m.room.create"), None)
    return create.content.get("org.coedu.task") if create else None


async def _nothing(db: Transaction) -> None:
    """Nothing to keep."""
