"""A small homeserver over real HTTP that knows one room and its people's keys, and fails when told to."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from nio.crypto import Olm

from tests.unit.matrix.devices import ALICE, ROOM, device_keys, one_time_key


@dataclass
class KeyServer:
    """`failures`: "reset" or a status, one for each coming to-device message.

    `meanwhile` happens once, with the next of these messages.
    """

    people: dict[str, Olm] = field(default_factory=dict)
    second_devices: list[Olm] = field(default_factory=list)
    members: list[str] = field(default_factory=lambda: [ALICE])
    encrypted: bool = True
    state_status: int = 200
    marks_status: int = 200
    failures: deque[Any] = field(default_factory=deque)
    spoiled: set[str] = field(default_factory=set)
    to_device: list[dict[str, Any]] = field(default_factory=list)
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    uploads: list[dict[str, Any]] = field(default_factory=list)
    identities: dict[str, dict[str, Any]] = field(default_factory=dict)
    account_data: dict[str, dict[str, Any]] = field(default_factory=dict)
    meanwhile: Callable[[], None] = lambda: None
    url: str = ""

    def join(self, *people: Olm) -> None:
        for olm in people:
            self.people[olm.user_id] = olm
            self.members.append(olm.user_id)

    def messages_to(self, olm: Olm) -> list[dict[str, Any]]:
        """The encrypted to-device messages for a device, as its sync would show them."""
        return [
            {"type": "m.room.encrypted", "sender": ALICE, "content": one} for one in self.contents_to(olm)
        ]

    def contents_to(self, olm: Olm) -> list[dict[str, Any]]:
        """What was sent to a device, of any type."""
        found = [message["messages"].get(olm.user_id, {}).get(olm.device_id) for message in self.to_device]
        return [one for one in found if one]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        body = await request.json() if request.can_read_body else {}
        if "/state/m.room.encryption" in path:
            return self._encryption()
        if path.endswith(("/members", "/joined_members")):
            return web.json_response(_members(self.members))
        if "/sendToDevice/" in path:
            return self._deliver(request, body)
        if "/account_data/" in path:
            return self._account_data(request.method, path, body)
        if "/send/" in path:
            self.sent.append((path.split("/")[-2], body))
            return web.json_response({"event_id": "$" + path.split("/")[-1]})
        if "/keys/" in path:
            return self._keys(path, body)
        return web.json_response({"errcode": "M_UNRECOGNIZED", "error": path}, status=404)

    def _keys(self, path: str, body: dict[str, Any]) -> web.Response:
        if path.endswith("/keys/upload"):
            self.uploads.append(body)
            return web.json_response({"one_time_key_counts": {"signed_curve25519": 50}})
        if path.endswith("/keys/query"):
            found = [device_keys(olm) for olm in self._devices(body["device_keys"])]
            return web.json_response({**self._shown(_merged(found), body["device_keys"]), "failures": {}})
        if path.endswith("/keys/claim"):
            wanted = body["one_time_keys"]
            devices = [olm for olm in self._devices(wanted) if olm.device_id in wanted[olm.user_id]]
            found = [self._one_time_key(olm) for olm in devices]
            return web.json_response({"one_time_keys": _merged(found), "failures": {}})
        return web.json_response({"errcode": "M_UNRECOGNIZED", "error": path}, status=404)

    def _shown(self, devices: dict[str, Any], asked: Iterable[str]) -> dict[str, Any]:
        """Devices beside the identities of their owners; an identity's `device` is shown in its place."""
        known = {user: self.identities[user] for user in asked if user in self.identities}
        for user, identity in known.items():
            devices[user] = dict.fromkeys(devices[user], identity["device"])
        kinds = ("master_key", "self_signing_key")
        signing = {f"{kind}s": {user: one[kind] for user, one in known.items()} for kind in kinds}
        return {"device_keys": devices, **signing}

    def _devices(self, users: Iterable[str]) -> list[Olm]:
        own = [self.people[user] for user in users if user in self.people]
        return own + [olm for olm in self.second_devices if olm.user_id in users]

    def _one_time_key(self, olm: Olm) -> dict[str, Any]:
        user, key = olm.user_id, one_time_key(olm)
        if user in self.spoiled:
            for one in key[user].values():
                for name in one:
                    one[name] = self._bad_key(user)
        return key

    def _bad_key(self, user: str) -> dict[str, Any]:
        olm = self.people[user]
        key: dict[str, Any] = {"key": "garbage"}
        return {**key, "signatures": {user: {f"ed25519:{olm.device_id}": olm.sign_json(key)}}}

    def _encryption(self) -> web.Response:
        if self.state_status != 200:
            return web.Response(status=self.state_status, text="<html>Bad Gateway</html>")
        if self.encrypted:
            return web.json_response({"algorithm": "m.megolm.v1.aes-sha2"})
        return web.json_response({"errcode": "M_NOT_FOUND", "error": "none"}, status=404)

    def _account_data(self, method: str, path: str, body: dict[str, Any]) -> web.Response:
        if self.marks_status != 200:
            return web.Response(status=self.marks_status, text="<html>Bad Gateway</html>")
        if method == "PUT":
            self.account_data[path] = body
        elif path not in self.account_data:
            return web.json_response({"errcode": "M_NOT_FOUND", "error": "none"}, status=404)
        return web.json_response(self.account_data[path])

    def _deliver(self, request: web.Request, body: dict[str, Any]) -> web.Response:
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        failure = self.failures.popleft() if self.failures else None
        if failure == "reset":
            assert request.transport is not None
            request.transport.abort()  # type: ignore[attr-defined]
        elif failure:
            return web.json_response({"errcode": "M_UNKNOWN", "error": "no"}, status=failure)
        else:
            self.to_device.append(body)
        return web.json_response({})


@asynccontextmanager
async def serving(server: KeyServer) -> AsyncIterator[KeyServer]:
    app = web.Application(client_max_size=10_000_000)
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


def _members(users: Iterable[str]) -> dict[str, Any]:
    """Both forms of the answer: ours asks for members, stock nio for joined members."""
    chunk = [
        {"type": "m.room.member", "state_key": user, "room_id": ROOM, "content": {"membership": "join"}}
        for user in users
    ]
    return {"chunk": chunk, "joined": {user: {"display_name": None, "avatar_url": None} for user in users}}


def _merged(dicts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for one in dicts:
        for user, devices in one.items():
            merged.setdefault(user, {}).update(devices)
    return merged
