"""Nothing that a person can send stops the bot, and nothing of a stranger's changes what is not theirs."""

from __future__ import annotations

import asyncio
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.corpus import JSON, NAMES, NASTY, deep
from tests.hostile.school import STRANGER, School, event, school

_ALLOWED = {
    *("p", "br", "b", "strong", "i", "em", "u", "s", "del", "code", "pre", "blockquote", "ul", "ol", "li"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "a", "hr", "details", "summary", "span", "div", "sup", "sub"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_LINKS = ("https://", "http://", "mailto:", "matrix:", "tel:")
_TYPES = st.sampled_from(
    [
        "m.room.message",
        "m.reaction",
        "m.room.redaction",
        "m.room.encrypted",
        "m.room.member",
        "m.room.power_levels",
        "m.room.tombstone",
        "m.room.encryption",
        "m.room.name",
        "m.room.pinned_events",
        "org.matrix.msc3381.poll.start",
        "org.matrix.msc3381.poll.response",
        "org.matrix.msc3381.poll.end",
        "m.poll.response",
        "m.room_key",
    ]
)
_MESSAGE = st.fixed_dictionaries(
    {},
    optional={
        "msgtype": st.sampled_from(["m.text", "m.notice", "m.image", "m.file"]) | JSON,
        "body": st.sampled_from(NASTY) | JSON,
        "formatted_body": st.sampled_from(NASTY) | JSON,
        "format": st.just("org.matrix.custom.html") | JSON,
        "url": st.just("mxc://evil/../../etc") | JSON,
        "filename": st.sampled_from(["../../../etc/passwd", "con.", "a" * 500]) | JSON,
        "info": JSON,
        "m.mentions": st.just({"room": True, "user_ids": ["@all:test"]}) | JSON,
        "m.new_content": st.fixed_dictionaries({"body": st.sampled_from(NASTY)}) | JSON,
        "org.coedu": st.just({"kind": "announcement", "id": "A1", "ref": "x"}) | JSON,
        "org.matrix.msc3381.poll.response": st.just({"answers": ["1", "1"]}) | JSON,
    },
)
# what a relation points at: `A1`'s own message, its command, or anything
_RELATION = st.fixed_dictionaries(
    {},
    optional={
        "rel_type": st.sampled_from(["m.replace", "m.thread", "m.annotation", "m.reference"]) | JSON,
        "event_id": st.sampled_from(["POST", "COMMAND"]) | JSON,
        "key": st.sampled_from(["✅", "✅️", "❌", "👍🏽", "🌐", "🇹🇷", "💤"]) | JSON,
        "m.in_reply_to": st.sampled_from([{"event_id": "POST"}, {"event_id": "COMMAND"}]) | JSON,
    },
)
_EVENTS = st.tuples(_TYPES, _MESSAGE, _RELATION | JSON, st.none() | st.text(max_size=10))


def aimed(value: Any, places: dict[str, str]) -> Any:
    """The relation with the real ids of what is attacked."""
    if isinstance(value, dict):
        return {key: aimed(one, places) for key, one in value.items()}
    return places.get(value, value) if isinstance(value, str) else value


def raw_event(drawn: tuple[str, Any, Any, str | None], places: dict[str, str]) -> dict[str, Any]:
    type_, content, relation, state_key = drawn
    whole = {**content, "m.relates_to": aimed(relation, places)}
    more = {} if state_key is None else {"state_key": state_key}
    return event(type_, whole, redacts=places["POST"], **more)


def places_of(one: School) -> dict[str, str]:
    post = one.room.of_kind("announcement")[-1]
    command = next(e for e in one.bot.homeserver.rooms[one.room.id].timeline if e.sender == "@durand:test")
    return {"POST": post.event_id, "COMMAND": command.event_id}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_EVENTS, min_size=1, max_size=12))
def test_fuzzed_events_of_a_member_neither_stop_the_bot_nor_change_an_item(drawn: list[Any]) -> None:
    async def attack() -> None:
        async with school() as one:
            places = places_of(one)
            before = await one.fingerprint()
            await one.arrives(*(raw_event(each, places) for each in drawn))
            after = await one.fingerprint()
            strangers = [row for row in after["announcements_reading"] if STRANGER in row]
            # a member's own tap is a reading of theirs; nothing else may differ
            after["announcements_reading"] = [r for r in after["announcements_reading"] if r not in strangers]
            assert after == before
            assert not _faults(one)
            assert await one.still_answers()

    asyncio.run(attack())


@pytest.mark.parametrize("levels", [50, 400, 900])
async def test_a_deeply_nested_event_is_skipped(levels: int) -> None:
    async with school() as one:
        await one.arrives(event("m.room.message", {"msgtype": "m.text", "body": "!ping", **deep(levels)}))
        assert await one.still_answers()


async def test_a_giant_message_is_handled_like_any_other() -> None:
    async with school() as one:
        await one.arrives(event("m.room.message", {"msgtype": "m.text", "body": "!aide " + "x" * 60_000}))
        assert await one.still_answers()


@pytest.mark.parametrize("name", NAMES)
async def test_no_display_name_gets_markup_or_a_mention_into_what_the_bot_says(name: str) -> None:
    async with school(stranger_name=name) as one:
        for text in ("!annuler A1", "!suivi A1", "!modifier A1 x", "!aide"):
            await one.room.say(STRANGER, text)
        await one.room.say("@durand:test", "!relance A1")
        await one.room.say("@durand:test", "!suivi A1")
        assert all_harmless(one)


@pytest.mark.parametrize("text", NASTY)
async def test_nothing_that_a_stranger_writes_is_executed_shown_as_markup_or_answered_with_names(
    text: str,
) -> None:
    async with school() as one:
        before = await one.fingerprint()
        await one.room.say(STRANGER, text)
        private = await one.bot.direct(STRANGER)
        await private.say(STRANGER, text)
        assert await one.fingerprint() == before
        assert all_harmless(one)
        assert not [shown for shown in private.shown if "Benali" in shown.body]
        assert await one.still_answers()


@pytest.mark.parametrize("text", [text for text in NASTY if text.startswith("!annonce")])
async def test_what_a_teacher_posts_is_shown_without_active_markup_or_mentions(text: str) -> None:
    async with school() as one:
        await one.room.say("@durand:test", text)
        assert all_harmless(one)
        assert not _faults(one)


def all_harmless(one: School) -> bool:
    """Every message says whom it mentions, nobody here; its HTML is plain and leads nowhere odd."""
    for content in one.sent():
        if "body" in content:
            assert content["m.mentions"] == {}, content
            _Reader().feed(str(content.get("formatted_body", "")))
    return True


class _Reader(HTMLParser):
    """A client that minds what it is given."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _ALLOWED, tag
        for name, value in attrs:
            assert name in ("href", "start", "class", "rel", "target"), (tag, name)
            assert name != "href" or (value or "").startswith(_LINKS), value


def _faults(one: School) -> list[str]:
    return [str(c["body"]) for c in one.sent() if c.get("org.coedu", {}).get("kind") == "fault"]


async def test_a_name_that_is_a_formula_is_text_in_a_spreadsheet() -> None:
    async with school(stranger_name='=HYPERLINK("http://evil.test")') as one:
        for number in range(20):
            await one.room.join(f"@parent{number}:test", f"+cmd{number}")
        await one.room.say("@durand:test", "!suivi A1")
        files = [data.decode("utf-8-sig") for data in one.bot.homeserver.files.values()]
        assert len(files) == 1
        cells = [line.split(";")[0] for line in files[0].splitlines()]
        assert [cell for cell in cells if cell.lstrip('"').startswith(("=", "+", "-", "@"))] == []
        assert any("cmd3" in cell for cell in cells)
