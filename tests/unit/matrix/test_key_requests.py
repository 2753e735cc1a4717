"""Keys that did not come: asked for of their senders, and taken only from them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import vodozemac

from coedu_bot.events import KeyWithheld
from coedu_bot.matrix.account import Session
from coedu_bot.matrix.encryption import Encryption
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.olm import GuardedOlm
from coedu_bot.testing.clock import FakeClock
from tests.unit.matrix.devices import (
    ALICE,
    MALLORY,
    ROOM,
    device_keys,
    machine,
    olm_message,
    room_key,
    to_unknown_key,
)
from tests.unit.matrix.key_server import KeyServer, serving

BOB = "@bob:test"


@dataclass
class Lab:
    server: KeyServer
    encryption: Encryption
    clock: FakeClock

    @property
    def requests(self) -> list[Any]:
        return [one for one in self.server.to_device if "*" in next(iter(one["messages"].values()))]

    async def a_moment_later(self) -> None:
        self.clock.advance(timedelta(seconds=5))
        assert self.encryption.has_chores
        await self.encryption.keep_house()


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    async with serving(KeyServer()) as server:
        http, clock = Http(server.url, "token"), FakeClock(datetime(2026, 11, 24, tzinfo=UTC))
        session = Session(ALICE, "ALICE", "token", "key")
        encryption = Encryption.open(http, session, tmp_path / "crypto" / "a.db", clock)
        await encryption.keep_house()
        yield Lab(server, encryption, clock)
        encryption.close()
        await http.close()


@pytest.fixture
def bob(tmp_path: Path) -> GuardedOlm:
    return machine(tmp_path, BOB, GuardedOlm)


def closed(session: vodozemac.GroupSession, sender: str = BOB) -> dict[str, Any]:
    """An encrypted message as a timeline brings it."""
    text = f'{{"type":"m.room.message","content":{{"body":"hi"}},"room_id":"{ROOM}"}}'
    content = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "session_id": session.session_id,
        "ciphertext": session.encrypt(text.encode()).to_base64(),
    }
    return {"event_id": "$e", "sender": sender, "type": "m.room.encrypted", "content": content}


def forwarded(key: dict[str, Any], owner: GuardedOlm) -> dict[str, Any]:
    """The content of an m.forwarded_room_key for the key of an m.room_key."""
    start = vodozemac.SessionKey(key["session_key"])
    exported = vodozemac.InboundGroupSession(start).export_at(0)
    assert exported is not None
    return {
        **key,
        "session_key": exported.to_base64(),
        "sender_key": owner.account.identity_keys["curve25519"],
        "sender_claimed_ed25519_key": owner.account.identity_keys["ed25519"],
        "forwarding_curve25519_key_chain": [],
    }


async def test_a_missing_key_is_asked_for_once_of_its_sender(lab: Lab) -> None:
    session, _ = room_key()
    for _ in range(3):
        assert lab.encryption.decrypted(closed(session), ROOM) is None
    await lab.a_moment_later()
    assert lab.encryption.decrypted(closed(session), ROOM) is None
    await lab.encryption.keep_house()
    (request,) = lab.requests
    body = request["messages"][BOB]["*"]["body"]
    assert (body["room_id"], body["session_id"]) == (ROOM, session.session_id)


async def test_a_key_that_comes_meanwhile_is_not_asked_for(lab: Lab, bob: GuardedOlm) -> None:
    session, content = room_key()
    assert lab.encryption.decrypted(closed(session), ROOM) is None
    lab.encryption.olm.receive([olm_message(bob, lab.encryption.olm, "m.room_key", content)])
    await lab.a_moment_later()
    assert lab.requests == []


async def test_the_answer_of_the_one_who_was_asked_opens_the_message(lab: Lab, bob: GuardedOlm) -> None:
    session, key = room_key()
    message = closed(session)
    content = forwarded(key, bob)
    lab.encryption.decrypted(message, ROOM)
    await lab.a_moment_later()
    answer = olm_message(bob, lab.encryption.olm, "m.forwarded_room_key", content)
    assert lab.encryption.olm.receive([answer]) == [session.session_id]
    opened = lab.encryption.decrypted(message, ROOM)
    assert opened is not None
    assert opened["content"] == {"body": "hi"}


async def test_a_key_that_nobody_asked_for_is_not_taken(lab: Lab, bob: GuardedOlm) -> None:
    _, key = room_key()
    answer = olm_message(bob, lab.encryption.olm, "m.forwarded_room_key", forwarded(key, bob))
    assert lab.encryption.olm.receive([answer]) == []


async def test_somebody_else_s_answer_is_not_taken(lab: Lab, tmp_path: Path, bob: GuardedOlm) -> None:
    session, key = room_key()
    content = forwarded(key, bob)
    lab.encryption.decrypted(closed(session), ROOM)
    await lab.a_moment_later()
    mallory = machine(tmp_path, MALLORY, GuardedOlm)
    answer = olm_message(mallory, lab.encryption.olm, "m.forwarded_room_key", content)
    assert lab.encryption.olm.receive([answer]) == []
    assert session.session_id not in lab.encryption.readable_sessions()


async def test_who_writes_with_a_key_we_lost_gets_a_new_session(lab: Lab, bob: GuardedOlm) -> None:
    lab.server.join(bob)
    lab.encryption.olm.take_devices(device_keys(bob))
    lost = {**to_unknown_key(bob, lab.encryption.olm), "sender": BOB}
    assert lab.encryption.olm.receive([lost]) == []
    assert lab.encryption.has_chores
    await lab.encryption.keep_house()
    assert bob.device_id in str(lab.server.to_device[-1])


def test_a_refusal_is_read_and_nonsense_is_not() -> None:
    def to_device(**content: Any) -> dict[str, Any]:
        raw = {"type": "m.room_key.withheld", "sender": BOB, "content": content}
        return {"to_device": {"events": [raw, None, {"type": "m.dummy"}]}}

    read = Encryption.withheld
    full = to_device(code="m.unverified", room_id=ROOM, session_id="s")
    assert read(full) == (KeyWithheld("s", ROOM, BOB, "m.unverified"),)
    assert read(to_device(code="m.no_olm")) == (KeyWithheld("", "", BOB, "m.no_olm"),)
    for content in ({}, {"code": "m.made.up"}, {"code": 3}, {"code": "m.no_olm", "room_id": 3}):
        assert read(to_device(**content)) == ()
