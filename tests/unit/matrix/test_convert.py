from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.events import (
    EventRedacted,
    MessageEdited,
    MessageReceived,
    PollAnswered,
    ReactionReceived,
    RoomEvent,
    StateChanged,
    Undecryptable,
    VerificationAsked,
)
from coedu_bot.matrix.convert import Converter

ROOM = "!room:test"


def raw(type_: str, content: Any, **more: Any) -> dict[str, Any]:
    event = {"event_id": "$e", "sender": "@a:test", "origin_server_ts": 1_000, "type": type_}
    return {**event, "content": content, **more}


def converted(event: Any) -> RoomEvent | None:
    return Converter().event(event, ROOM)


def message(**content: Any) -> MessageReceived:
    event = converted(raw("m.room.message", {"msgtype": "m.text", "body": "", **content}))
    assert isinstance(event, MessageReceived)
    return event


def test_the_clock_offset_is_added_on_receipt() -> None:
    event = Converter(timedelta(days=1)).event(raw("m.room.message", {"msgtype": "m.text"}), ROOM)
    assert event is not None
    assert event.sent_at == datetime(1970, 1, 2, 0, 0, 1, tzinfo=UTC)


def test_the_fallback_of_older_clients_is_not_what_the_person_wrote() -> None:
    reply = {"m.in_reply_to": {"event_id": "$q"}}
    event = message(body="> <@b:test> said\n> more\n\n!ok", **{"m.relates_to": reply})
    assert (event.text, event.reply_to) == ("!ok", "$q")


def test_a_request_to_verify_somebody_is_no_message() -> None:
    asked = {"msgtype": "m.key.verification.request", "body": "Ana asks …", "to": "@coedu:test"}
    event = converted(raw("m.room.message", asked))
    assert isinstance(event, VerificationAsked)
    assert (event.of, event.sender) == ("@coedu:test", "@a:test")
    assert converted(raw("m.room.message", {**asked, "to": 3})) is None


def test_a_quote_the_person_wrote_stays() -> None:
    reply = {"m.in_reply_to": {"event_id": "$q"}}
    assert message(body="> a saying\n\nmine", **{"m.relates_to": reply}).text == "> a saying\n\nmine"


def test_a_thread_s_fallback_reply_is_no_reply() -> None:
    thread = {
        "rel_type": "m.thread",
        "event_id": "$t",
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": "$q"},
    }
    event = message(**{"m.relates_to": thread})
    assert (event.thread, event.reply_to) == ("$t", None)


def test_people_are_mentioned_by_key_and_by_pill() -> None:
    pill = '<a href="https://matrix.to/#/%40c%3Atest">C</a>'
    event = message(
        format="org.matrix.custom.html", formatted_body=pill, **{"m.mentions": {"user_ids": ["@b:test", 3]}}
    )
    assert event.mentions == ("@b:test", "@c:test")


def test_a_file_s_name_is_not_a_caption() -> None:
    plain = message(msgtype="m.image", body="a.png", url="mxc://test/1")
    captioned = message(msgtype="m.image", body="look", filename="a.png", url="mxc://test/1")
    assert (plain.text, captioned.text) == ("", "look")
    assert captioned.file is not None
    assert captioned.file.name == "a.png"


def test_a_notice_can_be_told_from_a_text() -> None:
    assert message(msgtype="m.notice").msgtype == "m.notice"


def test_an_edit_is_the_new_content() -> None:
    content = {
        "msgtype": "m.text",
        "body": "* new",
        "m.new_content": {"msgtype": "m.text", "body": "new"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$old"},
    }
    event = converted(raw("m.room.message", content))
    assert isinstance(event, MessageEdited)
    assert (event.target, event.text) == ("$old", "new")


def test_a_tap_is_the_same_with_any_keyboard() -> None:
    for key in ("👍", "👍🏽", "👍\ufe0f"):
        relates = {"rel_type": "m.annotation", "event_id": "$m", "key": key}
        event = converted(raw("m.reaction", {"m.relates_to": relates}))
        assert isinstance(event, ReactionReceived)
        assert event.key == "👍"


def test_a_redaction_names_its_target_in_either_place() -> None:
    for event in (
        raw("m.room.redaction", {"redacts": "$x"}),
        raw("m.room.redaction", {}, redacts="$x"),
    ):
        found = converted(event)
        assert isinstance(found, EventRedacted)
        assert found.target == "$x"


def test_what_was_redacted_already_is_nothing_and_no_fault() -> None:
    converter = Converter()
    event = raw("m.room.message", {}, unsigned={"redacted_because": {}})
    assert converter.event(event, ROOM) is None
    assert converter.dropped == 0


def test_an_unreadable_vote_is_spoiled_and_an_empty_one_abstains() -> None:
    relates = {"rel_type": "m.reference", "event_id": "$p"}
    for answers, spoiled in (([], False), ([1], True), ("a", True), (None, True), (["a\0"], True)):
        content = {"m.relates_to": relates, "org.matrix.msc3381.poll.response": {"answers": answers}}
        event = converted(raw("org.matrix.msc3381.poll.response", content))
        assert isinstance(event, PollAnswered)
        assert (event.answers, event.spoiled) == ((), spoiled)


def test_of_a_giant_vote_as_much_is_kept_as_decides_it() -> None:
    relates = {"rel_type": "m.reference", "event_id": "$p"}
    content = {"answers": [*["a"] * 3000, "unknown", *["a"] * 3000]}
    event = converted(raw("m.poll.response", {"m.relates_to": relates, "m.poll.response": content}))
    assert isinstance(event, PollAnswered)
    assert set(event.answers) == {"a", "unknown"}
    assert len(event.answers) < 300


def test_stable_votes_are_understood() -> None:
    relates = {"rel_type": "m.reference", "event_id": "$p"}
    event = converted(raw("m.poll.response", {"m.relates_to": relates, "m.selections": ["a"]}))
    assert isinstance(event, PollAnswered)
    assert event.answers == ("a",)


def test_what_has_no_key_is_kept_as_it_came() -> None:
    event = converted(raw("m.room.encrypted", {"session_id": "s", "ciphertext": "x"}))
    assert isinstance(event, Undecryptable)
    assert event.source["content"] == {"session_id": "s", "ciphertext": "x"}


def test_text_that_no_database_takes_is_mended() -> None:
    assert message(body="a\0b\ud800c").text == "ab\ufffdc"


def test_nesting_beyond_reason_is_dropped_and_counted() -> None:
    deep: Any = []
    for _ in range(10_000):
        deep = [deep]
    converter = Converter()
    assert converter.event(raw("m.room.topic", {"topic": deep}, state_key=""), ROOM) is None
    assert converter.dropped == 1


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_TYPES = st.sampled_from(
    [
        "m.room.message",
        "m.reaction",
        "m.room.redaction",
        "m.room.encrypted",
        "m.poll.response",
        "org.matrix.msc3381.poll.end",
        "m.room.name",
    ]
)
_KEYS = st.sampled_from(
    [
        "msgtype",
        "body",
        "formatted_body",
        "format",
        "m.relates_to",
        "m.new_content",
        "m.mentions",
        "redacts",
        "file",
        "url",
        "info",
        "filename",
        "session_id",
        "m.selections",
        "m.poll.response",
    ]
)
_RELATES = st.fixed_dictionaries(
    {},
    optional={
        "rel_type": st.sampled_from(["m.replace", "m.thread", "m.annotation", "m.reference"]) | _JSON,
        "event_id": st.just("$x") | _JSON,
        "key": _JSON,
        "m.in_reply_to": _JSON,
    },
)
_CONTENT = st.dictionaries(_KEYS, _JSON | _RELATES, max_size=8)


@given(_JSON)
def test_no_json_at_all_makes_it_raise(event: Any) -> None:
    converter = Converter()
    converter.event(event, ROOM)
    converter.state(event)
    converter.invitation(event, ROOM, "@me:test")


@given(_TYPES, _CONTENT | _JSON, st.none() | st.text(max_size=5), _JSON)
def test_no_content_makes_it_raise(type_: str, content: Any, state_key: str | None, unsigned: Any) -> None:
    more = {} if state_key is None else {"state_key": state_key}
    event = converted(raw(type_, content, unsigned=unsigned, **more))
    assert event is None or event.room_id == ROOM
    assert not isinstance(event, StateChanged) or state_key is not None


@given(_JSON)
def test_no_time_makes_it_raise(time: Any) -> None:
    Converter().event(raw("m.room.message", {"msgtype": "m.text"}) | {"origin_server_ts": time}, ROOM)
