"""Against a server that really speaks HTTP, and really breaks off."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from coedu_bot.homeserver import HomeserverError, RateLimited, Refused, SessionLost, Unreachable
from coedu_bot.matrix.http import Http, parse_object, path_of

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[Http]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    http = Http(f"http://127.0.0.1:{runner.addresses[0][1]}", "secret")
    try:
        yield http
    finally:
        await http.close()
        await runner.cleanup()


def always(status: int, text: str, **headers: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=text, headers=headers)

    return answer


async def problem_with(answer: Answer) -> HomeserverError:
    async with answering(answer) as http:
        with pytest.raises(HomeserverError) as caught:
            await http.call("GET", "/v3/sync", within=5)
    return caught.value


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (502, "<html>Bad Gateway</html>", Unreachable),
        (503, '{"errcode": "M_UNKNOWN"}', Unreachable),
        (403, "<html>a proxy</html>", Unreachable),
        (200, "<html>a login page</html>", Unreachable),
        (200, "[]", Unreachable),
        (403, '{"errcode": "M_RESOURCE_LIMIT_EXCEEDED"}', Unreachable),
        (403, '{"errcode": "M_FORBIDDEN", "error": "no"}', Refused),
        (413, "<html>too large</html>", Refused),
        (401, '{"errcode": "M_UNKNOWN_TOKEN"}', SessionLost),
        (403, '{"errcode": "M_USER_DEACTIVATED"}', SessionLost),
    ],
)
async def test_each_failure_says_what_to_do_about_it(
    status: int, text: str, kind: type[HomeserverError]
) -> None:
    assert type(await problem_with(always(status, text))) is kind


@pytest.mark.parametrize(
    ("text", "headers", "seconds"),
    [
        ('{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500}', {}, 1.5),
        ('{"errcode": "M_LIMIT_EXCEEDED"}', {"Retry-After": "7"}, 7.0),
        ("<html>slow down</html>", {"Retry-After": "3"}, 3.0),
        ("<html>slow down</html>", {}, 1.0),
        ('{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": Infinity}', {}, 3600.0),
        ('{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": NaN}', {}, 1.0),
        (f'{{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": {"9" * 400}}}', {}, 3600.0),
        ("<html>slow down</html>", {"Retry-After": "9" * 400}, 3600.0),
    ],
)
async def test_a_rate_limit_is_told_and_not_slept_away(
    text: str, headers: dict[str, str], seconds: float
) -> None:
    problem = await problem_with(always(429, text, **headers))
    assert isinstance(problem, RateLimited)
    assert problem.retry_after == seconds


async def test_a_connection_that_breaks_off_is_unreachable() -> None:
    async def broken(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    assert isinstance(await problem_with(broken), Unreachable)


async def test_nobody_listening_is_unreachable() -> None:
    http = Http("http://127.0.0.1:1")
    with pytest.raises(Unreachable):
        await http.call("GET", "/v3/sync", within=5)
    await http.close()


async def test_no_error_tells_the_token() -> None:
    assert "secret" not in str(await problem_with(always(500, "")))


async def test_an_uploaded_file_has_an_address() -> None:
    async with answering(always(200, '{"content_uri": "mxc://test/1"}')) as http:
        assert await http.upload(b"x", mime="text/plain", name="a b.txt") == "mxc://test/1"


@pytest.mark.parametrize(
    "address",
    [
        *("https://elsewhere/1", "mxc://test", "mxc:///1", "mxc://test/1/2"),
        *(
            "mxc://../1",
            "mxc://test/..",
            "mxc://../..",
            "mxc://test/%2e%2e",
            "mxc://test/1?x=1",
            "mxc://te st/1",
        ),
    ],
)
async def test_only_mxc_addresses_are_downloaded(address: str) -> None:
    async with answering(always(200, "")) as http:
        with pytest.raises(Refused):
            await http.download(address, 100)


@pytest.mark.parametrize("packed", [True, False])
async def test_no_more_is_downloaded_than_was_asked_for_however_small_it_is_packed(packed: bool) -> None:
    body = gzip.compress(bytes(50_000_000)) if packed else bytes(5_000_000)

    async def bomb(request: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Encoding": "gzip"} if packed else {})

    tracemalloc.start()
    async with answering(bomb) as http:
        with pytest.raises(Refused, match="M_TOO_LARGE"):
            await http.download("mxc://test/1", 1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


async def test_a_file_of_just_the_size_is_downloaded_whole() -> None:
    async with answering(always(200, "x" * 1000)) as http:
        assert await http.download("mxc://test/1", 1000) == b"x" * 1000


def test_an_id_cannot_climb_out_of_its_place() -> None:
    assert path_of("v3", "rooms", "!a/../../b:test") == "/v3/rooms/%21a%2F..%2F..%2Fb%3Atest"


def test_one_deep_event_does_not_make_a_sync_unreadable() -> None:
    deep = b'{"a": ' + b"[" * 2_000 + b"]" * 2_000 + b"}"
    assert parse_object(deep)["a"]


def test_one_endless_number_does_not_make_a_sync_unreadable() -> None:
    assert parse_object(b'{"a": ' + b"9" * 5_000 + b', "b": 7}') == {"a": 0, "b": 7}
