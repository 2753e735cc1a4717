"""Looking at what the account can see without being its device: no keys, no sync, nothing left behind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from coedu_bot.events import RoomId, StateEvent, UserId
from coedu_bot.homeserver import Refused, SessionLost
from coedu_bot.matrix.account import Login, SessionFile
from coedu_bot.matrix.convert import Converter
from coedu_bot.matrix.http import Http, parse_object, path_of
from coedu_bot.matrix.signed_devices import unsigned_devices

_VISITOR = "Coedu Bot, check"


@dataclass(frozen=True, slots=True)
class AccountReader:
    """What `check` asks for; every method may raise the port's errors."""

    user_id: UserId
    http: Http
    converter: Converter

    async def joined_rooms(self) -> list[RoomId]:
        answer = await self.http.call("GET", "/v3/joined_rooms")
        return [room for room in answer.get("joined_rooms", []) if isinstance(room, str)]

    async def get_state(self, room: RoomId) -> list[StateEvent]:
        raw_events = await self.http.get_list(path_of("v3", "rooms", room, "state"))
        return [event for raw in raw_events if (event := self.converter.state(raw)) is not None]

    async def resolve_alias(self, alias: str) -> RoomId | None:
        try:
            answer = await self.http.call("GET", path_of("v3", "directory", "room", alias))
        except Refused as refusal:
            if refusal.code == "M_NOT_FOUND":
                return None
            raise
        return str(answer["room_id"])

    async def unsigned_devices(self, users: Sequence[UserId]) -> dict[UserId, list[str]]:
        """Who has devices that they have not signed themselves, and which."""
        wanted: dict[str, list[str]] = {user: [] for user in users}
        answer = await self.http.call("POST", "/v3/keys/query", {"device_keys": wanted})
        found = {user: unsigned_devices(user, answer) for user in users}
        return {user: devices for user, devices in found.items() if devices}

    async def may_be_slowed(self) -> bool:
        """Whether the homeserver is one whose limits its administrator can lift, and may not have lifted."""
        path = path_of("_synapse", "admin", "v1", "users", self.user_id, "override_ratelimit")
        try:
            lifted = parse_object(await self.http.exchange("GET", path, mime="application/json"))
        except Refused as refusal:
            return refusal.code == "M_FORBIDDEN"  # such a homeserver, and the bot is not its administrator
        return lifted.get("messages_per_second") != 0

    async def knows(self, user: UserId) -> bool:
        """Whether the homeserver has such an account; True where it may not say."""
        try:
            await self.http.call("GET", path_of("v3", "profile", user, "displayname"))
        except Refused as refusal:
            return refusal.code != "M_NOT_FOUND"
        return True


@asynccontextmanager
async def reading(login: Login, data: Path) -> AsyncIterator[AccountReader]:
    """The account by its saved session, the token or the password. Raises SessionLost, Unreachable."""
    http = Http(login.homeserver)
    visiting = False
    try:
        await http.call("GET", "/versions")
        visiting = await _enter(http, login, data)
        yield AccountReader(login.user_id, http, Converter())
    finally:
        if visiting:  # a device made for this look only
            await http.call("POST", "/v3/logout", {})
        await http.close()


async def _enter(http: Http, login: Login, data: Path) -> bool:
    """Find a token that is good; True where it was made just now."""
    saved = SessionFile(data).load()
    for token in (login.access_token, saved.access_token if saved else None):
        if token and await _is_ours(http, token, login.user_id):
            return False
    if not login.password:
        raise SessionLost("no password, and no access token that is valid: set COEDU_PASSWORD")
    http.access_token = ""
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": login.user_id},
        "password": login.password,
        "initial_device_display_name": _VISITOR,
    }
    try:
        answer = await http.call("POST", "/v3/login", body)
    except Refused as refusal:
        raise SessionLost(f"the homeserver does not accept the password ({refusal.code})") from refusal
    http.access_token = str(answer["access_token"])
    return True


async def _is_ours(http: Http, token: str, user: UserId) -> bool:
    http.access_token = token
    try:
        answer = await http.call("GET", "/v3/account/whoami")
    except SessionLost:
        return False
    if answer.get("user_id") != user:
        raise SessionLost(f"the access token belongs to {answer.get('user_id')}, not to {user}")
    return True
