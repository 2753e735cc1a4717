"""Room keys over real HTTP: who can read what."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from nio.crypto import Olm

from coedu_bot.events import StateEvent
from coedu_bot.matrix.convert import Converter
from coedu_bot.matrix.olm import GuardedOlm
from coedu_bot.testing.clock import FakeClock
from tests.unit.matrix.devices import ALICE, ROOM, machine
from tests.unit.matrix.key_server import KeyServer
from tests.unit.matrix.sharing import NOW, TEXT, ours, read


def membership(olm: Olm, word: str) -> StateEvent:
    return StateEvent("m.room.member", olm.user_id, {"membership": word}, olm.user_id)


async def test_everybody_in_the_room_reads_it(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm, carol: GuardedOlm
) -> None:
    server.join(bob, carol)
    async with ours(server, tmp_path) as homeserver:
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
    assert (read(server, bob), read(server, carol)) == ("hello", "hello")


async def test_a_device_without_a_key_is_asked_again_later(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm
) -> None:
    server.join(bob)
    server.spoiled = {bob.user_id}
    clock = FakeClock(NOW)
    async with ours(server, tmp_path, clock) as homeserver:
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
        server.spoiled.clear()
        clock.advance(timedelta(minutes=11))
        await homeserver.send(ROOM, "m.room.message", TEXT, "t2")
    assert read(server, bob) == "hello"


async def test_a_plain_room_stays_plain_until_encryption_is_switched_on(
    server: KeyServer, tmp_path: Path
) -> None:
    server.encrypted = False
    async with ours(server, tmp_path) as homeserver:
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
        homeserver.encryption.observe(ROOM, StateEvent("m.room.encryption", "", {}))
        await homeserver.send(ROOM, "m.room.message", TEXT, "t2")
    assert [type_ for type_, _ in server.sent] == ["m.room.message", "m.room.encrypted"]


async def test_a_room_once_encrypted_stays_so_after_a_restart(server: KeyServer, tmp_path: Path) -> None:
    async with ours(server, tmp_path) as homeserver:
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
    server.encrypted = False
    async with ours(server, tmp_path) as homeserver:
        await homeserver.send(ROOM, "m.room.message", TEXT, "t2")
    assert [type_ for type_, _ in server.sent] == ["m.room.encrypted"] * 2


async def test_who_left_reads_nothing_more(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm, carol: GuardedOlm
) -> None:
    server.join(bob, carol)
    async with ours(server, tmp_path) as homeserver:
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
        homeserver.encryption.observe(ROOM, membership(bob, "leave"))
        await homeserver.send(ROOM, "m.room.message", TEXT, "t2")
    assert (read(server, bob, 0), read(server, bob, 1), read(server, carol, 1)) == ("hello", None, "hello")


async def test_whom_we_put_out_reads_nothing_more(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm, carol: GuardedOlm
) -> None:
    server.join(bob, carol)
    async with ours(server, tmp_path) as homeserver:
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
        # our own events do not come back to us: the call's answer is all there is
        homeserver.encryption.observe(ROOM, membership(bob, "ban"))
        await homeserver.send(ROOM, "m.room.message", TEXT, "t2")
    assert read(server, bob) is None


async def test_who_comes_reads_on_from_there(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm, carol: GuardedOlm
) -> None:
    server.join(bob)
    async with ours(server, tmp_path) as homeserver:
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
        server.join(carol)
        homeserver.encryption.observe(ROOM, membership(carol, "join"))
        await homeserver.send(ROOM, "m.room.message", TEXT, "t2")
    assert (read(server, carol, 0), read(server, carol, 1)) == (None, "hello")
    assert server.sent[0][1]["session_id"] == server.sent[1][1]["session_id"]


async def test_a_device_that_appears_in_the_middle_of_a_send_reads_it(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm
) -> None:
    phone = machine(tmp_path, bob.user_id, GuardedOlm, "PHONE")
    server.join(bob)
    async with ours(server, tmp_path) as homeserver:

        def new_phone() -> None:
            server.second_devices.append(phone)
            homeserver.encryption.take({"device_lists": {"changed": [bob.user_id]}})

        server.meanwhile = new_phone
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
    assert (read(server, bob), read(server, phone)) == ("hello", "hello")


async def test_who_leaves_in_the_middle_of_a_send_does_not_read_it(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm, carol: GuardedOlm
) -> None:
    server.join(bob, carol)
    async with ours(server, tmp_path) as homeserver:
        leaving = membership(bob, "leave")
        server.meanwhile = lambda: homeserver.encryption.observe(ROOM, leaving)
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
    assert (read(server, bob), read(server, carol)) == (None, "hello")


async def test_a_share_can_be_done_ahead_of_need(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm, carol: GuardedOlm
) -> None:
    server.join(bob)
    async with ours(server, tmp_path) as homeserver:
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
        await homeserver.encryption.keep_house()
        assert not homeserver.encryption.has_chores
        server.join(carol)
        homeserver.encryption.observe(ROOM, membership(carol, "join"))
        assert homeserver.encryption.has_chores
        await homeserver.encryption.keep_house()
        assert server.messages_to(carol)
        assert not homeserver.encryption.has_chores


async def test_a_worn_session_is_replaced_before_anybody_waits_for_it(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm
) -> None:
    server.join(bob)
    async with ours(server, tmp_path) as homeserver:
        for number in range(90):
            await homeserver.send(ROOM, "m.room.message", TEXT, f"t{number}")
        assert homeserver.encryption.has_chores
        await homeserver.encryption.keep_house()
        assert not homeserver.encryption.has_chores
        shared = len(server.to_device)
        await homeserver.send(ROOM, "m.room.message", TEXT, "next")
        assert len(server.to_device) == shared
    assert server.sent[-1][1]["session_id"] != server.sent[-2][1]["session_id"]
    assert (read(server, bob, 0), read(server, bob)) == ("hello", "hello")


async def test_reactions_stay_in_clear(server: KeyServer, tmp_path: Path) -> None:
    async with ours(server, tmp_path) as homeserver:
        await homeserver.send(ROOM, "m.reaction", {"m.relates_to": {}}, "t1")
    assert server.sent == [("m.reaction", {"m.relates_to": {}})]


async def test_what_a_message_relates_to_stays_in_clear(server: KeyServer, tmp_path: Path) -> None:
    relates = {"m.in_reply_to": {"event_id": "$q"}}
    async with ours(server, tmp_path) as homeserver:
        await homeserver.send(ROOM, "m.room.message", {**TEXT, "m.relates_to": relates}, "t1")
    assert server.sent[0][1]["m.relates_to"] == relates


async def test_a_redaction_inside_an_encrypted_event_is_a_forgery(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm
) -> None:
    server.join(bob)
    async with ours(server, tmp_path) as homeserver:
        await homeserver.send(ROOM, "m.room.redaction", {"redacts": "$x"}, "t1")
        raw = {"event_id": "$f", "sender": ALICE, "origin_server_ts": 1, "content": server.sent[0][1]}
        clear = homeserver.encryption.decrypted(raw, ROOM)
    assert clear is not None
    assert Converter().event(clear, ROOM) is None


async def test_a_message_sent_twice_by_a_homeserver_is_not_read_twice(
    server: KeyServer, tmp_path: Path, bob: GuardedOlm
) -> None:
    server.join(bob)
    async with ours(server, tmp_path) as homeserver:
        await homeserver.send(ROOM, "m.room.message", TEXT, "t1")
    bob.receive(server.messages_to(bob))
    raw = {"event_id": "$1", "content": server.sent[0][1]}
    assert bob.open_event(raw, ROOM) == bob.open_event(raw, ROOM) is not None
    assert bob.open_event({**raw, "event_id": "$2"}, ROOM) is None


async def test_the_crypto_store_is_for_its_owner_only(server: KeyServer, tmp_path: Path) -> None:
    async with ours(server, tmp_path):
        assert (tmp_path / "crypto" / "ours.db").stat().st_mode & 0o077 == 0
        assert (tmp_path / "crypto").stat().st_mode & 0o077 == 0
