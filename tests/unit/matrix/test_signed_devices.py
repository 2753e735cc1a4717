"""Keys only for devices that their owners have signed: who is judged how, and what the others are told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coedu_bot.events import StateEvent
from coedu_bot.matrix.account import Session
from coedu_bot.matrix.convert import Converter
from coedu_bot.matrix.encryption import Encryption
from coedu_bot.matrix.homeserver import MatrixHomeserver
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.identity import Identity
from coedu_bot.matrix.olm import GuardedOlm
from coedu_bot.testing import FakeClock
from tests.unit.matrix.devices import ALICE, ROOM, device_keys, machine
from tests.unit.matrix.key_server import KeyServer, serving

SAID = {"msgtype": "m.text", "body": "bonjour"}
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture
async def server() -> AsyncIterator[KeyServer]:
    async with serving(KeyServer()) as running:
        yield running


@pytest.fixture
def bob(tmp_path: Path) -> GuardedOlm:
    return machine(tmp_path, "@bob:test", GuardedOlm)


@asynccontextmanager
async def strict(server: KeyServer, folder: Path) -> AsyncIterator[MatrixHomeserver]:
    http = Http(server.url, "token")
    session, store = Session(ALICE, "ALICE", "token", "key"), folder / "crypto" / "ours.db"
    encryption = Encryption.open(http, session, store, FakeClock(NOW), only_signed=True)
    try:
        yield MatrixHomeserver(ALICE, http, Converter(), encryption)
    finally:
        encryption.close()
        await http.close()


def sign(server: KeyServer, olm: GuardedOlm, identity: Identity, **faults: Any) -> None:
    """The server shows the device with its owner's identity; `faults` replace parts of that."""
    keys = device_keys(olm)[olm.user_id][olm.device_id]
    shown = {**identity.upload(), "device": identity.self_signing.signed(keys, olm.user_id), **faults}
    server.identities[olm.user_id] = shown


async def say(homeserver: MatrixHomeserver, number: int) -> None:
    await homeserver.send(ROOM, "m.room.message", SAID, f"t{number}")


def read(server: KeyServer, reader: GuardedOlm) -> str | None:
    """What somebody reads of the last message; None without its key."""
    reader.receive(server.messages_to(reader))
    _, content = server.sent[-1]
    inside = reader.open_event({"event_id": f"${len(server.sent)}", "content": content}, ROOM)
    return inside["content"]["body"] if inside else None


def told(server: KeyServer, olm: GuardedOlm) -> list[dict[str, Any]]:
    """What the device was told of keys that it does not get."""
    return [one for one in server.contents_to(olm) if one.get("code")]


async def test_a_device_that_its_owner_signed_reads(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm
) -> None:
    server.join(bob)
    sign(server, bob, Identity.new(bob.user_id))
    async with strict(server, tmp_path) as homeserver:
        await say(homeserver, 1)
    assert read(server, bob) == "bonjour"
    assert told(server, bob) == []


async def test_a_device_without_a_signature_is_told_once_why_it_gets_no_key(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm
) -> None:
    server.join(bob)
    async with strict(server, tmp_path) as homeserver:
        await say(homeserver, 1)
        await say(homeserver, 2)
        homeserver.encryption.observe(
            ROOM, StateEvent("m.room.member", "@carol:test", {"membership": "join"})
        )
        await say(homeserver, 3)
    assert read(server, bob) is None
    assert [(one["code"], one["room_id"]) for one in told(server, bob)] == [("m.unverified", ROOM)]


@pytest.mark.parametrize("part", ["device", "self_signing_key", "master_key"])
async def test_a_signature_of_somebody_else_is_none(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm, part: str
) -> None:
    server.join(bob)
    others = Identity.new(bob.user_id)
    keys = device_keys(bob)[bob.user_id][bob.device_id]
    forged = {**others.upload(), "device": others.self_signing.signed(keys, bob.user_id)}
    sign(server, bob, Identity.new(bob.user_id), **{part: forged[part]})
    async with strict(server, tmp_path) as homeserver:
        await say(homeserver, 1)
    assert read(server, bob) is None
    assert len(told(server, bob)) == 1


async def test_a_device_that_is_signed_later_reads_from_then_on(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm
) -> None:
    server.join(bob)
    async with strict(server, tmp_path) as homeserver:
        await say(homeserver, 1)
        sign(server, bob, Identity.new(bob.user_id))
        homeserver.encryption.take({"device_lists": {"changed": [bob.user_id]}})
        await say(homeserver, 2)
    assert read(server, bob) == "bonjour"


async def test_a_device_whose_owner_begins_a_new_identity_reads_nothing_more(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm
) -> None:
    server.join(bob)
    sign(server, bob, Identity.new(bob.user_id))
    async with strict(server, tmp_path) as homeserver:
        await say(homeserver, 1)
        assert read(server, bob) == "bonjour"
        sign(server, bob, Identity.new(bob.user_id), device=device_keys(bob)[bob.user_id][bob.device_id])
        homeserver.encryption.take({"device_lists": {"changed": [bob.user_id]}})
        await say(homeserver, 2)
    assert read(server, bob) is None


async def test_after_a_restart_everybody_is_judged_anew(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm
) -> None:
    server.join(bob)
    sign(server, bob, Identity.new(bob.user_id))
    async with strict(server, tmp_path) as homeserver:
        await say(homeserver, 1)
    sign(server, bob, Identity.new(bob.user_id), device=device_keys(bob)[bob.user_id][bob.device_id])
    async with strict(server, tmp_path) as homeserver:
        await say(homeserver, 2)
    assert read(server, bob) is None
