"""What is there: the rooms of the configuration, found on the homeserver and in our database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from coedu_bot.clock import Clock
from coedu_bot.events import RoomId, StateEvent, UserId
from coedu_bot.homeserver import Refused
from coedu_bot.provisioning.found import FoundRoom
from coedu_bot.provisioning.patience import patiently
from coedu_bot.provisioning.wanted import WantedRoom
from coedu_bot.store import rooms
from coedu_bot.store.database import Database


def task_of(binding: str) -> str:
    """What the create event of a room carries that was made for this place."""
    return f"apply:{binding}"


class RoomReader(Protocol):
    """As much of a homeserver as looking takes."""

    @property
    def user_id(self) -> UserId: ...

    async def joined_rooms(self) -> list[RoomId]: ...

    async def get_state(self, room: RoomId) -> list[StateEvent]: ...

    async def resolve_alias(self, alias: str) -> RoomId | None: ...


@dataclass(frozen=True, slots=True)
class Survey:
    """Looks for rooms: by what we remember, by id and alias, by the mark of a createRoom we lost sight of."""

    homeserver: RoomReader
    database: Database | None  # without it: what can be seen from outside
    clock: Clock

    async def look(self, wanted: Sequence[WantedRoom]) -> dict[str, FoundRoom]:
        """The rooms by binding, those included that the configuration no longer names."""
        joined = set(await patiently(self.clock, self.homeserver.joined_rooms))
        bound = await self._bound()
        places = {**bound, **await self._named([room for room in wanted if room.binding not in bound])}
        if any(room.binding not in places and room.ours for room in wanted):
            places |= {
                k: v for k, v in (await self._marked(joined, set(places.values()))).items() if k not in places
            }
        return {
            binding: await self._found(room_id, room_id in joined, bound.get(binding) == room_id)
            for binding, room_id in places.items()
        }

    async def _bound(self) -> dict[str, RoomId]:
        if self.database is None:
            return {}
        async with self.database.reading() as db:
            return {str(room.binding): room.id for room in await rooms.list_bound_rooms(db)}

    async def _named(self, wanted: Sequence[WantedRoom]) -> dict[str, RoomId]:
        found: dict[str, RoomId] = {}
        for room in wanted:
            place = room.room_id or await self._by_alias(room.alias)
            if place:
                found[room.binding] = place
        return found

    async def _by_alias(self, alias: str | None) -> RoomId | None:
        if alias is None:
            return None
        return await patiently(self.clock, lambda: self.homeserver.resolve_alias(alias))

    async def _marked(self, joined: set[RoomId], known: set[RoomId]) -> dict[str, RoomId]:
        """Rooms that a killed process made and had no time to remember."""
        usual = await self._direct()
        found: dict[str, RoomId] = {}
        for room in sorted(joined - known - usual):
            state = await self._state(room)
            task = state.content("m.room.create").get("org.coedu.task")
            if (
                isinstance(task, str)
                and task.startswith(task_of(""))
                and not state.content("m.room.tombstone")
            ):
                found[task.removeprefix(task_of(""))] = room
        return found

    async def _direct(self) -> set[RoomId]:
        """Rooms with one person: too many to be looked into, and never ours to make."""
        if self.database is None:
            return set()
        async with self.database.reading() as db:
            return {room.id for room in await rooms.list_joined_rooms(db) if room.direct}

    async def _found(self, room: RoomId, joined: bool, bound: bool) -> FoundRoom:
        return await self._state(room, bound) if joined else FoundRoom(room, False, {}, bound)

    async def _state(self, room: RoomId, bound: bool = False) -> FoundRoom:
        try:
            events = await patiently(self.clock, lambda: self.homeserver.get_state(room))
        except Refused:  # out of it since we asked
            return FoundRoom(room, False, {}, bound)
        state = {(event.type, event.state_key): event for event in events}
        return FoundRoom(room, True, state, bound)
