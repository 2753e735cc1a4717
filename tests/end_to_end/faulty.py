"""A proxy between the bot and the homeserver that fails on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Self

import aiohttp
from aiohttp import web
from yarl import URL

Fault = Literal["429", "502", "drop-before", "drop-after", "truncate"]
"""`drop-after` lets the request through and loses the answer: it happened, and nobody knows."""

_HOP_BY_HOP = {"transfer-encoding", "content-encoding", "content-length", "connection"}


@dataclass(slots=True)
class Rule:
    """The next `times` requests that match fail in this way."""

    matches: Callable[[web.Request], bool]
    fault: Fault
    times: int
    met: int = 0


@dataclass(slots=True)
class FaultyProxy:
    """`async with FaultyProxy(upstream) as proxy:`; `proxy.base_url` is what the bot is told."""

    upstream: str
    rules: list[Rule] = field(default_factory=list)
    requests: int = 0
    base_url: str = ""
    _http: aiohttp.ClientSession | None = None
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(auto_decompress=False)
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *problem: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        if self._http is not None:
            await self._http.close()

    def fail(self, fault: Fault, *, times: int, method: str = "", path: str = "") -> Rule:
        """Let the next requests with this method and part of a path fail."""
        rule = Rule(lambda r: method in ("", r.method) and path in r.path, fault, times)
        self.rules.append(rule)
        return rule

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        rule = next((one for one in self.rules if one.met < one.times and one.matches(request)), None)
        if rule is None:
            return await self._forward(request)
        rule.met += 1
        match rule.fault:
            case "429":
                body = {"errcode": "M_LIMIT_EXCEEDED", "error": "slow down", "retry_after_ms": 150}
                return web.json_response(body, status=429)
            case "502":
                return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")
            case "drop-before":
                return _dropped(request)
            case "drop-after":
                await self._forward(request)
                return _dropped(request)
            case "truncate":
                answer = await self._forward(request)
                assert isinstance(answer, web.Response)
                assert isinstance(answer.body, bytes)
                return web.Response(status=200, body=answer.body[: len(answer.body) // 2])

    async def _forward(self, request: web.Request) -> web.StreamResponse:
        assert self._http is not None
        headers = {k: v for k, v in request.headers.items() if k.lower() not in ("host", "accept-encoding")}
        data = await request.read()
        url = self.upstream + request.raw_path
        try:
            async with self._http.request(
                request.method, URL(url, encoded=True), data=data, headers=headers
            ) as answer:
                body = await answer.read()
                kept = {k: v for k, v in answer.headers.items() if k.lower() not in _HOP_BY_HOP}
                return web.Response(status=answer.status, body=body, headers=kept)
        except (TimeoutError, aiohttp.ClientError):
            return web.Response(status=502)


def _dropped(request: web.Request) -> web.Response:
    """Close the connection without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
