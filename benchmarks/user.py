"""Somebody with a stopwatch, who knows at which moment each answer stood in their own sync."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter
from typing import Any, Self
from urllib.parse import quote

import aiohttp

WITHIN = 300.0
_NOTHING: dict[str, list[str]] = {"types": []}


@dataclass(slots=True)
class User:
    """`async with User(url, "@user:…", password):`; `arrived` has when an event was first answered."""

    base_url: str
    user_id: str
    password: str
    rooms: list[str] | None = None  # follows only these, where given
    arrived: dict[str, float] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    said: list[tuple[str, float]] = field(default_factory=list)
    joined: set[tuple[str, str]] = field(default_factory=set)
    _http: aiohttp.ClientSession = field(init=False)
    _syncing: asyncio.Task[None] = field(init=False)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _numbers: Any = field(default_factory=count)

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(f"{self.base_url}/_matrix/client/v3/")
        identifier = {"type": "m.id.user", "user": self.user_id}
        body = {"type": "m.login.password", "identifier": identifier, "password": self.password}
        self._http.headers["Authorization"] = (
            f"Bearer {(await self.call('POST', 'login', body))['access_token']}"
        )
        self._syncing = asyncio.create_task(self._sync_for_ever())
        return self

    async def __aexit__(self, *problem: object) -> None:
        self._syncing.cancel()
        with suppress(asyncio.CancelledError):
            await self._syncing
        await self._http.close()

    async def call(self, method: str, path: str, body: Any = None, **params: str) -> Any:
        """A call below /_matrix/client/v3."""
        async with self._http.request(method, path, json=body, params=params) as answer:
            content = await answer.json()
            assert answer.status == 200, content
            return content

    async def room_with(self, *others: str, name: str = "", **more: Any) -> str:
        """A room in which all the others are, too; `more` as in createRoom."""
        body = {"invite": others, "preset": "private_chat", "name": name} | more
        room = str((await self.call("POST", "createRoom", body))["room_id"])
        await self.until(lambda: all((room, other) in self.joined for other in others))
        return room

    async def join(self, room: str) -> None:
        """Accept an invitation."""
        await self.call("POST", f"join/{quote(room)}", {})

    async def say(self, room: str, text: str) -> str:
        """Write a message; returns its event id."""
        content = {"msgtype": "m.text", "body": text, "m.mentions": {}}
        path = f"rooms/{quote(room)}/send/m.room.message/b{next(self._numbers)}"
        return str((await self.call("PUT", path, content))["event_id"])

    async def ask(self, room: str) -> float:
        """Seconds from sending a command to its reply in the own sync."""
        begun = perf_counter()
        event = await self.say(room, f"!ping {next(self._numbers)}")
        await self.until(lambda: event in self.arrived)
        return self.arrived[event] - begun

    async def until(self, there: Callable[[], bool], within: float = WITHIN) -> None:
        """Wait until the own sync has brought something about."""
        async with asyncio.timeout(within), self._news:
            await self._news.wait_for(there)

    async def _sync_for_ever(self) -> None:
        only = {"rooms": self.rooms} if self.rooms is not None else {}
        room = {"timeline": {"limit": 1000}, "ephemeral": _NOTHING, "account_data": _NOTHING, **only}
        params = {"filter": json.dumps({"presence": _NOTHING, "account_data": _NOTHING, "room": room})}
        while True:
            answer = await self.call("GET", "sync", **params)
            moment = perf_counter()
            params |= {"since": answer["next_batch"], "timeout": "10000"}
            async with self._news:
                for name, update in answer.get("rooms", {}).get("join", {}).items():
                    for event in (*update["state"]["events"], *update["timeline"]["events"]):
                        self._note(name, event, moment)
                self._news.notify_all()

    def _note(self, room: str, event: dict[str, Any], moment: float) -> None:
        content = event["content"]
        if event["type"] == "m.room.member" and content.get("membership") == "join":
            self.joined.add((room, event["state_key"]))
        if event["type"] == "m.room.message" and event["sender"] != self.user_id:
            self.said.append((str(content.get("body")), moment))
            if asked := content.get("m.relates_to", {}).get("m.in_reply_to", {}).get("event_id"):
                self.answers[asked] += 1
                self.arrived.setdefault(asked, moment)
