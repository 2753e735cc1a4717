from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from coedu_bot.homeserver import SessionLost, Unreachable
from coedu_bot.matrix.account import Login, Session, SessionFile, open_new_device, open_session
from coedu_bot.matrix.http import Http

BOT = "@coedu:test"


@dataclass
class LoginServer:
    """Knows which tokens are valid, and gives new ones for the right password."""

    tokens: dict[str, str] = field(default_factory=dict)
    logins: list[dict[str, Any]] = field(default_factory=list)
    down: bool = False

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if self.down:
            return web.Response(status=502, text="<html>")
        if request.path.endswith("/login"):
            return self._login(await request.json())
        device = self.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if device is None:
            return web.json_response({"errcode": "M_UNKNOWN_TOKEN", "error": "unknown"}, status=401)
        return web.json_response({"user_id": BOT, "device_id": device})

    def _login(self, body: dict[str, Any]) -> web.Response:
        self.logins.append(body)
        if body["password"] != "right":
            return web.json_response({"errcode": "M_FORBIDDEN", "error": "wrong"}, status=403)
        token, device = f"token{len(self.logins)}", body.get("device_id") or f"DEVICE{len(self.logins)}"
        self.tokens[token] = device
        return web.json_response({"user_id": BOT, "device_id": device, "access_token": token})


@asynccontextmanager
async def serving(server: LoginServer) -> AsyncIterator[Http]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    http = Http(f"http://127.0.0.1:{runner.addresses[0][1]}")
    try:
        yield http
    finally:
        await http.close()
        await runner.cleanup()


@pytest.fixture
def file(tmp_path: Path) -> SessionFile:
    return SessionFile(tmp_path)


def make_store(file: SessionFile, device: str) -> None:
    file.store_of(device).parent.mkdir(exist_ok=True)
    file.store_of(device).touch()


def with_password(word: str = "right") -> Login:
    return Login("", BOT, password=word)


async def test_one_login_lasts(file: SessionFile) -> None:
    server = LoginServer()
    async with serving(server) as http:
        first = await open_session(with_password(), http, file)
        assert await open_session(with_password(), http, file) == first
    assert len(server.logins) == 1


async def test_the_session_is_for_its_owner_only(file: SessionFile) -> None:
    file.save(Session(BOT, "D", "t", "k"))
    assert file.path.stat().st_mode & 0o077 == 0


async def test_a_token_tells_its_device(file: SessionFile) -> None:
    async with serving(LoginServer(tokens={"given": "D1"})) as http:
        session = await open_session(Login("", BOT, access_token="given"), http, file)
    assert (session.user_id, session.device_id) == (BOT, "D1")


async def test_the_saved_session_wins_over_the_configured_token(file: SessionFile) -> None:
    file.save(Session(BOT, "D1", "saved", "k"))
    async with serving(LoginServer(tokens={"saved": "D1", "given": "D2"})) as http:
        session = await open_session(Login("", BOT, access_token="given"), http, file)
    assert (session.device_id, session.access_token) == ("D1", "saved")


async def test_a_dead_token_is_replaced_for_the_same_device_while_its_keys_are_here(
    file: SessionFile,
) -> None:
    file.save(Session(BOT, "D1", "dead", "k"))
    make_store(file, "D1")
    async with serving(LoginServer()) as http:
        session = await open_session(with_password(), http, file)
    assert (session.device_id, session.pickle_key, session.access_token) == ("D1", "k", "token1")


async def test_a_device_whose_keys_are_lost_is_not_taken_up_again(file: SessionFile) -> None:
    file.save(Session(BOT, "D1", "dead", "k"))
    async with serving(LoginServer()) as http:
        session = await open_session(with_password(), http, file)
    assert session.device_id != "D1"
    assert session.pickle_key != "k"
    assert session.left_behind == ("D1",)
    assert file.load() == session


async def test_devices_left_behind_are_remembered_until_they_are_removed(file: SessionFile) -> None:
    old = Session(BOT, "D1", "saved", "k", ("D0",))
    async with serving(LoginServer()) as http:
        session = await open_new_device(with_password(), http, file, old, "the store is old")
    assert file.load() == session
    assert session.left_behind == ("D0", "D1")


async def test_without_a_password_a_new_device_is_asked_for_in_one_sentence(file: SessionFile) -> None:
    async with serving(LoginServer()) as http:
        with pytest.raises(SessionLost, match=r"the store is old; set COEDU_PASSWORD"):
            await open_new_device(
                Login("", BOT), http, file, Session(BOT, "D1", "t", "k"), "the store is old"
            )


async def test_a_folder_is_one_account_s(file: SessionFile) -> None:
    file.save(Session("@other:test", "D1", "saved", "k"))
    async with serving(LoginServer(tokens={"saved": "D1"})) as http:
        with pytest.raises(SessionLost, match="belongs to @other:test"):
            await open_session(with_password(), http, file)


@pytest.mark.parametrize("login", [with_password("wrong"), Login("", BOT), Login("", BOT, access_token="x")])
async def test_without_a_way_in_it_says_so(file: SessionFile, login: Login) -> None:
    async with serving(LoginServer()) as http:
        with pytest.raises(SessionLost):
            await open_session(login, http, file)


async def test_a_homeserver_that_is_down_costs_no_session(file: SessionFile) -> None:
    file.save(Session(BOT, "D1", "saved", "k"))
    async with serving(LoginServer(down=True)) as http:
        with pytest.raises(Unreachable):
            await open_session(with_password(), http, file)
    assert file.load() == Session(BOT, "D1", "saved", "k")


def test_a_damaged_session_file_is_told_and_kept(file: SessionFile) -> None:
    file.path.write_text("{")
    with pytest.raises(SessionLost, match="damaged"):
        file.load()
    assert file.path.exists()


def test_nothing_secret_is_shown() -> None:
    shown = repr(Session(BOT, "D", "hidden", "hidden")) + repr(Login("", BOT, "hidden", "hidden"))
    assert "hidden" not in shown
