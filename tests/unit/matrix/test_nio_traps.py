"""What another user can do to stock matrix-nio 0.26.0, and cannot do to us.

The numbers are those of the project's notes on matrix-nio. What needs a homeserver is in test_sharing.py.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import vodozemac
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nio import AsyncClient
from nio.crypto import Olm
from nio.responses import DeviceOneTimeKeyCount

from coedu_bot.clock import SystemClock
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.keys import Keys
from coedu_bot.matrix.olm import MOST_PLACES, GuardedOlm
from coedu_bot.matrix.store_marks import StoreMarks
from tests.unit.matrix.devices import (
    ALICE,
    MALLORY,
    ROOM,
    device_keys,
    garbage,
    machine,
    olm_message,
    one_time_key,
    receive_as_stock,
    room_key,
    to_unknown_key,
)


@pytest.fixture
def stock(tmp_path: Path) -> Olm:
    return machine(tmp_path, ALICE, Olm)


@pytest.fixture
def ours(tmp_path: Path) -> GuardedOlm:
    return machine(tmp_path, ALICE, GuardedOlm)


@pytest.fixture
def mallory(tmp_path: Path) -> Olm:
    return machine(tmp_path, MALLORY, Olm)


@pytest.fixture
def other(tmp_path: Path) -> Olm:
    """Mallory as stock nio meets her: an Olm machine knows one Alice only."""
    (tmp_path / "other").mkdir()
    return machine(tmp_path / "other", MALLORY, Olm)


def keys_of(ours: GuardedOlm, folder: Path) -> Keys:
    http, clock = Http("http://localhost"), SystemClock(timedelta())
    return Keys(http, ours, StoreMarks(http, ALICE, "ALICE", folder / "a.marks", clock))


def assert_still_hears(ours: GuardedOlm, mallory: Olm) -> None:
    session, content = room_key()
    assert ours.receive([olm_message(mallory, ours, "m.room_key", content)]) == [session.session_id]


@pytest.mark.parametrize("type_", [0, 1])
def test_trap_1_a_garbage_body_is_dropped(stock: Olm, ours: GuardedOlm, mallory: Olm, type_: int) -> None:
    with pytest.raises(ValueError):
        receive_as_stock(stock, garbage(stock, {"type": type_, "body": "garbage"}))
    assert ours.receive([garbage(ours, {"type": type_, "body": "garbage"})]) == []
    assert_still_hears(ours, mallory)


def test_trap_2_a_message_for_a_lost_one_time_key_is_dropped(
    stock: Olm, ours: GuardedOlm, mallory: Olm, other: Olm
) -> None:
    with pytest.raises(vodozemac.SessionCreationException):
        receive_as_stock(stock, to_unknown_key(other, stock))
    assert ours.receive([to_unknown_key(mallory, ours)]) == []
    assert_still_hears(ours, mallory)


@pytest.mark.parametrize("ciphertext", [{}, {"type": 0}, {"type": 1}])
def test_trap_3_a_malformed_ciphertext_is_dropped(
    stock: Olm, ours: GuardedOlm, mallory: Olm, ciphertext: Any
) -> None:
    with pytest.raises(KeyError):
        receive_as_stock(stock, garbage(stock, ciphertext))
    assert ours.receive([garbage(ours, ciphertext)]) == []
    assert_still_hears(ours, mallory)


def test_trap_4_a_room_key_that_is_none_is_dropped(
    stock: Olm, ours: GuardedOlm, mallory: Olm, other: Olm
) -> None:
    bad = {**room_key()[1], "session_key": "garbage"}
    with pytest.raises(ValueError):
        receive_as_stock(stock, olm_message(other, stock, "m.room_key", bad))
    assert ours.receive([olm_message(mallory, ours, "m.room_key", bad)]) == []
    assert_still_hears(ours, mallory)


@pytest.mark.parametrize("key", ["ed25519:MALLO", "curve25519:MALLO"])
def test_trap_5_a_device_with_garbage_keys_is_as_if_not_there(
    tmp_path: Path, ours: GuardedOlm, mallory: Olm, key: str
) -> None:
    bad = device_keys(mallory)
    bad[MALLORY]["MALLO"]["keys"][key] = "garbage"
    honest = machine(tmp_path, "@bob:test", Olm)
    ours.take_devices({**bad, **device_keys(honest)})
    assert list(ours.device_store.active_user_devices(MALLORY)) == []
    assert [device.user_id for device in ours.device_store.active_user_devices("@bob:test")] == ["@bob:test"]


def test_trap_5_stops_stock_nio(stock: Olm, mallory: Olm) -> None:
    bad = device_keys(mallory)
    bad[MALLORY]["MALLO"]["keys"]["ed25519:MALLO"] = "garbage"
    with pytest.raises(ValueError):
        stock._handle_key_query(SimpleNamespace(device_keys=bad))


@pytest.mark.parametrize("devices", [None, [], "x", {"D": None}, {"D": {"keys": []}}, {"D": {"keys": {}}}])
def test_trap_5_devices_of_any_shape_are_survived(ours: GuardedOlm, devices: Any) -> None:
    ours.take_devices({MALLORY: devices})
    assert list(ours.device_store.active_user_devices(MALLORY)) == []


def bad_one_time_key(olm: Olm) -> dict[str, Any]:
    """Signed as it should be, and no key."""
    key: dict[str, Any] = {"key": "garbage"}
    signature = olm.sign_json(key)
    key["signatures"] = {olm.user_id: {f"ed25519:{olm.device_id}": signature}}
    return {olm.user_id: {olm.device_id: {"signed_curve25519:AAAA": key}}}


def test_trap_6_one_bad_one_time_key_costs_nobody_else_a_session(
    tmp_path: Path, stock: Olm, ours: GuardedOlm, mallory: Olm
) -> None:
    bob = machine(tmp_path, "@bob:test", Olm)
    known = {**device_keys(mallory), **device_keys(bob)}
    claimed = {**bad_one_time_key(mallory), **one_time_key(bob)}
    ours.take_devices(known)
    ours.take_one_time_keys(claimed)
    assert ours.session_store.get(bob.account.identity_keys["curve25519"]) is not None
    stock._handle_key_query(SimpleNamespace(device_keys=known))
    with pytest.raises(ValueError):
        stock._handle_key_claiming(SimpleNamespace(one_time_keys=claimed))


def test_trap_9_an_empty_pool_of_one_time_keys_is_filled_again(tmp_path: Path, ours: GuardedOlm) -> None:
    client = AsyncClient("http://localhost", ALICE, "ALICE", str(tmp_path))
    client.restore_login(ALICE, "ALICE", "token")
    assert client.olm is not None
    client.olm.account.shared = ours.account.shared = True
    client.olm.uploaded_key_count = 50
    empty = SimpleNamespace(
        device_key_count=DeviceOneTimeKeyCount(0, 0), device_list=SimpleNamespace(changed=[], left=[])
    )
    client._handle_olm_events(empty)  # type: ignore[arg-type]
    assert not client.should_upload_keys

    keys = keys_of(ours, tmp_path)
    keys.count({"device_one_time_keys_count": {}})
    assert ours.should_upload_keys
    client.olm.store.database.close()


def test_trap_9_the_server_says_when_the_fallback_key_is_used(tmp_path: Path, ours: GuardedOlm) -> None:
    ours.account.shared = True
    keys = keys_of(ours, tmp_path)
    keys.count({"device_unused_fallback_key_types": ["signed_curve25519"]})
    assert not keys.are_due
    keys.count({"device_unused_fallback_key_types": []})
    assert keys.are_due


_BROKEN = [one for name, one in vars(vodozemac).items() if name.endswith("Exception")]


@pytest.mark.parametrize("kind", _BROKEN, ids=lambda kind: str(kind.__name__))
def test_trap_12_vodozemac_s_errors_have_no_base_but_value_error(kind: type[Exception]) -> None:
    assert kind.__bases__ == (ValueError,)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.data())
def test_no_to_device_message_raises(ours: GuardedOlm, data: st.DataObject) -> None:
    body = st.fixed_dictionaries({}, optional={"type": st.sampled_from([0, 1]) | _JSON, "body": _JSON})
    raw = data.draw(_JSON | body.map(lambda ciphertext: garbage(ours, ciphertext)))
    assert ours.receive([raw]) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(_JSON, _JSON)
def test_no_answer_about_keys_raises(ours: GuardedOlm, devices: Any, keys: Any) -> None:
    ours.take_devices({MALLORY: devices})
    ours.take_one_time_keys({MALLORY: keys})


@pytest.mark.parametrize("content", [None, {}, {"session_id": 3}, {"session_id": "x", "ciphertext": []}])
def test_no_encrypted_event_raises(ours: GuardedOlm, content: Any) -> None:
    assert ours.open_event({"event_id": "$e", "content": content}, ROOM) is None


def test_what_guards_against_replays_does_not_grow_for_ever(ours: GuardedOlm) -> None:
    for number in range(MOST_PLACES + 10):
        assert ours.first_with(("session", number), f"${number}") == f"${number}"
    assert len(ours.message_index_store) == MOST_PLACES
    assert ours.first_with(("session", MOST_PLACES), "$again") == f"${MOST_PLACES}"


def test_strangers_verifications_and_requests_are_not_kept(ours: GuardedOlm) -> None:
    request = {
        "action": "request",
        "request_id": "1",
        "requesting_device_id": "D",
        "body": {"algorithm": "m.megolm.v1.aes-sha2", "room_id": ROOM, "sender_key": "k", "session_id": "s"},
    }
    ours.receive([{"type": "m.room_key_request", "sender": MALLORY, "content": request}])
    assert not ours.received_key_requests
