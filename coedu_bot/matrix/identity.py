"""The account's cross-signing identity: three keys, kept on the disk before anybody else sees them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coedu_bot.events import UserId
from coedu_bot.homeserver import SessionLost
from coedu_bot.matrix.private_file import write_private
from coedu_bot.matrix.signing import SigningKey, from_base64, to_base64

NAMES = ("master", "self_signing", "user_signing")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the account is (`master`), and what says which devices and people are its own."""

    user: UserId
    master: SigningKey
    self_signing: SigningKey
    user_signing: SigningKey

    @classmethod
    def new(cls, user: UserId) -> Identity:
        return cls(user, SigningKey.new(), SigningKey.new(), SigningKey.new())

    @classmethod
    def of_seeds(cls, user: UserId, seeds: dict[str, str]) -> Identity:
        """From unpadded base64, by the names of the keys. Raises ValueError or KeyError."""
        keys = [SigningKey(from_base64(seeds[name])) for name in NAMES]
        if any(len(key.seed) != 32 for key in keys):
            raise ValueError("a seed has 32 bytes")
        return cls(user, *keys)

    def seeds(self) -> dict[str, str]:
        return {name: to_base64(getattr(self, name).seed) for name in NAMES}

    def upload(self) -> dict[str, Any]:
        """The body of /keys/device_signing/upload."""
        signed = ("self_signing", "user_signing")
        body = {f"{name}_key": self.master.signed(self._public(name), self.user) for name in signed}
        return {**body, "master_key": self._public("master")}

    def _public(self, name: str) -> dict[str, Any]:
        key: SigningKey = getattr(self, name)
        return {"user_id": self.user, "usage": [name], "keys": {key.id: key.public}}


@dataclass(frozen=True, slots=True)
class IdentityFile:
    """Where the seeds are kept, readable by their owner only."""

    path: Path

    @property
    def next(self) -> IdentityFile:
        """Where an identity waits that is to replace this one."""
        return IdentityFile(self.path.with_stem(f"{self.path.stem}-next"))

    def load(self, user: UserId) -> Identity | None:
        """None before there is one, or if it is another account's. Raises SessionLost for a damaged file."""
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            return Identity.of_seeds(user, kept["seeds"]) if kept["user"] == user else None
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError) as problem:
            advice = "restore it from a backup, or remove it and set COEDU_RECOVERY_KEY"
            raise SessionLost(f"{self.path} is damaged; {advice}") from problem

    def save(self, identity: Identity) -> None:
        """Whole or not at all, and on the disk before this returns."""
        write_private(self.path, json.dumps({"user": identity.user, "seeds": identity.seeds()}))
