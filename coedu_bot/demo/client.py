"""A parent's or teacher's Matrix client over plain HTTP: what it shows is what its own sync has brought."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self
from urllib.parse import quote

import aiohttp

Event = dict[str, Any]
Condition = Callable[[Event], bool]

_WITHIN = 20.0
_FILTER = {"presence": {"types": []}, "account_data": {"types": []}, "room": {"timeline": {"limit": 200}}}


class NotSeenError(AssertionError):
    """What was waited for did not come; the message lists what did."""


class RefusedError(Exception):
    """The homeserver said no."""


@dataclass(slots=True)
class Person:
    """`async with Person(url, "@durand:…", "password"):`; accepts invitations as people do."""

    base_url: str
    user_id: str
    password: str
    accepts: bool = True
    events: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    invitations: list[str] = field(default_factory=list)
    _http: aiohttp.ClientSession | None = None
    _syncing: asyncio.Task[None] | None = None
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _known: set[str] = field(default_factory=set)
    _numbers: Any = field(default_factory=lambda: count(1))
    _since: str = ""
    _device: str = ""

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession()
        await self._log_in()
        self._since = (await self._sync(0))["next_batch"]
        self._syncing = asyncio.create_task(self._sync_for_ever())
        return self

    async def __aexit__(self, *problem: object) -> None:
        if self._syncing is not None:
            self._syncing.cancel()
            with suppress(asyncio.CancelledError):
                await self._syncing
        if self._http is not None:
            await self._http.close()

    async def call(self, method: str, path: str, body: Any = None, **params: str) -> Any:
        """A call below /_matrix/client/v3; raises RefusedError."""
        assert self._http is not None
        url = f"{self.base_url}/_matrix/client/v3{path}"
        async with self._http.request(method, url, json=body, params=params) as answer:
            content = await answer.json(content_type=None)
            if answer.status != 200:
                raise RefusedError(f"{method} {path}: {answer.status} {content}")
            return content

    async def create_room(self, name: str = "", invite: tuple[str, ...] = (), **more: Any) -> str:
        """Make a room; `more` as in createRoom."""
        body = {"name": name, "invite": list(invite), "preset": "private_chat", **more}
        return str((await self.call("POST", "/createRoom", body))["room_id"])

    async def open_direct(self, user: str) -> str:
        """A direct room with somebody, as a client's "Start chat" makes it."""
        return await self.create_room(invite=(user,), is_direct=True)

    async def join(self, room: str) -> None:
        await self.call("POST", f"/join/{quote(room)}", {})

    async def leave(self, room: str) -> None:
        await self.call("POST", f"/rooms/{quote(room)}/leave", {})

    async def invite(self, room: str, user: str) -> None:
        await self.call("POST", f"/rooms/{quote(room)}/invite", {"user_id": user})

    async def set_state(self, room: str, type_: str, content: Mapping[str, Any], key: str = "") -> str:
        answer = await self.call("PUT", f"/rooms/{quote(room)}/state/{type_}/{quote(key)}", dict(content))
        return str(answer["event_id"])

    async def get_state(self, room: str, type_: str, key: str = "") -> Event:
        """The content of one state event."""
        return dict(await self.call("GET", f"/rooms/{quote(room)}/state/{type_}/{quote(key)}"))

    async def set_power(self, room: str, **levels: Any) -> None:
        """Change the room's power levels, e.g. `users={…}`."""
        before = await self.get_state(room, "m.room.power_levels")
        users = {**before.get("users", {}), **levels.pop("users", {})}
        await self.set_state(room, "m.room.power_levels", {**before, **levels, "users": users})

    async def send(self, room: str, type_: str, content: Mapping[str, Any]) -> str:
        """Send any event."""
        path = f"/rooms/{quote(room)}/send/{type_}/{self.user_id}-{id(self)}-{next(self._numbers)}"
        return str((await self.call("PUT", path, dict(content)))["event_id"])

    async def say(
        self, room: str, text: str, *, reply_to: str | None = None, thread: str | None = None, **more: Any
    ) -> str:
        """Write a message."""
        content: Event = {"msgtype": "m.text", "body": text, **more}
        if thread is not None:
            content["m.relates_to"] = {"rel_type": "m.thread", "event_id": thread, "is_falling_back": True}
            content["m.relates_to"]["m.in_reply_to"] = {"event_id": reply_to or thread}
        elif reply_to is not None:
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": reply_to}}
        return await self.send(room, "m.room.message", content)

    async def edit(self, room: str, event: str, text: str) -> str:
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": event}
        content = {"msgtype": "m.text", "body": f"* {text}", "m.new_content": new, "m.relates_to": relation}
        return await self.send(room, "m.room.message", content)

    async def tap(self, room: str, event: str, key: str = "✅") -> str:
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        return await self.send(room, "m.reaction", {"m.relates_to": relation})

    async def redact(self, room: str, event: str) -> None:
        path = f"/rooms/{quote(room)}/redact/{quote(event)}/{id(self)}-{next(self._numbers)}"
        await self.call("PUT", path, {})

    async def share(
        self, room: str, data: bytes, name: str, mime: str, caption: str = "", **more: Any
    ) -> str:
        """Upload a file and post it, with or without a caption."""
        assert self._http is not None
        url = f"{self.base_url}/_matrix/media/v3/upload"
        async with self._http.post(url, data=data, headers={"Content-Type": mime}) as answer:
            mxc = (await answer.json())["content_uri"]
        kind = "m.image" if mime.startswith("image/") else "m.file"
        info = {"mimetype": mime, "size": len(data)}
        content = {"msgtype": kind, "body": caption or name, "filename": name, "url": mxc, "info": info}
        return await self.send(room, "m.room.message", {**content, **more})

    async def download(self, file: Event) -> bytes:
        """The bytes of a file that is shown in a room without encryption."""
        assert self._http is not None
        place = file["content"]["url"].removeprefix("mxc://")
        async with self._http.get(f"{self.base_url}/_matrix/client/v1/media/download/{place}") as answer:
            return await answer.read()

    async def sees(self, condition: Condition, room: str | None = None, within: float = _WITHIN) -> Event:
        """The first event seen, or to be seen, that fulfils the condition; raises NotSeenError."""
        found: Event | None = None

        def there() -> bool:
            nonlocal found
            found = next((event for event in self.seen(room) if condition(event)), None)
            return found is not None

        await self._wait(there, within, room)
        assert found is not None
        return found

    async def sees_message(self, text: str = "", *, room: str | None = None, **coedu: Any) -> Event:
        """A message of the bot with this text (spaces of any kind) and these values in `org.coedu`."""
        return await self.sees(lambda event: is_message(event, text, **coedu), room)

    async def is_in(self, room: str) -> None:
        """Wait until one's own membership has been seen."""
        mine = ("m.room.member", self.user_id)
        await self.sees(
            lambda e: (e["type"], e.get("state_key")) == mine and e["content"]["membership"] == "join", room
        )

    def seen(self, room: str | None = None) -> list[Event]:
        """All events so far, of a room or of all, in order."""
        if room is not None:
            return list(self.events[room])
        return [event for events in self.events.values() for event in events]

    def messages(self, room: str, kind: str = "") -> list[Event]:
        """The bot's messages in a room as a client shows them: edits applied, redacted ones gone."""
        return [m for m in shown(self.seen(room)) if not kind or coedu(m).get("kind") == kind]

    async def _log_in(self) -> None:
        identifier = {"type": "m.id.user", "user": self.user_id}
        body = {"type": "m.login.password", "identifier": identifier, "password": self.password}
        if self._device:
            body["device_id"] = self._device
        answer = await self.call("POST", "/login", body)
        self._device = answer["device_id"]
        assert self._http is not None
        self._http.headers["Authorization"] = f"Bearer {answer['access_token']}"

    async def _sync_for_ever(self) -> None:
        while True:
            try:
                answer = await self._sync(10_000)
            except (aiohttp.ClientError, RefusedError, TimeoutError):
                await asyncio.sleep(0.2)
                continue
            self._since = answer["next_batch"]

    async def _sync(self, milliseconds: int) -> Any:
        params = {"timeout": str(milliseconds), "filter": json.dumps(_FILTER)}
        if self._since:
            params["since"] = self._since
        answer = await self.call("GET", "/sync", **params)
        rooms = answer.get("rooms", {})
        for room in rooms.get("invite", {}):
            self.invitations.append(room)
            if self.accepts:
                await self.join(room)
        async with self._news:
            for room, update in rooms.get("join", {}).items():
                for event in (*update["state"]["events"], *update["timeline"]["events"]):
                    self._keep(room, event)
            self._news.notify_all()
        return answer

    def _keep(self, room: str, event: Event) -> None:
        if event["event_id"] not in self._known:
            self._known.add(event["event_id"])
            self.events[room].append({**event, "room_id": room})

    async def _wait(self, there: Callable[[], bool], within: float, room: str | None) -> None:
        try:
            async with asyncio.timeout(within), self._news:
                await self._news.wait_for(there)
        except TimeoutError:
            raise NotSeenError(f"{self.user_id} did not see it; seen: {self._digest(room)}") from None

    def _digest(self, room: str | None) -> str:
        lines = (
            f"{e['type']} {e['sender']}: {json.dumps(e['content'], ensure_ascii=False)[:300]}"
            for e in sorted(self.seen(room), key=lambda e: int(e["origin_server_ts"]))[-12:]
        )
        return "\n" + "\n".join(lines)


def coedu(event: Event) -> Event:
    """The content key `org.coedu` of an event, {} without one."""
    found = event["content"].get("org.coedu")
    return found if isinstance(found, dict) else {}


def is_message(event: Event, text: str = "", **values: Any) -> bool:
    """Whether an event is a message of the bot with this text and these values in `org.coedu`."""
    if event["type"] != "m.room.message" or not coedu(event):
        return False
    body = str(event["content"].get("body", ""))
    return plain(text) in plain(body) and all(
        coedu(event).get(name) == value for name, value in values.items()
    )


def plain(text: str) -> str:
    """Text for comparing: one kind of space, no marks of direction."""
    return "".join(
        " " if char in "\u00a0\u202f" else char for char in text if char not in "\u2066\u2067\u2068\u2069"
    )


def shown(events: list[Event]) -> list[Event]:
    """The bot's messages, edits applied and redacted ones left out."""
    redacted = {
        e.get("redacts") or e["content"].get("redacts") for e in events if e["type"] == "m.room.redaction"
    }
    there = [e for e in events if e["event_id"] not in redacted and e["content"]]
    messages = {
        e["event_id"]: e for e in there if e["type"] == "m.room.message" and coedu(e) and not _replaced(e)
    }
    for edit in there:
        target = _replaced(edit)
        if target in messages and edit["sender"] == messages[target]["sender"]:
            new = {**edit["content"]["m.new_content"], "org.coedu": edit["content"].get("org.coedu")}
            messages[target] = {**messages[target], "content": new}
    return list(messages.values())


def _replaced(event: Event) -> str | None:
    relation = event["content"].get("m.relates_to", {})
    return relation.get("event_id") if relation.get("rel_type") == "m.replace" else None
