from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coedu_bot.events import Content, MessageReceived, RoomEvent, RoomId, SyncBatch, Undecryptable
from coedu_bot.homeserver import SessionLost
from coedu_bot.matrix.account import Session
from coedu_bot.matrix.backoff import Backoff
from coedu_bot.matrix.batches import BatchReader
from coedu_bot.matrix.convert import Converter
from coedu_bot.matrix.encryption import Encryption
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.olm import GuardedOlm
from coedu_bot.matrix.store_marks import StoreMarks
from coedu_bot.matrix.sync import SyncLoop
from coedu_bot.testing.clock import FakeClock
from tests.unit.matrix.devices import ALICE, ROOM, machine, olm_message, room_key
from tests.unit.matrix.key_server import serving
from tests.unit.matrix.quiet import no_verifications
from tests.unit.matrix.sync_server import SyncServer, said, synced

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@dataclass
class Taken:
    """What the bot's side keeps: batches, and undecrypted events until their keys come."""

    batches: list[SyncBatch] = field(default_factory=list)
    failures: int = 0
    undecrypted: list[tuple[RoomId, Content]] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, batch: SyncBatch) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the database is away")
        self.batches.append(batch)
        for event in self.events:
            if isinstance(event, Undecryptable):
                self.undecrypted.append((event.room_id, event.source))
        self.more.set()

    async def waiting(self, sessions: Sequence[str]) -> list[tuple[RoomId, Content]]:
        return [one for one in self.undecrypted if one[1]["content"]["session_id"] in sessions]

    @property
    def events(self) -> list[RoomEvent]:
        return [event for batch in self.batches for room in batch.joined for event in room.events]

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, MessageReceived)]

    async def have(self, number: int) -> None:
        """Wait until so many batches were taken."""
        while len(self.batches) < number:
            self.more.clear()
            await asyncio.wait_for(self.more.wait(), 20)


@dataclass
class Lab:
    server: SyncServer
    http: Http
    encryption: Encryption
    clock: FakeClock
    taken: Taken = field(default_factory=Taken)

    def loop(self) -> SyncLoop:
        verifications = no_verifications(ALICE, self.clock)
        reader = BatchReader(ALICE, self.http, Converter(), self.encryption, verifications)
        backoff = Backoff(self.clock, Random(1))
        return SyncLoop(self.http, reader, self.encryption, backoff, (self.encryption,))

    @asynccontextmanager
    async def running(self, since: str | None = "s0") -> AsyncIterator[Taken]:
        run = asyncio.create_task(self.loop().run(self.taken.take, since, self.taken.waiting))
        try:
            yield self.taken
        finally:
            run.cancel()
            await asyncio.gather(run, return_exceptions=True)


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    async with serving(SyncServer()) as server:
        assert isinstance(server, SyncServer)
        http, clock = Http(server.url, "token"), FakeClock(NOW)
        session = Session(ALICE, "ALICE", "token", "key")
        encryption = Encryption.open(http, session, tmp_path / "crypto" / "a.db", clock)
        await encryption.keep_house()
        yield Lab(server, http, encryption, clock)
        encryption.close()
        await http.close()


async def test_the_next_sync_starts_where_the_last_batch_was_committed(lab: Lab) -> None:
    lab.server.answers = deque([synced("s1", said("a")), synced("s2", said("b"))])
    async with lab.running() as taken:
        await taken.have(2)
    assert taken.texts == ["a", "b"]
    assert lab.server.asked[:2] == ["s0", "s1"]


async def test_a_batch_that_could_not_be_committed_comes_again_whole(lab: Lab) -> None:
    lab.server.answers = deque([synced("s1", said("a")), synced("s2", said("b"))])
    lab.taken.failures = 3
    async with lab.running() as taken:
        await taken.have(2)
    assert taken.texts == ["a", "b"]
    assert lab.server.asked[:2] == ["s0", "s1"]


async def test_a_homeserver_in_trouble_is_left_in_peace_ever_longer(lab: Lab) -> None:
    lab.server.answers = deque([502] * 6 + [synced("s1", said("a"))])
    async with lab.running() as taken:
        await taken.have(1)
    assert 31 <= (lab.clock.now() - NOW).total_seconds() <= 63  # 1 + 2 + ... + 32 s, each at least by half
    assert lab.server.asked[:7] == ["s0"] * 7


async def test_a_rate_limit_is_obeyed(lab: Lab) -> None:
    limit = {"status": 429, "errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 7000}
    lab.server.answers = deque([limit, synced("s1")])
    async with lab.running() as taken:
        await taken.have(1)
    assert (lab.clock.now() - NOW).total_seconds() == 7


async def test_a_lost_session_ends_it(lab: Lab) -> None:
    lab.server.answers = deque([{"status": 401, "errcode": "M_UNKNOWN_TOKEN"}])
    with pytest.raises(SessionLost):
        await lab.loop().run(lab.taken.take, "s0", lab.taken.waiting)


async def test_a_new_account_begins_now(lab: Lab) -> None:
    invite = {"type": "m.room.member", "state_key": ALICE, "sender": "@bob:test"}
    stripped = [{**invite, "content": {"membership": "invite", "is_direct": True}}]
    first = synced("s1", said("old"))
    first["rooms"]["invite"] = {"!other:test": {"invite_state": {"events": stripped}}}
    lab.server.answers = deque([first])
    async with lab.running(since=None) as taken:
        await taken.have(1)
    assert [room.room_id for room in taken.batches[0].joined] == [ROOM]
    assert [(one.sender, one.direct) for one in taken.batches[0].invited] == [("@bob:test", True)]
    assert taken.events == []


async def test_what_was_said_before_the_bot_joined_is_not_for_it(lab: Lab) -> None:
    before, after = said("before", membership="leave"), said("after", membership="join")
    lab.server.answers = deque([synced("s1", before, after)])
    async with lab.running() as taken:
        await taken.have(1)
    assert taken.texts == ["after"]


async def test_the_bot_does_not_hear_itself(lab: Lab) -> None:
    lab.server.answers = deque([synced("s1", said("mine", sender=ALICE), said("yours"))])
    async with lab.running() as taken:
        await taken.have(1)
    assert taken.texts == ["yours"]


async def test_a_gap_is_filled_to_its_end_oldest_first_and_once(lab: Lab) -> None:
    pages = 60
    for page in range(pages):  # newest first, each page beginning with an event of the one before
        number = 2 * (pages - page)
        chunk = [said(str(number)), said(str(number - 1)), said(str(number - 2))]
        lab.server.pages[f"p{page}"] = {"chunk": chunk, "end": f"p{page + 1}"}
    lab.server.pages[f"p{pages}"] = {"chunk": []}
    lab.server.answers = deque([synced("s1", said("last"), limited=True)])
    async with lab.running() as taken:
        await taken.have(1)
    assert taken.texts == [*(str(number) for number in range(2 * pages + 1)), "last"]


async def test_a_gap_that_fails_half_way_is_filled_on_the_next_attempt(lab: Lab) -> None:
    lab.server.pages["p0"] = {"chunk": [said("b")], "end": "p1"}
    lab.server.pages["p1"] = {"chunk": [said("a")]}
    lab.server.answers = deque([synced("s1", said("c"), limited=True)])
    lab.http.base_url = lab.server.url
    async with lab.running() as taken:
        await taken.have(1)
    assert taken.texts == ["a", "b", "c"]
    assert lab.server.asked[0] == "s0"


async def test_a_gap_one_may_not_see_does_not_stop_the_rest(lab: Lab) -> None:
    lab.server.answers = deque([synced("s1", said("c"), limited=True), synced("s2", said("d"))])
    async with lab.running() as taken:
        await taken.have(2)
    assert taken.texts == ["c", "d"]


def encrypted(mallory: GuardedOlm, ours: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """An encrypted event, and the to-device message with its key."""
    session, content = room_key()
    inside = {"type": "m.room.message", "room_id": ROOM, "content": {"msgtype": "m.text", "body": "late"}}
    import json

    body = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "sender_key": mallory.account.identity_keys["curve25519"],
        "device_id": mallory.device_id,
        "session_id": session.session_id,
        "ciphertext": session.encrypt(json.dumps(inside).encode()).to_base64(),
    }
    event = {**said("x", sender=mallory.user_id), "type": "m.room.encrypted", "content": body}
    return event, olm_message(mallory, ours, "m.room_key", content)


async def test_an_event_whose_key_comes_late_is_handled_then(lab: Lab, tmp_path: Path) -> None:
    bob = machine(tmp_path, "@bob:test", GuardedOlm)
    event, key = encrypted(bob, lab.encryption.olm)
    lab.server.answers = deque([synced("s1", event), synced("s2", to_device={"events": [key]})])
    async with lab.running() as taken:
        await taken.have(2)
    assert [type(one) for one in taken.batches[0].joined[0].events] == [Undecryptable]
    assert [one.text for one in taken.batches[1].late if isinstance(one, MessageReceived)] == ["late"]


async def test_a_key_that_came_just_before_a_kill_is_used_after_it(lab: Lab, tmp_path: Path) -> None:
    bob = machine(tmp_path, "@bob:test", GuardedOlm)
    event, key = encrypted(bob, lab.encryption.olm)
    lab.server.answers = deque([synced("s1", event)])
    async with lab.running() as taken:
        await taken.have(1)
    lab.encryption.take({"to_device": {"events": [key]}})  # and no batch was committed
    lab.server.answers = deque([synced("s2")])
    async with lab.running("s1") as taken:
        await taken.have(2)
    assert [one.text for one in taken.batches[1].late if isinstance(one, MessageReceived)] == ["late"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["!r:test", "timeline", "events", "state", "limited", "invite_state", "type"])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(joined=_JSON, invited=_JSON, left=_JSON, more=_JSON)
def test_no_answer_of_a_homeserver_makes_it_raise(
    tmp_path: Path, joined: Any, invited: Any, left: Any, more: Any
) -> None:
    http = Http("http://localhost")
    store = machine(tmp_path, ALICE, GuardedOlm)
    clock = FakeClock(NOW)
    marks = StoreMarks(http, ALICE, "ALICE", tmp_path / "a.marks", clock)
    encryption = Encryption(http, store, clock, marks)
    reader = BatchReader(ALICE, http, Converter(), encryption, no_verifications(ALICE, clock))
    rooms = {"join": joined, "invite": invited, "leave": left}
    answer = {"next_batch": "s1", "rooms": rooms, "to_device": more, "device_lists": more}
    sessions = encryption.take(answer)
    batch = asyncio.run(reader.read(answer, "s0", sessions, Taken().waiting))
    assert batch.next_token == "s1"
    reader.starting_point(answer)
    encryption.close()
