"""The keys of rooms, and who has been given them: nobody who left reads on, nobody who came is left out."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from nio.crypto import OutboundGroupSession

from coedu_bot.clock import Clock
from coedu_bot.events import RoomId, UserId
from coedu_bot.matrix.encrypted_rooms import EncryptedRooms
from coedu_bot.matrix.json_values import Raw
from coedu_bot.matrix.keys import Keys
from coedu_bot.matrix.olm import GuardedOlm

Device: TypeAlias = tuple[UserId, str]
"""A user and the id of one of their devices."""

_A_CALL = 20
_ASK_AGAIN = timedelta(minutes=10)
"""When a device without usable keys is asked for some again."""
_WORN = 0.9
"""The part of a session's messages after which another is made ready."""


class GroupSessions:
    """One outbound session a room; shared before its first message and whenever devices come or go."""

    def __init__(self, olm: GuardedOlm, keys: Keys, rooms: EncryptedRooms, clock: Clock) -> None:
        self._olm = olm
        self._keys = keys
        self._rooms = rooms
        self._clock = clock
        self._locks: defaultdict[RoomId, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._changes: Counter[RoomId] = Counter()
        self._incomplete: dict[RoomId, datetime] = {}

    async def encrypt(self, room: RoomId, payload: dict[str, Any]) -> dict[str, Any]:
        """The content of an m.room.encrypted event that every member's devices can read."""
        async with self._locks[room]:  # one share at a time, and messages in their order
            await self._ensure(room)
            encrypted: dict[str, Any] = self._olm.group_encrypt(room, payload)
            return encrypted

    async def prepare(self) -> None:
        """Share ahead of need: with 300 devices it takes seconds, and nobody is waiting now."""
        for room in self._stale():
            async with self._locks[room]:
                if self._is_worn(room):
                    self._olm.create_outbound_group_session(room)
                await self._ensure(room)

    def look_again(self, room: RoomId) -> None:
        """Members or their devices changed: the next message is for those who are there then."""
        self._changes[room] += 1
        session = self._olm.outbound_group_sessions.get(room)
        if session is not None:
            session.shared = False

    def forget(self, room: RoomId) -> None:
        """The bot is out of the room."""
        self._olm.outbound_group_sessions.pop(room, None)

    @property
    def are_due(self) -> bool:
        """Whether the next message in some room would have to wait for a share."""
        return bool(self._stale())

    def _stale(self) -> list[RoomId]:
        sessions = self._olm.outbound_group_sessions
        used = [room for room, session in sessions.items() if session.users_shared_with]
        return [room for room in used if self._is_due(room) or self._is_worn(room)]

    def _is_worn(self, room: RoomId) -> bool:
        """A session ends after so many messages: the next one is made while nobody waits for it."""
        session = self._olm.outbound_group_sessions[room]
        return bool(session.message_count >= _WORN * session.max_messages)

    def _is_due(self, room: RoomId) -> bool:
        asked = self._incomplete.get(room)
        again = asked is not None and self._clock.now() - asked > _ASK_AGAIN
        return again or bool(self._olm.should_share_group_session(room))

    async def _ensure(self, room: RoomId) -> None:
        while self._is_due(room):
            before = self._changes[room]
            await self._share(room)
            # who came or went meanwhile is in another round
            self._olm.outbound_group_sessions[room].shared = self._changes[room] == before

    async def _share(self, room: RoomId) -> None:
        """Give the session to every device that lacks it; a failed call leaves the rest for the next time."""
        members = await self._rooms.members(room)
        complete = await self._keys.look_up(members)
        devices = self._devices(members)
        self._rotate_if_needed(room, devices)
        await self._keys.claim(self._missing(devices))
        session = self._olm.outbound_group_sessions[room]
        session.shared = False
        refused = set(session.users_ignored)
        session.users_ignored.clear()  # nio would never look at them again
        if devices - session.users_shared_with:
            await self._keys.mark_use()
        async for given, messages in self._batches(room, members):
            await self._keys.send("m.room.encrypted", {"messages": messages})
            session.users_shared_with.update(given)
        await self._tell(room, session, session.users_ignored - refused)
        self._incomplete.pop(room, None)
        if not complete or devices - session.users_shared_with:
            self._incomplete[room] = self._clock.now()

    def _devices(self, members: set[UserId]) -> set[Device]:
        known = self._olm.device_store
        found = {
            (user, device.id)
            for user in members
            for device in known.active_user_devices(user)
            if not self._olm.is_device_blacklisted(device)
        }
        return found - {(self._olm.user_id, self._olm.device_id)}

    def _missing(self, devices: set[Device]) -> dict[UserId, list[str]]:
        """Those of these devices that we have no Olm session with."""
        missing = self._olm.get_missing_sessions(sorted({user for user, _ in devices}))
        wanted = {user: [id_ for id_ in ids if (user, id_) in devices] for user, ids in missing.items()}
        return {user: ids for user, ids in wanted.items() if ids}

    async def _tell(self, room: RoomId, session: OutboundGroupSession, refused: set[Device]) -> None:
        """Devices that their owners have not signed learn why they get no key, once a session."""
        refused = refused - {(self._olm.user_id, self._olm.device_id)}
        if not refused:
            return
        why = {
            "algorithm": "m.megolm.v1.aes-sha2",
            "room_id": room,
            "session_id": session.id,
            "sender_key": self._olm.account.identity_keys["curve25519"],
            "code": "m.unverified",
        }
        messages: dict[UserId, dict[str, Any]] = {}
        for user, device in refused:
            messages.setdefault(user, {})[device] = why
        await self._keys.send("m.room_key.withheld", {"messages": messages})

    def _rotate_if_needed(self, room: RoomId, devices: set[Device]) -> None:
        """A session that somebody has who may not read on has had its last message."""
        session = self._olm.outbound_group_sessions.get(room)
        if session is None or session.expired or session.users_shared_with - devices:
            self._olm.create_outbound_group_session(room)

    async def _batches(
        self, room: RoomId, members: set[UserId]
    ) -> AsyncIterator[tuple[set[Device], dict[str, Any]]]:
        """Twenty devices a call; their ratchets are saved, a few at once, before it goes."""
        given: set[Device] = set()
        messages: dict[str, Any] = {}
        async for some, body in self._slices(room, members):
            given |= some
            for user, devices in body["messages"].items():
                messages.setdefault(user, {}).update(devices)
            if len(given) >= _A_CALL:
                yield given, messages
                given, messages = set(), {}
        if given:
            yield given, messages

    async def _slices(self, room: RoomId, members: set[UserId]) -> AsyncIterator[tuple[set[Device], Raw]]:
        """So few devices at a time that nobody else has to wait."""
        slices = self._olm.share_group_session_parallel(room, sorted(members), ignore_unverified_devices=True)
        while True:
            with self._olm.store.database.atomic():
                some = next(slices, None)
            if some is None:
                return
            yield some
            await asyncio.sleep(0)
