"""nio's Olm machine, guarded: what another user sends can be dropped, never stop the bot.

vodozemac's errors have only `ValueError` in common and nio catches few of them, so every door that strangers'
data comes through is closed here, one event and one device at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import vodozemac
from nio.crypto import Olm
from nio.events import MegolmEvent, ToDeviceEvent
from nio.exceptions import EncryptionError

from coedu_bot.log import logger

log = logger(__name__)

Device = Mapping[str, Any]


class GuardedOlm(Olm):  # type: ignore[misc]  # nio ships no types for its crypto
    """Keys and sessions of one device."""

    def receive(self, raw: object) -> ToDeviceEvent | None:
        """Handle one raw to-device event; returns what was inside, None if it was nothing or nonsense."""
        try:
            event = ToDeviceEvent.parse_event(raw)
        except Exception as problem:
            log.info("to-device-malformed", problem=type(problem).__name__)
            return None
        return self.handle_to_device_event(event)

    def handle_to_device_event(self, event: Any) -> Any:
        try:
            return super().handle_to_device_event(event)
        except Exception as problem:
            log.info("to-device-dropped", problem=type(problem).__name__)
            return None

    def decrypt(self, sender: str, sender_key: str, message: Any) -> Any:
        # nio saves the account before the one-time key is really used up, and not at all if decryption fails
        try:
            return super().decrypt(sender, sender_key, message)
        finally:
            self.save_account()

    def decrypt_raw(self, raw: Mapping[str, Any], room_id: str) -> Mapping[str, Any] | None:
        """Type and content of an encrypted event; None while its key is missing or if it is nonsense."""
        try:
            event = MegolmEvent.from_dict(dict(raw))
            if not isinstance(event, MegolmEvent):
                return None
            event.room_id = room_id
            inside = self.decrypt_megolm_event(event, room_id)
        except Exception as problem:
            if not isinstance(problem, EncryptionError):
                log.info("undecryptable", problem=type(problem).__name__)
            return None
        source = getattr(inside, "source", None)
        return source if isinstance(source, dict) else None

    def verify_json(self, json: Any, user_key: str, user_id: str, device_id: str) -> bool:
        # nio takes signatures and unsigned out while it looks, and leaves them out when vodozemac raises
        kept = {name: json[name] for name in ("signatures", "unsigned") if name in json}
        try:
            return bool(super().verify_json(json, user_key, user_id, device_id))
        except Exception:
            json.update(kept)
            return False

    def take_devices(self, device_keys: Mapping[str, Any]) -> None:
        """Devices of users as `/keys/query` has them; malformed ones are as if they were not there."""
        usable = {
            user: {id_: device for id_, device in devices.items() if _is_usable(id_, device)}
            for user, devices in device_keys.items()
            if isinstance(devices, dict)
        }
        self._handle_key_query(SimpleNamespace(device_keys=usable))

    def take_one_time_keys(self, one_time_keys: Mapping[str, Any]) -> None:
        """Claimed keys: each on its own, because one bad key must not cost the others their session."""
        for user, devices in one_time_keys.items():
            for device, key in devices.items() if isinstance(devices, dict) else ():
                try:
                    self._handle_key_claiming(SimpleNamespace(one_time_keys={user: {device: key}}))
                except Exception as problem:
                    log.info("one-time-key-unusable", problem=type(problem).__name__)


def _is_usable(device_id: str, device: Any) -> bool:
    """Whether a session with this device could be made at all."""
    try:
        vodozemac.Curve25519PublicKey.from_base64(device["keys"][f"curve25519:{device_id}"])
        vodozemac.Ed25519PublicKey.from_base64(device["keys"][f"ed25519:{device_id}"])
        return isinstance(device["user_id"], str) and isinstance(device["device_id"], str)
    except Exception:
        return False
