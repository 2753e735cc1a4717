"""The account as other people's clients see it, asked for beside a running bot, without its store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from coedu_bot.clock import Clock
from coedu_bot.homeserver import SessionLost
from coedu_bot.matrix.account import Login, Session, SessionFile
from coedu_bot.matrix.cross_signing import CrossSigning
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.json_values import Raw, items, mapping_or_empty
from coedu_bot.matrix.lock import DataFolderLock
from coedu_bot.matrix.opening import open_account
from coedu_bot.matrix.secret_storage import has_secrets
from coedu_bot.matrix.signing import is_signed


@dataclass(frozen=True, slots=True)
class Device:
    """One device of the account; `encrypts` if it has keys, `signed` if by the account's identity."""

    id: str
    name: str
    current: bool
    encrypts: bool
    signed: bool


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """The identity (its public master key), whether its keys are here and locked away, and all devices."""

    user: str
    master: str | None
    is_ours: bool
    has_recovery_key: bool
    devices: tuple[Device, ...]


@dataclass(frozen=True, slots=True)
class IdentityDesk:
    """What `coedu-bot identity` and `doctor` work with."""

    http: Http
    session: Session
    signing: CrossSigning
    file: SessionFile

    async def standing(self) -> AccountStanding:
        """Asks the homeserver."""
        user = self.session.user_id
        published = await self.signing.published()
        identity = self.file.identity.load(user)
        listed = items((await self.http.call("GET", "/v3/devices")).get("devices"))
        keys = await self.http.call("POST", "/v3/keys/query", {"device_keys": {user: []}})
        known = mapping_or_empty(mapping_or_empty(keys.get("device_keys")).get(user))
        devices = [self._device(mapping_or_empty(one), known, published.self_signing) for one in listed]
        is_ours = identity is not None and identity.master.public == published.master
        kept = await has_secrets(self.http, user)
        return AccountStanding(user, published.master, is_ours, kept, tuple(devices))

    async def count_one_time_keys(self) -> int:
        """How many of this device's one-time keys the homeserver still has; an empty upload says it."""
        answer = await self.http.call("POST", "/v3/keys/upload", {})
        return int(mapping_or_empty(answer.get("one_time_key_counts")).get("signed_curve25519", 0))

    def _device(self, listed: Raw, known: Raw, self_signing: str | None) -> Device:
        id_ = str(listed.get("device_id"))
        keys = mapping_or_empty(known.get(id_))
        signed = self_signing is not None and is_signed(keys, self.session.user_id, self_signing)
        name = str(listed.get("display_name") or "")
        return Device(id_, name, id_ == self.session.device_id, bool(keys), signed)


@asynccontextmanager
async def identity_desk(login: Login, data: Path, clock: Clock) -> AsyncIterator[IdentityDesk]:
    """The account by its saved session; a folder without one is logged in first. Raises SessionLost."""
    file, http = SessionFile(data), Http(login.homeserver)
    try:
        session = file.load() or await _first_session(login, http, file, clock)
        if session.user_id != login.user_id:
            raise SessionLost(f"{data} belongs to {session.user_id}")
        http.access_token = session.access_token
        signing = CrossSigning(http, session.device_id, file.identity, login)
        yield IdentityDesk(http, session, signing, file)
    finally:
        await http.close()


async def _first_session(login: Login, http: Http, file: SessionFile, clock: Clock) -> Session:
    file.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with DataFolderLock(file.folder):
        account = await open_account(login, http, file, clock)
        account.encryption.close()
    return account.session
