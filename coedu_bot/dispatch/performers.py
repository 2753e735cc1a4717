"""What each kind of task does on the homeserver, and how its result is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Table

from coedu_bot.clock import Clock
from coedu_bot.current import Current
from coedu_bot.delivery import directs
from coedu_bot.delivery.tasks import Finish, Perform
from coedu_bot.dispatch import bindings, room_state
from coedu_bot.events import Content, RoomId, StateEvent, UserId
from coedu_bot.homeserver import BY_WISH, Homeserver, NewRoom, Refused
from coedu_bot.school.school import School
from coedu_bot.store import people, rooms
from coedu_bot.store.database import Database, Row, Transaction

LEAVE = "leave-rooms"


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

    def by_kind(self) -> Mapping[str, Perform]:
        return {
            "open-direct": self.open_direct,
            "invite-again": self.invite_again,
            "learn-room": self.learn_room,
            "join": self.join,
            "reject": self.reject,
            "bind-room": self.bind_room,
            "find-directs": self.find_directs,
            LEAVE: self.leave_rooms,
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
        """Ask somebody back into the room they left; where we may not, a new one is made."""
        room, user = task.payload["room"], task.subject
        try:
            await self.homeserver.invite(room, user)
        except Refused as refusal:
            if refusal.code != "M_FORBIDDEN":
                raise
            return await self._instead(user, room)
        return _nothing

    async def _instead(self, user: UserId, room: RoomId) -> Finish:
        back = user in _members(await self.homeserver.get_state(room), "join")

        async def finish(db: Transaction) -> None:
            now = self.clock.now()
            if back:
                await directs.opened(db, user, room, now)
            else:
                await directs.make(db, user, now)

        return finish

    async def find_directs(self, task: Row) -> Finish:
        """After a start: the direct rooms that `m.direct` names and this database does not know."""
        async with self.database.reading() as db:
            known = await people.list_direct_rooms(db)
        joined = set(await self.homeserver.joined_rooms())
        listed = await self.homeserver.get_account_data("m.direct")
        found = {user: room for user, room in _listed(listed, joined) if user not in known}
        states = {user: await self.homeserver.get_state(room) for user, room in found.items()}

        async def finish(db: Transaction) -> None:
            now = self.clock.now()
            for user, state in states.items():
                if directs.is_private(state, user, self.homeserver.user_id):
                    await room_state.learn(db, found[user], state, now)
                    await people.mark_direct(db, user, room=found[user], state="left", now=now)
                    await room_state.open_joined_direct(db, found[user], now)

        return finish

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
            if direct and directs.is_private(state, direct, self.homeserver.user_id):
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

    async def leave_rooms(self, task: Row) -> Finish:
        """Take somebody out of rooms as they asked to, or ask them `back`; the mark tells `apply` why."""
        out = {"membership": "leave", BY_WISH: True}
        for room in task.payload.get("rooms", ()):
            with suppress(Refused):  # out of it already, or it is gone
                await self.homeserver.set_state(room, "m.room.member", task.subject, out)
        for room in task.payload.get("back", ()):
            with suppress(Refused):
                await self.homeserver.invite(room, task.subject)
        return _nothing

    async def _made_for(self, task_id: str) -> RoomId | None:
        async with self.database.reading() as db:
            known = {room.id for room in await rooms.list_joined_rooms(db)}
        for room in await self.homeserver.joined_rooms():
            # only rooms we have not heard of can be the lost answer to createRoom
            if room not in known and _task_of(await self.homeserver.get_state(room)) == task_id:
                return room
        return None

    async def _list_as_direct(self, user: UserId, room: RoomId) -> None:
        """Other clients, and this bot on another machine, find the room by it."""
        listed = await self.homeserver.get_account_data("m.direct")
        if listed.get(user) != [room]:
            await self.homeserver.set_account_data("m.direct", {**listed, user: [room]})


def _listed(content: Content, joined: Collection[RoomId]) -> Iterator[tuple[UserId, RoomId]]:
    """The newest room with each person that the bot is still in; anything malformed counts as nothing."""
    for user, listed in content.items():
        here = [one for one in listed if one in joined] if isinstance(listed, list) else []
        if here:
            yield user, here[-1]


def _members(state: list[StateEvent], membership: str) -> set[UserId]:
    return {
        event.state_key
        for event in state
        if event.type == "m.room.member" and event.content.get("membership") == membership
    }


def _task_of(state: list[StateEvent]) -> str | None:
    create = next((event for event in state if event.type == "m.room.create"), None)
    return create.content.get("org.coedu.task") if create else None


async def _nothing(db: Transaction) -> None:
    """Nothing to keep."""
