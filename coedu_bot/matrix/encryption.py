"""End-to-end encryption: which rooms have it, and events in and out of it.

Never in plain into a room that is encrypted; where that cannot be told, nothing is sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nio.crypto.attachments import decrypt_attachment, encrypt_attachment
from nio.events import ForwardedRoomKeyEvent, RoomKeyEvent
from nio.store import SqliteStore

from coedu_bot.events import RoomId, StateChanged, StateEvent
from coedu_bot.homeserver import Refused
from coedu_bot.matrix.account import Session
from coedu_bot.matrix.convert import Raw
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.keys import Keys
from coedu_bot.matrix.olm import GuardedOlm

# nio logs whole contents when something is wrong with them
logging.getLogger("nio").setLevel(logging.CRITICAL)


class Encryption:
    """One device's part in encrypted rooms."""

    def __init__(self, http: Http, olm: GuardedOlm) -> None:
        self._http = http
        self._olm = olm
        self._keys = Keys(http, olm)
        self._encrypted: set[RoomId] = set(olm.store.load_encrypted_rooms())
        self._plain: set[RoomId] = set()
        self._members: dict[RoomId, set[str]] = {}
        self._locks: defaultdict[RoomId, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    async def open(cls, http: Http, session: Session, path: Path, *, new: bool) -> Encryption:
        """Open (or make) the crypto store of a device; a `new` session's keys are uploaded again."""
        encryption = cls(http, _open_olm(session, path))
        if (
            new
        ):  # after a logout the homeserver has forgotten the device's keys, which the store does not know
            encryption._olm.account.shared = False
        await encryption.keep_house()
        return encryption

    async def close(self) -> None:
        """Close the crypto store."""
        self._olm.store.database.close()

    async def take(self, answer: Raw) -> list[str]:
        """The encryption part of a sync, before its timelines; returns the sessions whose keys came."""
        self._keys.count(answer)
        self._devices_changed(answer.get("device_lists"))
        to_device = answer.get("to_device")
        raw_events = to_device.get("events") if isinstance(to_device, dict) else None
        received = [self._olm.receive(raw) for raw in raw_events] if isinstance(raw_events, list) else []
        keys = (RoomKeyEvent, ForwardedRoomKeyEvent)
        return [event.session_id for event in received if isinstance(event, keys)]

    async def keep_house(self) -> None:
        """Upload keys that were used up, look devices up again, send what the machine has to say."""
        await self._keys.keep()

    async def learn(self, room: RoomId, state: Iterable[StateEvent], *, whole: bool = False) -> None:
        """Take note of a room's state; `whole` if what is not in it is not so."""
        encrypted = False
        for event in state:
            encrypted = encrypted or event.type == "m.room.encryption"
            self._note(room, event.type)
        if whole and not encrypted and room not in self._encrypted:
            self._plain.add(room)

    def observe(self, event: StateChanged) -> None:
        """Take note of a state event in a timeline."""
        self._note(event.room_id, event.type)

    async def is_encrypted(self, room: RoomId) -> bool:
        """Whether what is sent to the room must be encrypted; asks the homeserver the first time."""
        if room in self._encrypted or room in self._plain:
            return room in self._encrypted
        try:
            await self._http.call("GET", f"/v3/rooms/{quote(room)}/state/m.room.encryption/")
        except Refused as refusal:
            if refusal.code != "M_NOT_FOUND":
                raise
            self._plain.add(room)
            return False
        self._mark_encrypted(room)
        return True

    async def encrypted(
        self, room: RoomId, type_: str, content: Mapping[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """Type and content as they may go into an encrypted room; raises Unreachable to be tried again."""
        async with self._locks[room]:  # one share at a time, and messages in their order
            if self._olm.should_share_group_session(room):
                await self._keys.share(room, await self._who_is_in(room))
            payload = self._olm.group_encrypt(room, {"type": type_, "content": dict(content)})
        if "m.relates_to" in content:
            payload["m.relates_to"] = content["m.relates_to"]  # servers aggregate by it
        return "m.room.encrypted", payload

    def decrypted(self, raw: Raw, room: RoomId) -> dict[str, Any] | None:
        """The event as it was before encryption; None while its key is missing."""
        inside = self._olm.decrypt_raw(raw, room)
        if inside is None or not isinstance(inside.get("content"), dict):
            return None
        # sender and time are the homeserver's word; a state key inside is somebody's forgery
        outer = {name: raw[name] for name in ("event_id", "sender", "origin_server_ts") if name in raw}
        return {**outer, "type": inside.get("type"), "content": inside["content"]}

    def encrypted_file(self, data: bytes) -> tuple[bytes, dict[str, Any]]:
        """Bytes to upload, and the keys that open them."""
        closed, keys = encrypt_attachment(data)
        return closed, keys

    def decrypted_file(self, data: bytes, keys: Mapping[str, Any]) -> bytes:
        """Raises nio's EncryptionError for anything but the file that was meant."""
        opened: bytes = decrypt_attachment(data, keys["key"]["k"], keys["hashes"]["sha256"], keys["iv"])
        return opened

    async def _who_is_in(self, room: RoomId) -> set[str]:
        if room not in self._members:
            answer = await self._http.call("GET", f"/v3/rooms/{quote(room)}/joined_members")
            joined = answer.get("joined")
            self._members[room] = set(joined) if isinstance(joined, dict) else set()
        return self._members[room]

    def _note(self, room: RoomId, type_: str) -> None:
        if type_ == "m.room.encryption":
            self._mark_encrypted(room)
        elif type_ == "m.room.member" and room in self._members:
            # who leaves must not read on, who joins must be able to: the next message begins a new session
            self._forget_members(room)

    def _mark_encrypted(self, room: RoomId) -> None:
        self._plain.discard(room)
        if room not in self._encrypted:
            self._encrypted.add(room)
            self._olm.store.save_encrypted_rooms({room})

    def _forget_members(self, room: RoomId) -> None:
        self._members.pop(room, None)
        self._olm.outbound_group_sessions.pop(room, None)

    def _devices_changed(self, lists: object) -> None:
        if not isinstance(lists, dict):
            return
        users = {user for kind in ("changed", "left") for user in _strings(lists.get(kind))}
        self._keys.look_up_again(users)
        for room in [room for room, members in self._members.items() if members & users]:
            self._forget_members(room)


def _strings(value: object) -> Sequence[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _open_olm(session: Session, path: Path) -> GuardedOlm:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = SqliteStore(session.user_id, session.device_id, str(path.parent), session.pickle_key, path.name)
    return GuardedOlm(session.user_id, session.device_id, store)
