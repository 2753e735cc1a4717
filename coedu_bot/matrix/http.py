"""HTTP to one homeserver: a call returns its JSON object or raises one of the port's errors."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from coedu_bot.homeserver import HomeserverError, RateLimited, Refused, SessionLost, Unreachable

_LOST = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED"})
_TEMPORARY = frozenset({"M_USER_LOCKED", "M_RESOURCE_LIMIT_EXCEEDED"})
_DEEPEST_JSON = 5_000
_LONGEST_INT = 20
_TIMEOUT = 30.0
_LONG = 120.0
_JSON = "application/json"
_WAIT_IF_UNSAID = 1.0
_LONGEST_ASKED = 3600.0  # seconds; who asks for more is not in their right mind
_CHUNK = 65_536
_ADDRESS = re.compile(r"mxc://([A-Za-z0-9.:\[\]-]*[A-Za-z0-9\]])/([A-Za-z0-9_-]+)")

Query = Mapping[str, str] | list[tuple[str, str]]


class AuthenticationWanted(Refused):
    """The call is repeated with proof of who asks, under this `session`."""

    def __init__(self, session: object) -> None:
        super().__init__("M_UNAUTHORIZED", "the homeserver asks for the account's password")
        self.session = session


def path_of(*parts: str) -> str:
    """A path whose parts are escaped, so that an id cannot climb out of its place."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


class Http:
    """One pool of connections, one access token; close it at the end."""

    def __init__(self, base_url: str, access_token: str = "") -> None:
        self.base_url = base_url.rstrip("/")
        self.access_token = access_token
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        params: Query | None = None,
        within: float = _TIMEOUT,
    ) -> dict[str, Any]:
        """Call the client API (`path` starts with its version, e.g. /v3/sync); `within` in seconds."""
        data = None if body is None else json.dumps(body).encode()
        answer = await self.exchange(
            method, f"/_matrix/client{path}", data, mime=_JSON, params=params, within=within
        )
        return parse_object(answer)

    async def get_list(self, path: str) -> list[Any]:
        """GET what answers with a JSON list, as a room's whole state does."""
        answer = await self.exchange("GET", f"/_matrix/client{path}", mime=_JSON)
        value = parse(answer)
        if not isinstance(value, list):
            raise Unreachable("the answer is not a JSON list")
        return value

    async def upload(self, data: bytes, *, mime: str, name: str = "") -> str:
        """Put bytes into the media repository; returns their mxc address."""
        params = {"filename": name} if name else None
        answer = await self.exchange(
            "POST", "/_matrix/media/v3/upload", data, mime=mime, params=params, within=_LONG
        )
        address = parse_object(answer).get("content_uri")
        if not isinstance(address, str):
            raise Unreachable("an answer without content_uri")
        return address

    async def download(self, address: str, at_most: int) -> bytes:
        """Get the bytes behind an mxc address. Raises Refused for a malformed one and for more bytes."""
        if (found := _ADDRESS.fullmatch(address)) is None:
            raise Refused("M_INVALID_PARAM", "not an mxc address")
        place = path_of("_matrix", "client", "v1", "media", "download", *found.groups())
        data = await self.exchange("GET", place, mime=_JSON, within=_LONG, at_most=at_most)
        if len(data) > at_most:
            raise Refused("M_TOO_LARGE")
        return data

    async def exchange(
        self,
        method: str,
        path: str,
        data: bytes | None = None,
        *,
        mime: str,
        params: Query | None = None,
        within: float = _TIMEOUT,
        at_most: int | None = None,
    ) -> bytes:
        """The bytes of a 2xx answer, one more than `at_most` if there are more; anything else is raised."""
        url = URL(self.base_url + path, encoded=True)
        headers = {"Content-Type": mime} if data is not None else {}
        if self.access_token:
            headers["Authorization"] = f"Bearer {self.access_token}"
        limit = aiohttp.ClientTimeout(total=within)
        try:
            async with self._connections().request(
                method, url, data=data, params=params, headers=headers, timeout=limit
            ) as answer:
                content = await _read(answer, at_most)
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            raise Unreachable(f"{method}: {type(problem).__name__}") from problem
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return content
        raise problem_of(answer.status, answer.headers, content)

    def _connections(self) -> aiohttp.ClientSession:
        if self._session is None:  # only inside a running loop
            self._session = aiohttp.ClientSession()
        return self._session


async def _read(answer: aiohttp.ClientResponse, at_most: int | None) -> bytes:
    """All of it, or enough to see that it is too much: what is small on the way may be packed."""
    if at_most is None:
        return await answer.read()
    content = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > at_most:
            return bytes(content[: at_most + 1])
    return bytes(content)


def problem_of(status: int, headers: Mapping[str, str], content: bytes) -> HomeserverError:
    """The port's error for an answer that is not 2xx; without an errcode a proxy spoke, not Matrix."""
    try:
        answer = parse_object(content)
    except Unreachable:
        answer = {}
    code = answer.get("errcode")
    if code in _LOST:
        return SessionLost(str(code))
    if status == HTTPStatus.TOO_MANY_REQUESTS or code == "M_LIMIT_EXCEEDED":
        return RateLimited(_retry_after(answer, headers))
    if status == HTTPStatus.UNAUTHORIZED and "flows" in answer and code is None:
        return AuthenticationWanted(answer.get("session"))
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return Refused("M_TOO_LARGE")
    if not isinstance(code, str) or code in _TEMPORARY or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unreachable(f"HTTP {status}")
    return Refused(code, str(answer.get("error", ""))[:200])


def _retry_after(answer: Mapping[str, Any], headers: Mapping[str, str]) -> float:
    """Seconds; servers say it in the body in milliseconds, newer ones in the header in seconds."""
    wait = answer.get("retry_after_ms")
    if isinstance(wait, int | float) and wait >= 0:
        return min(wait, _LONGEST_ASKED * 1000) / 1000
    said = headers.get("Retry-After", "")
    return min(float(said), _LONGEST_ASKED) if said.isdecimal() else _WAIT_IF_UNSAID


def parse_object(content: bytes) -> dict[str, Any]:
    """The JSON object in an answer; raises Unreachable where there is none."""
    value = parse(content)
    if not isinstance(value, dict):
        raise Unreachable("the answer is not a JSON object")
    return value


def parse(content: bytes) -> Any:
    """The JSON of an answer; raises Unreachable where it is none."""
    try:
        return json.loads(content)
    except RecursionError:
        return _parse_deep(content)
    except ValueError:
        return _parse_odd(content)


def _parse_deep(content: bytes) -> Any:
    """One deeply nested event must not make a whole sync unreadable: there would be no way past it."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(max(usual, _DEEPEST_JSON))
    try:
        return json.loads(content)
    except (RecursionError, ValueError) as problem:
        raise Unreachable("the answer is too deep") from problem
    finally:
        sys.setrecursionlimit(usual)


def _parse_odd(content: bytes) -> Any:
    """Python refuses to read an integer of thousands of digits; nothing of ours needs one."""
    try:
        return json.loads(content, parse_int=_bounded)
    except (RecursionError, ValueError) as problem:
        raise Unreachable("the answer is not JSON") from problem


def _bounded(digits: str) -> int:
    return int(digits) if len(digits) <= _LONGEST_INT else 0
