"""The bot's device is signed by the bot's identity, so that clients show no shield.

An identity that somebody else made for the account is never replaced without being told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from coedu_bot.homeserver import HomeserverError, RateLimited, Refused, SessionLost, Unreachable
from coedu_bot.log import logger
from coedu_bot.matrix.account import Login
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.identity import Identity, IdentityFile
from coedu_bot.matrix.interactive import call_with_password
from coedu_bot.matrix.json_values import Raw, mapping_or_empty
from coedu_bot.matrix.secret_storage import SecretStorage, SecretStorageError
from coedu_bot.matrix.signing import is_signed, public_key

log = logger(__name__)


class Standing(Enum):
    """How other people's clients see the bot; the value is what there is to do about it."""

    SIGNED = "the device is signed by the account's identity"
    UNKNOWN = "not looked at yet: the homeserver has not answered"
    FOREIGN = (
        "the account has an identity whose keys are not here: set COEDU_RECOVERY_KEY, "
        "or make a new one with `coedu-bot identity --replace`"
    )
    WRONG_KEY = "COEDU_RECOVERY_KEY does not open this account's identity"
    NO_PASSWORD = "the homeserver takes the keys only with the account's password: set COEDU_PASSWORD"


@dataclass(frozen=True, slots=True)
class Published:
    """What the homeserver shows of the account: its identity and its devices."""

    master: str | None
    self_signing: str | None
    devices: Raw


class CrossSigning:
    """Brings the account to a signed device, step by step; each may be repeated after a kill."""

    def __init__(self, http: Http, device: str, file: IdentityFile, login: Login) -> None:
        self._http = http
        self._user = login.user_id
        self._device = device
        self._file = file
        self._login = login
        self.standing = Standing.UNKNOWN
        self.restored = False

    @property
    def has_chores(self) -> bool:
        """Whether `keep_house` would do something."""
        return self.standing is Standing.UNKNOWN

    async def keep_house(self) -> None:
        """Sign the device if it is not; what a homeserver does not answer is for another time."""
        try:
            self.standing = await self._ensure()
        except SessionLost:
            raise
        except (RateLimited, Unreachable) as problem:
            log.info("identity-later", problem=type(problem).__name__)
        except HomeserverError as problem:
            self.standing = Standing.NO_PASSWORD
            log.error("identity-refused", problem=str(problem))
        if self.standing not in (Standing.SIGNED, Standing.UNKNOWN):
            log.error("not-signed", advice=self.standing.value)

    async def published(self) -> Published:
        """Asks the homeserver."""
        answer = await self._http.call("POST", "/v3/keys/query", {"device_keys": {self._user: []}})

        def mine(kind: str) -> Any:
            return mapping_or_empty(answer.get(kind)).get(self._user)

        devices = mapping_or_empty(mine("device_keys"))
        return Published(public_key(mine("master_keys")), public_key(mine("self_signing_keys")), devices)

    async def public_keys(self) -> dict[str, str]:
        """The identity's key as a verification vouches for it; empty where it is not ours to vouch for."""
        published = await self.published()
        identity = self._own(published.master)
        is_shown = identity is not None and published.master is not None
        return {identity.master.id: identity.master.public} if identity and is_shown else {}

    async def sign_another(self, device: str) -> None:
        """Sign a session of the account that was verified; where the keys are not here, it signs ours."""
        published = await self.published()
        identity = self._own(published.master)
        if identity is not None and published.master is not None:
            await self._sign(identity, published, device)

    def look_again(self) -> None:
        """Somebody else may have signed this device meanwhile."""
        self.standing = Standing.UNKNOWN

    async def replace(self) -> None:
        """Make a new identity, whatever there was; people who verified the old one must do so again."""
        identity = Identity.new(self._user)
        self._file.next.save(identity)  # the old one stays until the homeserver has taken this one
        await self._publish(identity)
        self._file.save(identity)
        await self._sign(identity, await self.published(), self._device)
        self.standing = Standing.SIGNED

    async def new_recovery_key(self) -> str:
        """Lock the identity's keys into the account's secret storage with a key for people to keep.

        Raises SecretStorageError where the account's identity is not the one that is here.
        """
        identity = self._file.load(self._user)
        if identity is None or identity.master.public != (await self.published()).master:
            raise SecretStorageError(Standing.FOREIGN.value)
        return await SecretStorage(self._http, self._user).keep(identity)

    async def _ensure(self) -> Standing:
        published = await self.published()
        identity = self._own(published.master)
        if identity is None and published.master is not None:
            identity = await self._fetched(published.master)
            if identity is None and self._is_signed_by_others(published):
                return Standing.SIGNED
            if identity is None:
                return Standing.WRONG_KEY if self._login.recovery_key else Standing.FOREIGN
        if identity is None:
            identity = Identity.new(self._user)
        self._file.save(identity)  # before anybody sees it, or a kill leaves an identity that nobody has
        if published.self_signing != identity.self_signing.public:
            await self._publish(identity)
        await self._sign(identity, published, self._device)
        return Standing.SIGNED

    def _own(self, master: str | None) -> Identity | None:
        """The identity whose keys are here, if it is the one the account has or may have."""
        for file in (self._file, self._file.next):  # a kill may have come while it was replaced
            identity = file.load(self._user)
            if identity is not None and master in (None, identity.master.public):
                return identity
        return None

    async def _fetched(self, master: str) -> Identity | None:
        """The identity behind the recovery key, if it is the one that the account has."""
        if not self._login.recovery_key:
            return None
        try:
            identity = await SecretStorage(self._http, self._user).fetch(self._login.recovery_key)
        except SecretStorageError as problem:
            log.error("recovery-key-unusable", problem=str(problem))
            return None
        if identity.master.public != master:
            log.error("recovery-key-unusable", problem="it opens an identity that was replaced")
            return None
        self.restored = True
        return identity

    async def _publish(self, identity: Identity) -> None:
        path = "/v3/keys/device_signing/upload"
        await call_with_password(self._http, path, identity.upload(), self._user, self._login.password)
        log.info("identity-published")

    def _is_signed_by_others(self, published: Published) -> bool:
        """Somebody who holds the identity's keys verified this device from Element."""
        device, key = mapping_or_empty(published.devices.get(self._device)), published.self_signing
        return key is not None and is_signed(device, self._user, key)

    async def _sign(self, identity: Identity, published: Published, id_: str) -> None:
        """Verified, not looked for: homeservers keep a signature beside keys that have been replaced."""
        key, device = identity.self_signing, mapping_or_empty(published.devices.get(id_))
        if not device:
            raise Unreachable("the device's keys are not there yet")
        if is_signed(device, identity.user, key.public):
            return
        bare = {name: part for name, part in device.items() if name not in ("signatures", "unsigned")}
        signed = {id_: key.signed(bare, identity.user)}
        answer = await self._http.call("POST", "/v3/keys/signatures/upload", {identity.user: signed})
        if answer.get("failures"):
            raise Refused("M_INVALID_SIGNATURE", "the homeserver does not take the device's signature")
        log.info("device-signed")
