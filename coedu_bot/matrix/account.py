"""The account the bot speaks with: its saved session, and how to get one."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from coedu_bot.events import UserId
from coedu_bot.homeserver import Refused, SessionLost
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.identity import IdentityFile
from coedu_bot.matrix.private_file import write_private

DEVICE_NAME = "Coedu Bot"
"""What a device of ours is called in the account's list."""


@dataclass(frozen=True, slots=True)
class Login:
    """What the configuration says of the account: a password or an access token, or both.

    The recovery key opens the identity that the account already has, where its keys are not here.
    With `only_signed_devices` the bot gives keys to no device that its owner has not signed.
    """

    homeserver: str
    user_id: UserId
    password: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    recovery_key: str | None = field(default=None, repr=False)
    only_signed_devices: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """One device of the account; `pickle_key` locks the crypto store that belongs to it.

    `left_behind` are devices it took the place of, until they are removed from the account.
    """

    user_id: UserId
    device_id: str
    access_token: str = field(repr=False)
    pickle_key: str = field(repr=False)
    left_behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionFile:
    """Where the session is kept, readable by its owner only; the crypto stores lie beside it."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "session.json"

    def store_of(self, device_id: str) -> Path:
        """The crypto store of a device; there is one once keys have been made for it."""
        return self.folder / "crypto" / f"{quote(device_id, safe='')}.db"

    @property
    def identity(self) -> IdentityFile:
        """The seeds of the account's identity; it outlives devices."""
        return IdentityFile(self.folder / "crypto" / "identity.json")

    def load(self) -> Session | None:
        """The saved session; None before the first login. Raises SessionLost for a damaged file."""
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            return Session(**{**kept, "left_behind": tuple(kept.get("left_behind", ()))})
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, AttributeError) as problem:
            raise SessionLost(f"{self.path} is damaged; restore it from a backup") from problem

    def save(self, session: Session) -> None:
        """Write it whole or not at all: a token that is lost costs the device its keys."""
        write_private(self.path, json.dumps(asdict(session)))


async def open_session(login: Login, http: Http, file: SessionFile) -> Session:
    """The session to go on with.

    The saved one wins; where its token is dead, a password gets a new token for the same device as long
    as the device's keys are still here. Raises SessionLost if there is no way in, and what `Http` raises.
    """
    saved = file.load()
    if saved is not None and saved.user_id != login.user_id:
        raise SessionLost(
            f"{file.folder} belongs to {saved.user_id}; give {login.user_id} a folder of its own"
        )
    if saved is not None and await _still_valid(http, saved):
        return saved
    session = await (_first(login, http) if saved is None else _next(login, http, file, saved))
    file.save(session)
    return session


async def open_new_device(login: Login, http: Http, file: SessionFile, old: Session, why: str) -> Session:
    """Leave a device behind whose keys are no use; without a password SessionLost says `why`."""
    if not login.password:
        raise SessionLost(f"{why}; set COEDU_PASSWORD, then the bot goes on with a new device")
    session = await _successor(login, http, old)
    file.save(session)
    return session


async def _still_valid(http: Http, saved: Session) -> bool:
    http.access_token = saved.access_token
    try:
        await http.call("GET", "/v3/account/whoami")
    except SessionLost:
        return False
    return True


async def _first(login: Login, http: Http) -> Session:
    if login.access_token:
        return await _by_token(http, login.access_token, _new_pickle_key())
    return await _by_password(login, http, None, _new_pickle_key())


async def _next(login: Login, http: Http, file: SessionFile, saved: Session) -> Session:
    """A device whose keys are gone stays unreadable for ever: then it is better to be a new one."""
    intact = file.store_of(saved.device_id).exists()
    if login.access_token and login.access_token != saved.access_token:
        session = await _by_token(http, login.access_token, saved.pickle_key)
        same = session.device_id == saved.device_id and intact
        return session if same else replace(_after(session, saved), pickle_key=_new_pickle_key())
    if not login.password:
        raise SessionLost("the saved access token is not valid any more; give a new one, or the password")
    if intact:
        return await _by_password(login, http, saved.device_id, saved.pickle_key)
    return await _successor(login, http, saved)


async def _successor(login: Login, http: Http, old: Session) -> Session:
    return _after(await _by_password(login, http, None, _new_pickle_key()), old)


def _after(session: Session, old: Session) -> Session:
    left = dict.fromkeys((*old.left_behind, old.device_id))
    left.pop(session.device_id, None)
    return replace(session, left_behind=tuple(left))


async def _by_token(http: Http, token: str, pickle_key: str) -> Session:
    http.access_token = token
    return _session(await http.call("GET", "/v3/account/whoami"), token, pickle_key)


async def _by_password(login: Login, http: Http, device: str | None, pickle_key: str) -> Session:
    if not login.password:
        raise SessionLost("neither a password nor an access token was given, and no session is saved")
    body: dict[str, Any] = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": login.user_id},
        "password": login.password,
        "initial_device_display_name": DEVICE_NAME,
        **({"device_id": device} if device else {}),
    }
    http.access_token = ""
    try:
        answer = await http.call("POST", "/v3/login", body)
    except Refused as refusal:
        raise SessionLost(f"the homeserver does not accept the password ({refusal.code})") from refusal
    session = _session(answer, answer.get("access_token"), pickle_key)
    http.access_token = session.access_token
    return session


def _session(answer: dict[str, Any], token: object, pickle_key: str) -> Session:
    user, device = answer.get("user_id"), answer.get("device_id")
    if not isinstance(user, str) or not isinstance(device, str) or not isinstance(token, str):
        raise SessionLost("the access token belongs to no device, so the bot cannot encrypt with it")
    return Session(user, device, token, pickle_key)


def _new_pickle_key() -> str:
    return secrets.token_urlsafe(32)
