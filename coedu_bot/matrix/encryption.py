"""End-to-end encryption: events in and out of it, and the housekeeping it needs.

Never in plain into a room that is encrypted; where that cannot be told, nothing is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nio.exceptions import EncryptionError, GroupEncryptionError
from nio.store import SqliteStore

from coedu_bot.clock import Clock
from coedu_bot.events import KeyWithheld, RoomId, StateChanged, StateEvent
from coedu_bot.homeserver import HomeserverError, SessionLost, Unreachable
from coedu_bot.log import logger
from coedu_bot.matrix.account import Session
from coedu_bot.matrix.encrypted_rooms import EncryptedRooms
from coedu_bot.matrix.group_sessions import GroupSessions
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.json_values import Raw, items, mapping_or_empty
from coedu_bot.matrix.key_requests import KeyRequests
from coedu_bot.matrix.keys import Keys
from coedu_bot.matrix.olm import GuardedOlm
from coedu_bot.matrix.store_marks import StoreMarks
from coedu_bot.matrix.withheld import withheld_key

log = logger(__name__)

_ONLY_IN_CLEAR = frozenset({"m.room.redaction", "m.room.encrypted"})
"""Types that mean something only where the homeserver can see, and has checked, them."""

# nio logs whole contents when something is wrong with them
logging.getLogger("nio").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Stock:
    """Keys at the homeserver as of the last sync, rooms with a key of ours, keys asked for."""

    one_time_keys: int | None
    fallback_unused: bool
    rooms_shared: int
    asked_for: int


class Encryption:
    """One device's part in encrypted rooms."""

    def __init__(self, http: Http, olm: GuardedOlm, clock: Clock, marks: StoreMarks) -> None:
        self.olm = olm
        self._keys = Keys(http, olm, marks)
        self._marks = marks
        self._rooms = EncryptedRooms(http, olm.store)
        self._sessions = GroupSessions(olm, self._keys, self._rooms, clock)
        self._requests = KeyRequests(olm, self._keys, clock)

    @classmethod
    def open(
        cls, http: Http, session: Session, path: Path, clock: Clock, *, only_signed: bool = False
    ) -> Encryption:
        """Open (or make) the crypto store of a device; `only_signed` devices of others get keys, or all."""
        olm = _open_olm(session, path)
        olm.signed.required = only_signed
        marks = StoreMarks(http, session.user_id, session.device_id, path.with_suffix(".marks"), clock)
        return cls(http, olm, clock, marks)

    async def misfit(self) -> str | None:
        """Why this store cannot go on as this device, if so; asks the homeserver what it knows of it."""
        published = await self._keys.published()
        if published is None:  # after a logout the homeserver knows them no more, the store thinks it does
            self.olm.account.shared = False
            return None
        if published != self.olm.account.identity_keys:
            return f"the keys of device {self.olm.device_id} are lost, or another program has them"
        if not await self._marks.fit():
            return "the crypto store is older than what was last sent with it; was it put back from a backup?"
        return None

    @property
    def fingerprint(self) -> str:
        """The device's public Ed25519 key, in unpadded base64."""
        return str(self.olm.account.identity_keys["ed25519"])

    async def send_to_devices(self, type_: str, body: Raw) -> None:
        """To-device messages that need no encryption, as `{"messages": {user: {device: content}}}`."""
        await self._keys.send(type_, body)

    def close(self) -> None:
        """Close the crypto store."""
        self.olm.store.database.close()

    def take(self, answer: Raw) -> list[str]:
        """The encryption part of a sync, before its timelines; returns the sessions whose keys came."""
        self._keys.count(answer)
        lists = mapping_or_empty(answer.get("device_lists"))
        users = [user for user in items(lists.get("changed")) if isinstance(user, str)]
        if users:
            self._keys.look_up_again(users)
            for room in self._rooms.rooms_with(users):
                self._sessions.look_again(room)
        to_device = items(mapping_or_empty(answer.get("to_device")).get("events"))
        return self.olm.receive(to_device) if to_device else []

    def stock(self) -> Stock:
        """For `doctor`."""
        olm = self.olm
        shared = len(olm.outbound_group_sessions)
        return Stock(olm.uploaded_key_count, self._keys.has_fallback, shared, len(olm.asked_for))

    def readable_sessions(self) -> list[str]:
        """All sessions whose keys are here, for events that a kill kept from being read."""
        return self.olm.session_ids()

    @property
    def has_chores(self) -> bool:
        """Whether `keep_house` would do something."""
        parts = (self._keys.are_due, self._sessions.are_due, self._requests.are_due, self._marks.is_due)
        return any(parts)

    async def keep_house(self) -> None:
        """Upload keys that were used up, share with devices that came; what fails is for another time."""
        try:
            uploaded = await self._keys.upload()
            await self._keys.unwedge()
            await self._sessions.prepare()
            await self._requests.send()
            if uploaded or self._marks.is_due:
                await self._marks.leave()
        except SessionLost:
            raise
        except HomeserverError as problem:
            log.info("keys-later", problem=type(problem).__name__)

    def observe(self, room: RoomId, event: StateEvent | StateChanged) -> None:
        """Take note of a state event."""
        if event.type == "m.room.encryption":
            self._rooms.mark_encrypted(room)
        elif event.type == "m.room.member" and self._rooms.mark_member(room, event.state_key, event.content):
            self._sessions.look_again(room)

    def missed_some(self, room: RoomId) -> None:
        """The timeline had a gap: who is in the room is asked for anew."""
        self._rooms.forget_members(room)
        self._sessions.look_again(room)

    def left(self, room: RoomId) -> None:
        """The bot is out of the room."""
        self._rooms.forget_members(room)
        self._sessions.forget(room)

    async def is_encrypted(self, room: RoomId) -> bool:
        """Whether what is sent to the room must be encrypted; asks the homeserver the first time."""
        return await self._rooms.is_encrypted(room)

    async def encrypted(self, room: RoomId, type_: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """The content of an event as it may go into an encrypted room; raises Unreachable to try again."""
        try:
            payload = await self._sessions.encrypt(room, {"type": type_, "content": dict(content)})
        except (EncryptionError, GroupEncryptionError, ValueError) as problem:  # vodozemac's are ValueErrors
            self._sessions.forget(room)
            raise Unreachable(f"not encrypted: {type(problem).__name__}") from problem
        if "m.relates_to" in content:
            payload["m.relates_to"] = content["m.relates_to"]  # servers aggregate by it
        return payload

    @staticmethod
    def withheld(answer: Raw) -> tuple[KeyWithheld, ...]:
        """Keys that senders say they do not give us, in a sync's to-device messages."""
        raw_events = items(mapping_or_empty(answer.get("to_device")).get("events"))
        found = [withheld_key(mapping_or_empty(raw)) for raw in raw_events]
        return tuple(one for one in found if one is not None)

    def decrypted(self, raw: Raw, room: RoomId) -> dict[str, Any] | None:
        """The event as it was before encryption; None while its key is missing."""
        inside = self.olm.open_event(raw, room)
        if inside is None:
            self._requests.miss(raw, room)
            return None
        if not isinstance(inside.get("content"), dict):
            return None
        content = inside["content"]
        outside = mapping_or_empty(raw.get("content"))
        if "m.relates_to" in outside:
            content.setdefault("m.relates_to", outside["m.relates_to"])
        # sender and time are the homeserver's word; a state key or a redaction inside is a forgery
        envelope = {name: raw[name] for name in ("event_id", "sender", "origin_server_ts") if name in raw}
        type_ = inside.get("type")
        return {**envelope, "type": "" if type_ in _ONLY_IN_CLEAR else type_, "content": content}


def _open_olm(session: Session, path: Path) -> GuardedOlm:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = SqliteStore(session.user_id, session.device_id, str(path.parent), session.pickle_key, path.name)
    path.chmod(0o600)
    store.database.execute_sql("PRAGMA journal_mode=WAL")  # one wait for the disk a commit, not three
    return GuardedOlm(session.user_id, session.device_id, store)
