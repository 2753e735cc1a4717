"""Comparing short codes (SAS): two devices agree on seven emoji that nobody between them can make alike.

This is the side that is asked and accepts; the texts that go into the hashes are Matrix's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import vodozemac
from nio.crypto import Sas as NioSas

from coedu_bot.events import UserId
from coedu_bot.matrix.json_values import Raw, items, mapping_or_empty
from coedu_bot.matrix.signing import canonical, to_base64

METHOD = "m.sas.v1"
_CHOICES = {
    "key_agreement_protocol": "curve25519-hkdf-sha256",
    "hash": "sha256",
    "message_authentication_code": "hkdf-hmac-sha256.v2",
}
_OFFERED = {
    "key_agreement_protocols": _CHOICES["key_agreement_protocol"],
    "hashes": _CHOICES["hash"],
    "message_authentication_codes": _CHOICES["message_authentication_code"],
}


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two devices."""

    user: UserId
    device: str


def is_usable(start: Raw) -> bool:
    """Whether the other side offers what this one can do."""
    known = all(ours in items(start.get(name)) for name, ours in _OFFERED.items())
    shown = "emoji" in items(start.get("short_authentication_string"))
    return known and shown and start.get("method") == METHOD


@dataclass(slots=True)
class Comparison:
    """One exchange, begun by the other device with its `start`."""

    us: Party
    them: Party
    id: str
    start: Raw
    their_key: str = ""
    _ours: Any = field(default_factory=vodozemac.Sas)
    _secret: Any = None

    @property
    def our_key(self) -> str:
        return str(self._ours.public_key.to_base64())

    def accept(self) -> dict[str, Any]:
        """The answer to `start`: what was chosen, and our key as a promise, before theirs is known."""
        promise = hashlib.sha256(self.our_key.encode() + canonical(self.start)).digest()
        return {**_CHOICES, "short_authentication_string": ["emoji"], "commitment": to_base64(promise)}

    def meet(self, their_key: str) -> None:
        """Take their key, once. Raises ValueError for what is none."""
        self._secret = self._ours.diffie_hellman(vodozemac.Curve25519PublicKey.from_base64(their_key))
        self.their_key = their_key

    def emoji(self) -> list[tuple[str, str]]:
        """The seven that both sides show, with their English names."""
        theirs = f"{self.them.user}|{self.them.device}|{self.their_key}"
        ours = f"{self.us.user}|{self.us.device}|{self.our_key}"
        code = self._secret.bytes(f"MATRIX_KEY_VERIFICATION_SAS|{theirs}|{ours}|{self.id}")
        return [NioSas.emoji[number] for number in code.emoji_indices]

    def vouch(self, keys: Mapping[str, str]) -> dict[str, Any]:
        """Our word that these keys, by their ids, are ours."""
        about = self._about(self.us, self.them)
        macs = {id_: self._secret.calculate_mac(key, about + id_) for id_, key in keys.items()}
        return {"mac": macs, "keys": self._secret.calculate_mac(",".join(sorted(macs)), about + "KEY_IDS")}

    def vouched(self, content: Raw, keys: Mapping[str, str]) -> set[str]:
        """Which of their keys, as the homeserver shows them, they vouch for; empty if anything is wrong."""
        about, macs = self._about(self.them, self.us), mapping_or_empty(content.get("mac"))
        try:
            self._secret.verify_mac(",".join(sorted(macs)), about + "KEY_IDS", content["keys"])
            known = macs.keys() & keys.keys()
            for id_ in known:
                self._secret.verify_mac(keys[id_], about + id_, macs[id_])
        except (ValueError, TypeError, KeyError):
            return set()
        return set(known)

    def _about(self, speaker: Party, listener: Party) -> str:
        who = f"{speaker.user}{speaker.device}{listener.user}{listener.device}"
        return f"MATRIX_KEY_VERIFICATION_MAC{who}{self.id}"
