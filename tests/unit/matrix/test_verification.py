"""Verification as the other side may do it, rightly and wrongly: how far it comes, and how it is refused."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from nio.crypto import Sas as NioSas

from coedu_bot.matrix.signing import canonical, to_base64
from coedu_bot.matrix.verification_window import Window
from tests.unit.matrix.asking_device import ID, KEYS, NOW, REQUEST, START, THEM, US, Other


async def test_both_sides_show_the_same_and_vouch_for_their_keys() -> None:
    other = Other()
    window = await other.until_shown()
    accepted = other.answer("accept")
    promised = hashlib.sha256(other.answer("key")["key"].encode() + canonical(START)).digest()
    assert accepted["commitment"] == to_base64(promised)
    assert window.what is not None
    assert list(window.what.emoji) == [NioSas.emoji[number] for number in other.code()]
    await other.doors.confirm(True)
    about = f"MATRIX_KEY_VERIFICATION_MAC{US.user}{US.device}{THEM.user}{THEM.device}{ID}"
    word = other.answer("mac")
    other.secret().verify_mac("bot", f"{about}ed25519:BOT", word["mac"]["ed25519:BOT"])
    other.secret().verify_mac("ed25519:BOT", f"{about}KEY_IDS", word["keys"])
    assert await other.say("mac", other.word(KEYS)) == "done"
    assert (other.verified, window.over.is_set(), window.problem) == ([THEM], True, "")


async def test_the_other_side_may_confirm_first() -> None:
    other = Other()
    window = await other.until_shown()
    assert await other.say("mac", other.word(KEYS)) == ""
    assert other.verified == []
    await other.doors.confirm(True)
    assert (other.verified, window.problem) == ([THEM], "")


@pytest.mark.parametrize("keys", [{"ed25519:PHONE": "another"}, {"ed25519:TABLET": "phone"}, {}])
async def test_other_keys_than_the_homeserver_shows_verify_nobody(keys: dict[str, str]) -> None:
    other = Other()
    window = await other.until_shown()
    await other.doors.confirm(True)
    assert await other.say("mac", other.word(keys)) == "m.key_mismatch"
    assert (other.verified, window.over.is_set(), bool(window.problem)) == ([], True, True)


async def test_a_forged_word_verifies_nobody() -> None:
    other = Other()
    await other.until_shown()
    await other.doors.confirm(True)
    word = other.word(KEYS)
    assert await other.say("mac", {**word, "keys": word["mac"]["ed25519:PHONE"]}) == "m.key_mismatch"
    assert other.verified == []


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({**REQUEST, "methods": ["m.qr_code.scan.v1"]}, "m.unknown_method"),
        ({**REQUEST, "methods": "m.sas.v1"}, "m.unknown_method"),
        ({**REQUEST, "from_device": 3}, ""),
        ({**REQUEST, "transaction_id": None}, ""),
        ({**REQUEST, "timestamp": 0}, ""),
        ({**REQUEST, "timestamp": float("nan")}, ""),
        ({**REQUEST, "timestamp": (NOW + timedelta(hours=1)).timestamp() * 1000}, ""),
    ],
)
async def test_a_request_that_is_none_is_not_taken_up(request_: dict[str, Any], code: str) -> None:
    other = Other()
    other.doors.window = Window()
    assert await other.say("request", request_) == code
    assert other.doors.takes(THEM.user)


@pytest.mark.parametrize(
    "fault",
    [
        {"method": "m.reciprocate.v1"},
        {"key_agreement_protocols": ["curve25519"]},
        {"hashes": []},
        {"message_authentication_codes": None},
        {"short_authentication_string": ["decimal"]},
    ],
)
async def test_a_start_without_anything_known_is_refused(fault: dict[str, Any]) -> None:
    other = Other()
    other.doors.window = Window()
    await other.say("request", REQUEST)
    assert await other.say("start", {**START, **fault}) == "m.unknown_method"


@pytest.mark.parametrize("kind", ["key", "mac"])
async def test_what_comes_out_of_turn_ends_it(kind: str) -> None:
    other = Other()
    other.doors.window = Window()
    await other.say("request", REQUEST)
    assert await other.say(kind, {"transaction_id": ID, "key": other.key()}) == "m.unexpected_message"
    assert other.doors.window is None


async def test_what_comes_twice_changes_nothing() -> None:
    other = Other()
    await other.until_shown()
    for kind, content in (("request", REQUEST), ("start", START), ("key", {"key": other.key()})):
        assert await other.say(kind, {"transaction_id": ID, **content}) == ""
    await other.doors.confirm(True)
    assert await other.say("mac", other.word(KEYS)) == "done"


async def test_a_start_of_another_device_ends_it() -> None:
    other = Other()
    other.doors.window = Window()
    await other.say("request", REQUEST)
    assert await other.say("start", {**START, "from_device": "TABLET"}) == "m.invalid_message"


async def test_somebody_else_cannot_speak_for_the_one_who_asked() -> None:
    other = Other()
    await other.until_shown()
    for kind in ("cancel", "mac", "key"):
        assert await other.say(kind, {"transaction_id": ID, "code": "m.user"}, "@stranger:test") == ""
    assert await other.say("start", START, "@stranger:test") == "m.unknown_transaction"
    await other.doors.confirm(True)
    assert await other.say("mac", other.word(KEYS)) == "done"


async def test_only_one_at_a_time_only_the_entitled_and_only_while_somebody_waits() -> None:
    other = Other()
    assert await other.say("request", REQUEST) == "m.user"
    other.doors.window = Window()
    assert await other.say("request", REQUEST, "@parent:test") == "m.user"
    assert await other.say("request", REQUEST) == "ready"
    assert await other.say("request", {**REQUEST, "transaction_id": "another"}) == "m.user"


@pytest.mark.parametrize(("has_others", "answer"), [(True, ""), (False, "m.user")])
async def test_sessions_of_the_account_may_verify_each_other(has_others: bool, answer: str) -> None:
    other = Other(has_others=has_others)
    assert await other.say("request", REQUEST, US.user) == answer
    other.doors.window = Window()
    assert await other.say("request", {**REQUEST, "transaction_id": "another"}, US.user) == "ready"


async def test_emoji_that_differ_verify_nobody() -> None:
    other = Other()
    window = await other.until_shown()
    await other.doors.confirm(False)
    assert (other.answer("cancel")["code"], bool(window.problem)) == ("m.mismatched_sas", True)
    assert other.verified == []


async def test_after_ten_minutes_it_is_over() -> None:
    other = Other()
    window = await other.until_shown()
    other.clock.advance(timedelta(minutes=10))
    assert other.doors.has_chores
    await other.doors.keep_house()
    assert (other.answer("cancel")["code"], bool(window.problem)) == ("m.timeout", True)


async def test_a_homeserver_that_is_away_ends_it_with_a_word_at_the_terminal() -> None:
    other = Other()
    window = await other.until_shown()
    other.is_away = True
    await other.doors.confirm(True)
    assert window.problem.startswith("the homeserver does not answer")


async def test_in_a_room_it_is_heard_once_and_only_if_it_is_for_us() -> None:
    other = Other()
    content = {"msgtype": "m.key.verification.request", "body": "", "to": US.user, **REQUEST}
    event = {
        "type": "m.room.message",
        "event_id": "$e",
        "sender": THEM.user,
        "content": content,
        "origin_server_ts": REQUEST["timestamp"],
    }
    assert await other.in_room({**event, "content": {**content, "to": "@other:test"}}) == ""
    assert await other.in_room(event) == "m.user"
    assert await other.in_room(event) == ""
    nameless = {**content, "from_device": None}
    other.doors.window = Window()
    assert await other.in_room({**event, "event_id": "$f", "content": nameless}) == "m.invalid_message"
    assert await other.in_room({**event, "event_id": "$g"}) == "ready"
    assert other.answer("ready")["m.relates_to"] == {"rel_type": "m.reference", "event_id": "$g"}


_ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(some.data())
async def test_nothing_that_is_sent_stops_it(data: some.DataObject) -> None:
    other = Other()
    other.doors.window = Window()
    await other.say("request", REQUEST)
    names = [*START, "key", "mac", "keys", "code", "methods", "timestamp"]
    for _ in range(4):
        kind = data.draw(
            some.sampled_from(["request", "start", "key", "mac", "cancel", "done", "accept", ""])
        )
        content = {**START, **data.draw(some.dictionaries(some.sampled_from(names), _ANYTHING, max_size=4))}
        await other.say(kind, content)
    assert other.verified == []
