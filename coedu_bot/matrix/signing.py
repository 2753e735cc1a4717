"""Ed25519 keys that sign JSON the way Matrix does: over its canonical form, in unpadded base64."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import vodozemac
from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa

from coedu_bot.matrix.json_values import Raw, mapping_or_empty

_NOT_SIGNED = ("signatures", "unsigned")


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def from_base64(text: str) -> bytes:
    """Raises ValueError for what is no base64; padding may be there or not."""
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)


def canonical(value: Raw) -> bytes:
    """The bytes that are signed: sorted, compact, without signatures."""
    signed = {name: part for name, part in value.items() if name not in _NOT_SIGNED}
    return json.dumps(signed, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key whose secret half is here; `seed` is all there is of it."""

    seed: bytes = field(repr=False)

    @classmethod
    def new(cls) -> SigningKey:
        return cls(os.urandom(32))

    @property
    def public(self) -> str:
        raw = self._key().public_key().export_key(format="raw")
        return to_base64(raw if isinstance(raw, bytes) else raw.encode())

    @property
    def id(self) -> str:
        """As it names a signature: cross-signing keys are called by what they are."""
        return f"ed25519:{self.public}"

    def signature(self, value: Raw) -> str:
        return to_base64(eddsa.new(self._key(), "rfc8032").sign(canonical(value)))

    def signed(self, value: Raw, user: str) -> dict[str, Any]:
        """A copy with this key's signature added to those that are there."""
        signatures = {name: dict(ours) for name, ours in mapping_or_empty(value.get("signatures")).items()}
        signatures.setdefault(user, {})[self.id] = self.signature(value)
        return {**value, "signatures": signatures}

    def _key(self) -> ECC.EccKey:
        return ECC.construct(curve="Ed25519", seed=self.seed)


def is_signed(value: Raw, user: str, public: str) -> bool:
    """Whether a key of this user has signed it, checked; homeservers keep stale signatures too."""
    ours = mapping_or_empty(mapping_or_empty(value.get("signatures")).get(user))
    return is_signature(ours.get(f"ed25519:{public}"), value, public)


def is_signature(signature: object, value: Raw, public: str) -> bool:
    """Whether this is what the key made of the value."""
    if not isinstance(signature, str):
        return False
    try:
        made = vodozemac.Ed25519Signature.from_base64(signature)
        vodozemac.Ed25519PublicKey.from_base64(public).verify_signature(canonical(value), made)
    except (ValueError, TypeError):  # all of vodozemac's errors are ValueErrors
        return False
    return True


def public_key(value: object) -> str | None:
    """The one Ed25519 key in a cross-signing key's `keys`; None if there is none."""
    keys = mapping_or_empty(mapping_or_empty(value).get("keys"))
    found: Mapping[str, Any] = {name: key for name, key in keys.items() if name.startswith("ed25519:")}
    return next((key for key in found.values() if isinstance(key, str)), None)
