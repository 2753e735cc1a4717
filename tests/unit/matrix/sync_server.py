"""The half of a homeserver that /sync needs, over real HTTP: answers given in order, then a long silence."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.unit.matrix.devices import ROOM
from tests.unit.matrix.key_server import KeyServer


@dataclass
class SyncServer(KeyServer):
    """`answers`: a JSON object, or a status for a failure; `pages` of /messages by their token."""

    answers: deque[Any] = field(default_factory=deque)
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str | None] = field(default_factory=list)
    paged: int = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/sync"):
            return await self._sync(request)
        if request.path.endswith("/filter"):
            return web.json_response({"filter_id": "0"})
        if request.path.endswith("/messages"):
            self.paged += 1
            page = self.pages.get(request.query["from"])
            if page is None:
                return web.json_response({"errcode": "M_FORBIDDEN", "error": "not in room"}, status=403)
            return web.json_response(page)
        return await super().answer(request)

    async def _sync(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.query.get("since"))
        if not self.answers:
            await asyncio.Event().wait()
        answer = self.answers.popleft()
        if isinstance(answer, int):
            return web.Response(status=answer, text="<html>Bad Gateway</html>")
        return web.json_response(answer, status=answer.pop("status", 200))


def said(text: str, *, id_: str = "", sender: str = "@bob:test", **unsigned: Any) -> dict[str, Any]:
    """A message as a timeline shows it."""
    return {
        "event_id": id_ or f"${text}",
        "sender": sender,
        "type": "m.room.message",
        "origin_server_ts": 1,
        "content": {"msgtype": "m.text", "body": text},
        "unsigned": unsigned,
    }


def synced(token: str, *events: Any, limited: bool = False, **more: Any) -> dict[str, Any]:
    """An answer of /sync with one room in it."""
    timeline = {"events": list(events), "limited": limited, "prev_batch": "p0"}
    return {"next_batch": token, "rooms": {"join": {ROOM: {"timeline": timeline}}}, **more}
