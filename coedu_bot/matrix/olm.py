"""nio's Olm machine, guarded: what another user sends can be dropped, never stop the bot.

vodozemac's errors have only `ValueError` in common and nio catches few of them, so every door that strangers'
data comes through is closed here, one event and one device at a time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import vodozemac
from nio.crypto import InboundGroupSession, Olm, OlmDevice, OutboundSession
from nio.events import ForwardedRoomKeyEvent, RoomKeyEvent, ToDeviceEvent
from nio.store import SqliteStore

from coedu_bot.events import EventId, RoomId, UserId
from coedu_bot.log import logger
from coedu_bot.matrix.http import parse_object
from coedu_bot.matrix.json_values import Raw
from coedu_bot.matrix.signed_devices import SignedDevices

log = logger(__name__)

AT_ONCE = 3
"""Devices that are worked on before others have their turn."""
MOST_PLACES = 50_000
"""Messages that are remembered so that none is read twice."""


class GuardedOlm(Olm):  # type: ignore[misc]  # nio ships no types for its crypto
    """Keys and sessions of one device."""

    _maxToDeviceMessagesPerRequest = AT_ONCE  # noqa: N815  # nio's name for how many are encrypted in one go

    def __init__(self, user_id: str, device_id: str, store: SqliteStore) -> None:
        super().__init__(user_id, device_id, store)
        self.message_index_store: OrderedDict[tuple[str, int], EventId] = OrderedDict()
        self.signed = SignedDevices()
        self.asked_for: dict[str, tuple[RoomId, UserId]] = {}  # sessions, and who was asked for their keys

    @property
    def should_upload_keys(self) -> bool:
        """Below half, so that not every new session of a stranger costs an upload; 0 is below half too."""
        if not self.account.shared:
            return True
        count = self.uploaded_key_count
        return count is not None and count < self.account.max_one_time_keys // 2

    def receive(self, raw_events: Sequence[object]) -> list[str]:
        """Open to-device messages; returns the ids of the sessions whose keys were in them.

        One transaction: a ratchet that moved on and the key it brought are kept together, or neither is.
        """
        with self.store.database.atomic():
            opened = [self._received(raw) for raw in raw_events]
        keys = (RoomKeyEvent, ForwardedRoomKeyEvent)
        return [event.session_id for event in opened if isinstance(event, keys)]

    def _received(self, raw: object) -> Any:
        # verifications and key requests are not for a bot: nio would keep each for ever
        if not isinstance(raw, Mapping) or raw.get("type") != "m.room.encrypted":
            return None
        try:
            return self.handle_to_device_event(ToDeviceEvent.parse_event(raw))
        except Exception as problem:  # nothing a stranger sends may end the sync
            log.info("to-device-dropped", problem=type(problem).__name__)
            return None

    def decrypt(self, sender: str, sender_key: str, message: Any) -> Any:
        # nio saves the account before the one-time key is really used up
        try:
            return super().decrypt(sender, sender_key, message)
        except ValueError:  # for a key that we do not have: a new session from our side mends it
            self._mark_device_for_unwedging(sender, sender_key)
            raise
        finally:
            self.save_account()

    def _handle_forwarded_room_key_event(self, sender: str, sender_key: str, payload: Any) -> Any:
        """A key that we asked for, from the one we asked: nobody can slip us keys of somebody else's.

        nio would take it only from verified devices of our own account; a bot has no others.
        """
        event, content = ForwardedRoomKeyEvent.from_dict(payload, sender, sender_key), payload["content"]
        asked = self.asked_for.get(getattr(event, "session_id", ""))
        if asked is None or asked != (event.room_id, sender):
            return None
        session = Olm._import_group_session(
            *(content["session_key"], content["sender_claimed_ed25519_key"], content["sender_key"]),
            *(event.room_id, [sender_key]),
        )
        if session is None or session.id != event.session_id:
            return None
        known = self.inbound_group_store.get(event.room_id, content["sender_key"], session.id)
        if known is None and self.inbound_group_store.add(session):
            self.save_inbound_group_session(session)
        return event

    def create_group_session(self, sender_key: str, signing_key: str, room: str, id_: str, key: str) -> None:
        """Keep a room key; one that opens less than what we have of the same session is not taken."""
        known = self.inbound_group_store.get(room, sender_key, id_)
        new = InboundGroupSession(key, signing_key, sender_key, room)
        if known is None or new.first_known_index < known.first_known_index:
            super().create_group_session(sender_key, signing_key, room, id_, key)

    def open_event(self, raw: Raw, room: RoomId) -> dict[str, Any] | None:
        """What is inside an encrypted event; None while its key is missing, or if it is nonsense."""
        try:
            return self._opened(raw, room)
        except Exception as problem:
            log.info("undecryptable", problem=type(problem).__name__)
            return None

    def _opened(self, raw: Raw, room: RoomId) -> dict[str, Any] | None:
        content = raw["content"]
        session = self._inbound_session(room, content["session_id"], content.get("sender_key"))
        if session is None:
            return None
        plaintext, index = session.decrypt(content["ciphertext"])
        inside = parse_object(plaintext.encode())
        first = self.first_with((session.id, index), raw["event_id"])
        if first != raw["event_id"] or inside.get("room_id") != room:
            log.warning("replayed-event", room=room)
            return None
        return inside

    def first_with(self, place: tuple[str, int], event: EventId) -> EventId:
        """The event that had this place in its session first; nio would keep them all for ever."""
        first: EventId = self.message_index_store.setdefault(place, event)
        if len(self.message_index_store) > MOST_PLACES:
            self.message_index_store.popitem(last=False)
        return first

    def _inbound_session(self, room: RoomId, id_: str, sender_key: object) -> InboundGroupSession | None:
        """By id alone where the sender's key is not given: Matrix 1.3 made it optional."""
        sessions = self.inbound_group_store[room]
        if isinstance(sender_key, str) and sender_key in sessions:
            return sessions[sender_key].get(id_)
        return next((found[id_] for found in list(sessions.values()) if id_ in found), None)

    def session_ids(self) -> list[str]:
        """All sessions whose messages can be read."""
        return [session.id for session in self.inbound_group_store]

    def verify_json(self, json: Any, user_key: str, user_id: str, device_id: str) -> bool:
        # nio takes signatures and unsigned out while it looks, and leaves them out when vodozemac raises
        kept = {name: json[name] for name in ("signatures", "unsigned") if name in json}
        try:
            return bool(super().verify_json(json, user_key, user_id, device_id))
        except Exception:
            json.update(kept)
            return False

    def take_devices(self, device_keys: Raw) -> None:
        """Devices of users as `/keys/query` has them; malformed ones are as if they were not there."""
        usable = {user: dict(_usable(devices)) for user, devices in device_keys.items()}
        for user, devices in usable.items():
            for id_ in devices.keys() & self.device_store[user].keys():
                self.device_store[user][id_].deleted = False  # nio never brings one back
        with self.store.database.atomic():
            self._handle_key_query(SimpleNamespace(device_keys=usable))

    def take_one_time_keys(self, one_time_keys: Raw) -> None:
        """Claimed keys: each on its own, because one bad key must not cost the others their session."""
        with self.store.database.atomic():
            for user, devices in one_time_keys.items():
                for device, key in devices.items() if isinstance(devices, Mapping) else ():
                    self._take_one_time_key({user: {device: key}})

    def create_session(self, one_time_key: str, curve_key: str) -> OutboundSession:
        """Beginning a session changes nothing in the account: nio would save it all the same, each time."""
        session = OutboundSession(self.account, curve_key, one_time_key)
        self.session_store.add(curve_key, session)
        self.save_session(curve_key, session)
        return session

    def _take_one_time_key(self, key: Raw) -> None:
        try:
            self._handle_key_claiming(SimpleNamespace(one_time_keys=key))
        except Exception as problem:
            log.info("one-time-key-unusable", problem=type(problem).__name__)

    # The bot trusts whom the homeserver says is in the room; nio would ask its database for each device.

    def is_device_verified(self, device: OlmDevice) -> bool:
        return False

    def is_device_blacklisted(self, device: OlmDevice) -> bool:
        return not self.signed.allows(device)  # nio's word for "gets no keys"

    def is_device_ignored(self, device: OlmDevice) -> bool:
        return True  # nio's word for "not verified, and that is all right"


def _usable(devices: object) -> Iterator[tuple[str, Any]]:
    """The devices with which a session could be made at all."""
    for id_, device in devices.items() if isinstance(devices, Mapping) else ():
        try:
            vodozemac.Curve25519PublicKey.from_base64(device["keys"][f"curve25519:{id_}"])
            vodozemac.Ed25519PublicKey.from_base64(device["keys"][f"ed25519:{id_}"])
            if isinstance(device["user_id"], str) and isinstance(device.get("unsigned", {}), dict):
                yield id_, device
        except Exception:
            log.info("device-malformed")
