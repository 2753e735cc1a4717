"""Secret storage on the homeserver (4S): the identity's seeds, locked with a key that only people keep."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from typing import Any

from Crypto.Cipher import AES
from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF

from coedu_bot.events import UserId
from coedu_bot.homeserver import Refused
from coedu_bot.matrix import recovery_key
from coedu_bot.matrix.http import Http, path_of
from coedu_bot.matrix.identity import NAMES, Identity
from coedu_bot.matrix.json_values import Raw, mapping_or_empty
from coedu_bot.matrix.signing import from_base64, to_base64

_ALGORITHM = "m.secret_storage.v1.aes-hmac-sha2"
_PROBE = "\0" * 32


class SecretStorageError(Exception):
    """The secrets cannot be had with this key; the message says why."""


class SecretStorage:
    """The secrets of one account."""

    def __init__(self, http: Http, user: UserId) -> None:
        self._http = http
        self._user = user

    async def keep(self, identity: Identity) -> str:
        """Lock the seeds with a new key; returns the recovery key, which nothing else knows."""
        key, id_ = os.urandom(32), secrets.token_hex(16)
        probe = _locked(key, "", _PROBE)
        await self._put(
            f"m.secret_storage.key.{id_}",
            {"algorithm": _ALGORITHM, "name": "", "iv": probe["iv"], "mac": probe["mac"]},
        )
        for name, seed in identity.seeds().items():
            secret = f"m.cross_signing.{name}"
            await self._put(secret, {"encrypted": {id_: _locked(key, secret, seed)}})
        await self._put("m.secret_storage.default_key", {"key": id_})
        return recovery_key.written(key)

    async def fetch(self, written_key: str) -> Identity:
        """The identity that this recovery key opens. Raises SecretStorageError, and what the call raises."""
        try:
            key = recovery_key.read(written_key)
            id_ = str((await self._get("m.secret_storage.default_key"))["key"])
            _check(key, await self._get(f"m.secret_storage.key.{id_}"))
            seeds = {name: await self._secret(key, id_, f"m.cross_signing.{name}") for name in NAMES}
            return Identity.of_seeds(self._user, seeds)
        except Refused as problem:
            raise SecretStorageError("the account has no secret storage") from problem
        except (KeyError, TypeError, AttributeError) as problem:
            raise SecretStorageError("the account's secret storage is incomplete") from problem
        except ValueError as problem:
            raise SecretStorageError(str(problem)) from problem

    async def _secret(self, key: bytes, id_: str, name: str) -> str:
        return _opened(key, name, (await self._get(name))["encrypted"][id_])

    async def _put(self, type_: str, content: Raw) -> None:
        await self._http.call("PUT", path_of("v3", "user", self._user, "account_data", type_), content)

    async def _get(self, type_: str) -> dict[str, Any]:
        return await self._http.call("GET", path_of("v3", "user", self._user, "account_data", type_))


def _check(key: bytes, info: Raw) -> None:
    """Other keys are told apart before anything is opened with them; the check itself is optional."""
    if info.get("algorithm") != _ALGORITHM:
        raise ValueError("the secret storage is of a kind the bot does not know")
    mac, iv = info.get("mac"), info.get("iv")
    if isinstance(mac, str) and isinstance(iv, str):
        made = _locked(key, "", _PROBE, from_base64(iv))["mac"]
        if not hmac.compare_digest(from_base64(made), from_base64(mac)):
            raise ValueError("the recovery key is not the one of this account's secret storage")


def _locked(key: bytes, name: str, plain: str, iv: bytes | None = None) -> dict[str, str]:
    cipher_key, mac_key = _keys(key, name)
    iv = iv or _new_iv()
    closed = AES.new(cipher_key, AES.MODE_CTR, nonce=b"", initial_value=iv).encrypt(plain.encode())
    mac = hmac.new(mac_key, closed, hashlib.sha256).digest()
    return {"iv": to_base64(iv), "ciphertext": to_base64(closed), "mac": to_base64(mac)}


def _opened(key: bytes, name: str, locked: Any) -> str:
    cipher_key, mac_key = _keys(key, name)
    secret = mapping_or_empty(locked)
    closed = from_base64(secret["ciphertext"])
    mac = hmac.new(mac_key, closed, hashlib.sha256).digest()
    if not hmac.compare_digest(mac, from_base64(secret["mac"])):
        raise ValueError("the recovery key does not open this account's secret storage")
    cipher = AES.new(cipher_key, AES.MODE_CTR, nonce=b"", initial_value=from_base64(secret["iv"]))
    return cipher.decrypt(closed).decode()


def _keys(key: bytes, name: str) -> tuple[bytes, bytes]:
    derived = HKDF(key, 64, b"\0" * 32, SHA256, context=name.encode())
    both = derived if isinstance(derived, bytes) else derived[0]
    return both[:32], both[32:]


def _new_iv() -> bytes:
    """Bit 63 is cleared: clients that count in 64 bits cannot overflow."""
    iv = bytearray(os.urandom(16))
    iv[8] &= 0x7F
    return bytes(iv)


async def has_secrets(http: Http, user: UserId) -> bool:
    """Whether the account's secret storage holds the keys of an identity."""
    names = ("m.secret_storage.default_key", *(f"m.cross_signing.{name}" for name in NAMES))
    try:
        for name in names:
            await http.call("GET", path_of("v3", "user", user, "account_data", name))
    except Refused:
        return False
    return True
