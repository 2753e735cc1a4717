"""The least a bot can be: one sync and one send per command, nothing guarded; it only keeps where it was.

What is slower than this is ours; what is not is the homeserver's and the network's.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

_NOTHING: dict[str, list[str]] = {"types": []}


def _filter(user: str, limit: int) -> str:
    timeline = {"limit": limit, "types": ["m.room.message"], "not_senders": [user]}
    room = {"timeline": timeline, "state": _NOTHING, "ephemeral": _NOTHING, "account_data": _NOTHING}
    return json.dumps({"presence": _NOTHING, "account_data": _NOTHING, "room": room})


async def main(base_url: str, user: str, kept: Path, password: str, extra: dict[str, Any]) -> None:
    """Join what one is invited to, answer every `!ping`, with `extra` in each answer's content."""
    async with _logged_in(f"{base_url}/_matrix/client/v3", user, kept, password) as (http, state):
        while True:
            since = {"since": state["since"], "timeout": "10000"} if "since" in state else {}
            params = {"filter": _filter(user, 250 if since else 1), **since}
            async with http.get("sync", params=params) as answer:
                sync = await answer.json()
            await asyncio.gather(*_answers(http, sync, extra, answering=bool(since)))
            state["since"] = sync["next_batch"]
            kept.write_text(json.dumps(state))


@asynccontextmanager
async def _logged_in(
    url: str, user: str, kept: Path, password: str
) -> AsyncIterator[tuple[aiohttp.ClientSession, dict[str, str]]]:
    async with aiohttp.ClientSession(f"{url}/", connector=aiohttp.TCPConnector(limit=0)) as http:
        if kept.exists():
            state = json.loads(kept.read_text())
        else:
            identifier = {"type": "m.id.user", "user": user}
            body = {"type": "m.login.password", "identifier": identifier, "password": password}
            async with http.post("login", json=body) as answer:
                state = {"token": (await answer.json())["access_token"]}
        http.headers["Authorization"] = f"Bearer {state['token']}"
        yield http, state


def _answers(
    http: aiohttp.ClientSession, sync: Any, extra: dict[str, Any], *, answering: bool
) -> list[Awaitable[None]]:
    rooms = sync.get("rooms", {})
    calls: list[Awaitable[None]] = [
        _call(http, "POST", f"join/{quote(r)}", {}) for r in rooms.get("invite", {})
    ]
    for room, update in rooms.get("join", {}).items():
        for event in update["timeline"]["events"]:
            if answering and str(event["content"].get("body", "")).startswith("!"):
                path = f"rooms/{quote(room)}/send/m.room.message/{event['event_id']}"
                calls.append(_call(http, "PUT", path, _reply(event) | extra))
    return calls


def _reply(event: Any) -> dict[str, Any]:
    relation = {"m.in_reply_to": {"event_id": event["event_id"]}}
    return {"msgtype": "m.notice", "body": event["content"]["body"][1:], "m.relates_to": relation}


async def _call(http: aiohttp.ClientSession, method: str, path: str, body: Any) -> None:
    async with http.request(method, path, json=body):
        pass


if __name__ == "__main__":
    said_too: dict[str, Any] = {"m.mentions": {}} if "--mentions" in sys.argv else {}
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), os.environ["COEDU_PASSWORD"], said_too))
