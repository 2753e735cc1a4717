"""Nothing that a person can send stops the bot, and nothing of a stranger's changes what is not theirs."""

from __future__ import annotations

import asyncio
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coedu_bot.events import MediaFile
from tests.hostile.corpus import JSON, NAMES, NASTY, deep
from tests.hostile.school import STRANGER, TEACHER, School, event, school

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
        "m.poll.start",
        "m.poll.response",
        "m.poll.end",
        "m.room.create",
        "m.room.join_rules",
        "m.room.topic",
        "m.space.child",
        "m.sticker",
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
# what a relation points at: the message of an item, a command, or anything
_PLACES = st.sampled_from(["POST", "POLL", "REMINDER", "COMMAND"])
_RELATION = st.fixed_dictionaries(
    {},
    optional={
        "rel_type": st.sampled_from(["m.replace", "m.thread", "m.annotation", "m.reference"]) | JSON,
        "event_id": _PLACES | JSON,
        "key": st.sampled_from(["✅", "✅️", "❌", "👍🏽", "🌐", "🇹🇷", "💤"]) | JSON,
        "m.in_reply_to": st.fixed_dictionaries({"event_id": _PLACES}) | JSON,
    },
)
_EVENTS = st.tuples(_TYPES, _MESSAGE, _RELATION | JSON, st.none() | st.text(max_size=10), _PLACES)
Drawn = tuple[str, Any, Any, str | None, str]
_OWN = ("announcements_reading", "polls_vote")  # a member's own taps and votes are theirs


def aimed(value: Any, places: dict[str, str]) -> Any:
    """The relation with the real ids of what is attacked."""
    if isinstance(value, dict):
        return {key: aimed(one, places) for key, one in value.items()}
    return places.get(value, value) if isinstance(value, str) else value


def raw_event(drawn: Drawn, places: dict[str, str]) -> dict[str, Any]:
    type_, content, relation, state_key, redacts = drawn
    whole = {**content, "m.relates_to": aimed(relation, places)}
    more = {} if state_key is None else {"state_key": state_key}
    return event(type_, whole, redacts=places[redacts], **more)


def places_of(one: School) -> dict[str, str]:
    kinds = {"POST": "announcement", "POLL": "poll", "REMINDER": "reminder.set"}
    posts = {name: one.room.of_kind(kind)[-1].event_id for name, kind in kinds.items()}
    command = next(e for e in one.bot.homeserver.rooms[one.room.id].timeline if e.sender == TEACHER)
    return {**posts, "COMMAND": command.event_id}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_EVENTS, min_size=1, max_size=12))
def test_fuzzed_events_of_a_member_neither_stop_the_bot_nor_change_an_item(drawn: list[Any]) -> None:
    async def attack() -> None:
        async with school() as one:
            places = places_of(one)
            before = await one.fingerprint()
            await one.arrives(*(raw_event(each, places) for each in drawn))
            after = await one.fingerprint()
            for table in _OWN:
                after[table] = [row for row in after[table] if STRANGER not in row]
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
async def test_no_name_of_a_person_or_room_gets_markup_or_a_mention_into_what_the_bot_says(name: str) -> None:
    async with school(stranger_name=name) as one:
        await one.renamed(name)
        for text in ("!annuler A1", "!suivi A1", "!modifier A1 x", "!aide"):
            await one.room.say(STRANGER, text)
        await one.room.say(TEACHER, "!relance A1")
        await one.room.say(TEACHER, "!suivi A1")
        private = await one.bot.direct(TEACHER)
        for text in ("annonces", "réglages", "annonce Sortie.", "moi"):
            await private.say(TEACHER, text)
        assert all_harmless(one)
        assert not _faults(one)


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
        await one.room.say(TEACHER, text)
        assert all_harmless(one)
        assert not _faults(one)


@pytest.mark.parametrize("letter", ["А", "Α", "ꓮ", "Ꭺ", "ᗅ", "A\u0301", "A\u200d"])
async def test_an_id_that_only_looks_like_another_is_none(letter: str) -> None:
    async with school() as one:
        before = await one.fingerprint()
        for text in (f"!annuler {letter}1", f"!modifier {letter}1 autre texte"):
            await one.room.say(TEACHER, text)
        assert await one.fingerprint() == before
        assert not _faults(one)


async def test_a_file_is_passed_on_unopened_whatever_its_name_and_size_say() -> None:
    claims = {"w": 10**9, "h": 10**9, "duration": -1}
    bomb = MediaFile("mxc://evil/bomb", "../../../etc/passwd\u202egnp.exe", "text/html", 1, "m.image", claims)
    async with school() as one:
        await one.room.share(TEACHER, bomb, "!annonce Photos de la sortie.")
        await one.room.share(STRANGER, bomb, "!annonce Photos")
        private = await one.bot.direct(TEACHER)
        await private.share(TEACHER, bomb)
        assert all_harmless(one)
        assert not _faults(one)
        assert await one.still_answers()


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
        await one.room.say(TEACHER, "!suivi A1")
        files = [data.decode("utf-8-sig") for data in one.bot.homeserver.files.values()]
        assert len(files) == 1
        cells = [line.split(";")[0] for line in files[0].splitlines()]
        assert [cell for cell in cells if cell.lstrip('"').startswith(("=", "+", "-", "@"))] == []
        assert any("cmd3" in cell for cell in cells)
