"""Which rooms are encrypted, and who is in those that are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from nio.store import SqliteStore

from coedu_bot.events import RoomId, UserId
from coedu_bot.homeserver import Refused
from coedu_bot.matrix.http import Http, path_of
from coedu_bot.matrix.json_values import items, mapping_or_empty

_MAY_READ = ("join", "invite")


class EncryptedRooms:
    """Knows what the homeserver said; never guesses, and never takes back that a room is encrypted."""

    def __init__(self, http: Http, store: SqliteStore) -> None:
        self._http = http
        self._store = store
        self._encrypted: set[RoomId] = set(store.load_encrypted_rooms())
        self._plain: set[RoomId] = set()
        self._members: dict[RoomId, set[UserId]] = {}
        self._changes: Counter[RoomId] = Counter()

    async def is_encrypted(self, room: RoomId) -> bool:
        """Asks the homeserver the first time; raises what that raises, so that nothing is sent in doubt."""
        if room not in self._encrypted and room not in self._plain:
            await self._ask(room)
        return room in self._encrypted

    async def _ask(self, room: RoomId) -> None:
        try:
            await self._http.call("GET", path_of("v3", "rooms", room, "state", "m.room.encryption"))
        except Refused as refusal:
            if refusal.code != "M_NOT_FOUND":
                raise
            if room not in self._encrypted:  # a sync may have been quicker
                self._plain.add(room)
        else:
            self.mark_encrypted(room)

    def mark_encrypted(self, room: RoomId) -> None:
        self._plain.discard(room)
        if room not in self._encrypted:
            self._encrypted.add(room)
            self._store.save_encrypted_rooms({room})

    def mark_member(self, room: RoomId, user: UserId, content: Mapping[str, Any]) -> bool:
        """Note somebody's membership; True if it changes who may read the room."""
        self._changes[room] += 1
        members = self._members.get(room)
        if members is None or (user in members) == (content.get("membership") in _MAY_READ):
            return False
        members.symmetric_difference_update({user})
        return True

    def forget_members(self, room: RoomId) -> None:
        """They are asked for again when somebody writes to the room."""
        self._changes[room] += 1
        self._members.pop(room, None)

    def rooms_with(self, users: Iterable[UserId]) -> list[RoomId]:
        """The rooms in use that any of these users is in."""
        wanted = set(users)
        return [room for room, members in self._members.items() if members & wanted]

    async def members(self, room: RoomId) -> set[UserId]:
        """Who may read the room, invited people included."""
        while room not in self._members:
            before = self._changes[room]
            answer = await self._http.call(
                "GET", path_of("v3", "rooms", room, "members"), params={"not_membership": "leave"}
            )
            if self._changes[room] == before:  # else the answer may be older than what a sync said
                self._members[room] = set(_members(answer))
        return set(self._members[room])


def _members(answer: Mapping[str, Any]) -> Iterable[UserId]:
    for event in items(answer.get("chunk")):
        user = mapping_or_empty(event).get("state_key")
        membership = mapping_or_empty(mapping_or_empty(event).get("content")).get("membership")
        if isinstance(user, str) and membership in _MAY_READ:
            yield user
