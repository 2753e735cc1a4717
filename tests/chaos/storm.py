"""A line to the homeserver on a bad day: every request may fail in any way, by a seed."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import web

from tests.end_to_end.faulty import FaultyProxy

KINDS = ("limit", "500", "502", "504", "html", "delay", "reorder", "double", "lose", "cut", "close")
_HTML = "<html><head><title>Bad Gateway</title></head></html>"


@dataclass(slots=True)
class Storm(FaultyProxy):
    """While it `rages`, a third of all requests fail: refused, delayed, overtaken, doubled, cut off."""

    seed: int = 0
    rages: bool = True
    met: dict[str, int] = field(default_factory=dict)
    _chance: random.Random = field(init=False)
    _passed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if not self.rages or self._chance.random() > 1 / 3:
            return await self._pass(request)
        kind = self._chance.choice(KINDS)
        self.met[kind] = self.met.get(kind, 0) + 1
        return await self._spoilt(request, kind)

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._forward(request)
        finally:
            self._passed.set()

    async def _spoilt(self, request: web.Request, kind: str) -> web.StreamResponse:
        match kind:
            case "limit":
                body = {"errcode": "M_LIMIT_EXCEEDED", "error": "slow down", "retry_after_ms": 80}
                return web.json_response(body, status=429)
            case "html":
                return web.Response(status=200, text=_HTML, content_type="text/html")
            case "delay":
                await asyncio.sleep(self._chance.uniform(0.1, 0.8))
                return await self._forward(request)
            case "reorder":
                return await self._overtaken(request)
            case "double":
                await self._forward(request)
                return await self._forward(request)
            case "lose" | "cut" | "close":
                return await self._broken_off(request, kind)
        return web.Response(status=int(kind), text=_HTML, content_type="text/html")

    async def _overtaken(self, request: web.Request) -> web.StreamResponse:
        """A later request arrives first."""
        self._passed.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._passed.wait(), 1)
        return await self._forward(request)

    async def _broken_off(self, request: web.Request, kind: str) -> web.StreamResponse:
        """It happened; the answer is lost, or half of it arrives, or the line closes in its midst."""
        answer = await self._forward(request)
        assert isinstance(answer, web.Response)
        body = answer.body if isinstance(answer.body, bytes) else b""
        if kind == "cut":
            return web.Response(status=answer.status, body=body[: len(body) // 2])
        if kind == "close":
            begun = web.StreamResponse(status=answer.status, headers={"Content-Length": str(len(body))})
            await begun.prepare(request)
            await begun.write(body[: len(body) // 2])
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)
