"""`/healthz`, `/readyz` and `/metrics`, on loopback unless the configuration says otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from coedu_bot.delivery.turnstile import Turnstile
from coedu_bot.dispatch.meters import Meters
from coedu_bot.log import logger
from coedu_bot.web.metrics import Numbers
from coedu_bot.web.vitals import Examination

log = logger(__name__)


@asynccontextmanager
async def serving(
    listen: str, examination: Examination, meters: Meters, turnstile: Turnstile
) -> AsyncIterator[str | None]:
    """Serve on `host:port` (port 0: any free one); yields the address.

    An address that is taken is logged and yields None: families get their messages all the same.
    """
    runner = web.AppRunner(_app(examination, meters, turnstile), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    host, _, port = listen.rpartition(":")
    try:
        await web.TCPSite(runner, host, int(port)).start()
        address = f"{host}:{runner.addresses[0][1]}"
        log.info("web", address=address)
    except OSError as problem:
        log.error("web-not-listening", address=listen, problem=problem.strerror)
        address = None
    try:
        yield address
    finally:
        await runner.cleanup()


def _app(examination: Examination, meters: Meters, turnstile: Turnstile) -> web.Application:
    async def healthz(_: web.Request) -> web.Response:
        problems = (await examination.vitals()).problems()
        return web.Response(status=503 if problems else 200, text="\n".join(problems or ["ok"]) + "\n")

    async def readyz(_: web.Request) -> web.Response:
        ready = (await examination.vitals()).is_ready
        return web.Response(status=200 if ready else 503, text="ready\n" if ready else "starting\n")

    async def metrics(_: web.Request) -> web.Response:
        page = Numbers(meters, turnstile, await examination.vitals()).text()
        return web.Response(body=page, content_type="text/plain", charset="utf-8")

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    return app
