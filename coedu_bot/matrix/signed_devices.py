"""Where only devices signed by their owners get keys: which those are, by the owners' own signatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nio.crypto import OlmDevice

from coedu_bot.events import UserId
from coedu_bot.matrix.json_values import Raw, mapping_or_empty
from coedu_bot.matrix.signing import is_signed, public_key


@dataclass(slots=True)
class SignedDevices:
    """Kept in memory only: who is asked about again after a start may have signed a device meanwhile.

    Unless `required`, every device that is in the room gets keys.
    """

    required: bool = False
    known: set[UserId] = field(default_factory=set)
    _signed: dict[tuple[UserId, str], tuple[str, str]] = field(default_factory=dict)

    def unknown(self, users: set[UserId]) -> set[UserId]:
        """Whose devices have to be looked at before they can be judged."""
        return users - self.known if self.required else set()

    def take(self, user: UserId, answer: Raw) -> None:
        """The part about one user of an answer of `/keys/query`, whole as the homeserver gave it."""
        if not self.required:
            return
        for device in [one for one in self._signed if one[0] == user]:
            del self._signed[device]
        self.known.add(user)
        owner = self_signing_key(user, answer)
        devices = mapping_or_empty(mapping_or_empty(answer.get("device_keys")).get(user))
        for id_, keys in devices.items() if owner is not None else ():
            if is_signed(mapping_or_empty(keys), user, str(owner)):
                self._signed[user, id_] = _keys(id_, mapping_or_empty(keys))

    def allows(self, device: OlmDevice) -> bool:
        """Whether it may have keys: the very keys that we know of it must be signed."""
        if not self.required:
            return True
        return self._signed.get((device.user_id, device.id)) == (device.ed25519, device.curve25519)


def self_signing_key(user: UserId, answer: Raw) -> str | None:
    """The key that signs a user's devices, if the user's own identity says so."""
    master = public_key(mapping_or_empty(answer.get("master_keys")).get(user))
    published = mapping_or_empty(mapping_or_empty(answer.get("self_signing_keys")).get(user))
    if master is None or not is_signed(published, user, master):
        return None
    return public_key(published)


def unsigned_devices(user: UserId, answer: Raw) -> list[str]:
    """The devices that have keys and no signature of their owner's, for `check`."""
    owner = self_signing_key(user, answer)
    devices = mapping_or_empty(mapping_or_empty(answer.get("device_keys")).get(user))
    return [
        id_
        for id_, keys in devices.items()
        if owner is None or not is_signed(mapping_or_empty(keys), user, owner)
    ]


def _keys(id_: str, device: Raw) -> tuple[str, str]:
    keys: Mapping[str, object] = mapping_or_empty(device.get("keys"))
    return str(keys.get(f"ed25519:{id_}")), str(keys.get(f"curve25519:{id_}"))
