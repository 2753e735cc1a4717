"""Polls under attack: what strangers, broken clients and spiteful members send moves nobody else's voice."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coedu_bot.testing import FakeBot, FakeRoom
from coedu_bot.testing.homeserver import POLL_RESPONSE
from tests.hostile.corpus import JSON, NASTY, deep
from tests.hostile.school import EVERY_PLUGIN, STRANGER, School, event
from tests.hostile.test_events import all_harmless
from tests.plugins.polls.conftest import DURAND, FATHER, MOTHER, SCHOOL, open_class_room
from tests.plugins.polls.test_native import plain

START, END = "org.matrix.msc3381.poll.start", "org.matrix.msc3381.poll.end"
ASKED = "!sondage Quel jour ? | lundi | mardi | jeudi résultats=direct"
LINE = re.compile(r"- \d \w+ : (\d+) voix")


@dataclass(frozen=True, slots=True)
class Election:
    """`P1` is open in the class room, one voice a household; a mother has voted for the first answer."""

    bot: FakeBot
    room: FakeRoom

    @property
    def poll(self) -> str:
        return self.room.polls[0].event_id

    async def send(self, who: str, type_: str, content: Any, room: FakeRoom | None = None) -> str:
        """An event as a client may send it; the homeserver has it too, for when votes are read again."""
        there = room or self.room
        kept = content if isinstance(content, dict) else {}
        sent = self.bot.homeserver.add_event(there.id, who, type_, kept)
        at = int(sent.sent_at.timestamp() * 1000)
        raw = event(type_, content, who) | {"event_id": sent.event_id, "origin_server_ts": at}
        await School(self.bot, there).arrives(raw)
        return sent.event_id

    async def answer(self, who: str, answers: Any, on: Any = None, room: FakeRoom | None = None) -> None:
        """A vote with anything in it, on anything."""
        relates = {"rel_type": "m.reference", "event_id": self.poll if on is None else on}
        await self.send(
            who, POLL_RESPONSE, {"m.relates_to": relates, POLL_RESPONSE: {"answers": answers}}, room
        )

    async def stands(self) -> list[int]:
        """How it stands as the bot has heard it."""
        await self.room.say(DURAND, "!résultats P1")
        return [int(count) for count in LINE.findall(plain(self.room.last.body))]

    async def ends(self) -> list[int]:
        """The result, when all was read again."""
        await self.room.say(DURAND, "!fin P1")
        return await self.stands()

    def faults(self) -> list[str]:
        sent = School(self.bot, self.room).sent()
        return [str(one["body"]) for one in sent if one.get("org.coedu", {}).get("kind") == "fault"]


@asynccontextmanager
async def election(asked: str = ASKED) -> AsyncIterator[Election]:
    async with FakeBot.with_plugins(*EVERY_PLUGIN, **SCHOOL) as bot:
        room = await open_class_room(bot)
        await room.join(STRANGER, "Mallory")
        await room.say(DURAND, asked)
        if room.polls:
            await room.answer(MOTHER, "1")
        yield Election(bot, room)


def a_poll(**more: Any) -> dict[str, Any]:
    """A native poll as a client makes it."""
    text = "org.matrix.msc1767.text"
    answers = [{"id": "1", text: "A"}, {"id": "2", text: "B"}]
    question = {text: "Quel jour ?", "body": "Quel jour ?", "msgtype": "m.text"}
    asked = {"kind": "org.matrix.msc3381.poll.disclosed", "max_selections": 1, "question": question}
    return {text: "Quel jour ?", START: {**asked, "answers": answers}, **more}


async def test_a_vote_counts_only_on_a_poll_of_ours_and_in_its_own_room() -> None:
    async with election() as one:
        elsewhere = await one.bot.room("Autre", {FATHER: "M. Benali"}, {FATHER: 100})
        theirs = await one.send(FATHER, START, a_poll())
        ours = one.room.polls[0].content["org.coedu"]
        forged = await one.send(STRANGER, START, a_poll(**{"org.coedu": ours}))
        said = await one.send(
            STRANGER, "m.room.message", {"body": "P1", "msgtype": "m.text", "org.coedu": ours}
        )
        for target in (
            theirs,
            forged,
            said,
            one.room.last.event_id,
            "$nowhere",
            "",
            7,
            ["$x"],
            "$" + "x" * 400,
        ):
            await one.answer(FATHER, ["2"], on=target)
        await one.answer(FATHER, ["2"], room=elsewhere)
        relates = {"rel_type": "m.reference", "event_id": one.poll}
        await one.send(FATHER, END, {"m.relates_to": relates, END: {}}, elsewhere)  # where he has power
        assert await one.stands() == [1, 0, 0]
        assert await one.ends() == [1, 0, 0]
        assert not one.faults()


SPOILED = {
    "nothing": None,
    "a number": 2,
    "a word": "2",
    "an object": {"0": "2"},
    "numbers": [2],
    "lists": [["2"]],
    "objects": [{"id": "2"}],
    "partly wrong": ["2", None],
    "an unknown one": ["2", "9"],
    "hidden far behind": [*["2"] * 4000, "9"],
    "with NUL": ["2\0"],
    "full-width": ["２"],
    "with a space": [" 2"],
    "giant": ["2" * 60_000],
    "deep": deep(300),
}


@pytest.mark.parametrize("answers", SPOILED.values(), ids=SPOILED)
async def test_an_answer_that_is_none_spoils_its_senders_vote_and_no_other(answers: Any) -> None:
    async with election() as one:
        await one.answer(FATHER, ["3"])
        one.bot.clock.advance(timedelta(seconds=1))
        await one.answer(FATHER, answers)
        assert await one.stands() == [1, 0, 0]
        assert await one.ends() == [1, 0, 0]
        assert not one.faults()


async def test_an_answer_given_ten_thousand_times_is_one() -> None:
    async with election() as one:
        await one.answer(FATHER, ["2"] * 10_000)
        assert await one.ends() == [1, 1, 0]


_CONTENTS = st.fixed_dictionaries(
    {},
    optional={
        POLL_RESPONSE: st.fixed_dictionaries({"answers": st.lists(st.sampled_from("123x") | JSON) | JSON})
        | JSON,
        "m.poll.response": JSON,
        "m.selections": st.lists(st.sampled_from("123x"), max_size=3) | JSON,
        "m.relates_to": st.fixed_dictionaries(
            {}, optional={"rel_type": st.just("m.reference") | JSON, "event_id": st.just("POLL") | JSON}
        )
        | JSON,
    },
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from([POLL_RESPONSE, "m.poll.response", END]), _CONTENTS), max_size=8))
def test_fuzzed_votes_of_one_household_leave_the_others_theirs(
    drawn: list[tuple[str, dict[str, Any]]],
) -> None:
    async def attack() -> None:
        async with election() as one:
            for type_, content in drawn:
                relates = content.get("m.relates_to")
                if isinstance(relates, dict) and relates.get("event_id") == "POLL":
                    content["m.relates_to"] = {**relates, "event_id": one.poll}
                await one.send(FATHER, type_, content)
            counts = await one.ends()
            assert counts[0] >= 1
            assert sum(counts) <= 2
            assert not one.faults()

    asyncio.run(attack())


Act = Callable[[Election], Awaitable[object]]


async def _in_private(one: Election, text: str, reply_to: str = "") -> None:
    await (await one.bot.direct(STRANGER)).say(STRANGER, text, reply_to=reply_to or None)


ACTS: dict[str, Act] = {
    "a vote": lambda one: one.answer(STRANGER, ["2"]),
    "a word": lambda one: one.room.say(STRANGER, "!voter P1 2"),
    "for a family": lambda one: one.room.say(STRANGER, "!voter P1 2 pour Costa"),
    "for a family, privately": lambda one: _in_private(one, "voter P1 2 pour Costa"),
    "a reply": lambda one: one.room.say(STRANGER, "2", reply_to=one.room.last.event_id),
    "a quoting reply": lambda one: one.room.say(STRANGER, f"> <{MOTHER}> 2\n\n2", reply_to=one.poll),
    "a reply from afar": lambda one: _in_private(one, "2", one.poll),
    "taps": lambda one: one.room.tap(STRANGER, one.room.last, "2️⃣"),
    "an end": lambda one: one.send(
        STRANGER, END, {"m.relates_to": {"rel_type": "m.reference", "event_id": one.poll}, END: {}}
    ),
    "an end in words": lambda one: one.room.say(STRANGER, "!fin P1"),
    "a cancellation": lambda one: _in_private(one, "annuler P1"),
    "a change": lambda one: one.room.say(STRANGER, "!modifier P1 Autre ? | a | b"),
    "a stranger's edit": lambda one: one.room.edit(STRANGER, _command(one), "!sondage Autre ? | a | b"),
    "an absurd number": lambda one: one.room.say(STRANGER, "!voter P1 " + "9" * 5000),
    "an absurd option": lambda one: one.room.say(STRANGER, "!voter P1 " + "é" * 5000),
    "for everybody": lambda one: _in_private(one, "voter P1 2 pour " + "a " * 3000),
}


def _command(one: Election) -> str:
    return next(e.event_id for e in one.bot.homeserver.rooms[one.room.id].timeline if e.sender == DURAND)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_who_has_no_voice_and_no_right_moves_nothing(act: Act) -> None:
    async with election() as one:
        await act(one)
        assert len(one.room.polls) == 1
        assert await one.ends() == [1, 0, 0]
        assert not one.faults()
        private = one.bot.direct_of(STRANGER)
        told = [plain(shown.body) for shown in private.shown] if private else []
        assert not [text for text in told if re.search("Benali|Costa|Petit", text.replace("pour Costa", ""))]


async def test_nobody_votes_on_another_persons_ballot() -> None:
    async with election("!sondage Qui ? | un | deux secret=oui") as one:
        mother, father = await one.bot.direct(MOTHER), await one.bot.direct(FATHER)
        stranger = await one.bot.direct(STRANGER)
        menu, ballot = mother.menu.event_id, mother.of_kind("poll.ballot")[-1].event_id
        for who, room in ((STRANGER, stranger), (STRANGER, one.room), (FATHER, father), (FATHER, one.room)):
            await one.answer(who, ["1"], on=menu, room=room)
        for who, room in ((STRANGER, stranger), (STRANGER, one.room)):
            await room.say(who, "1", reply_to=ballot)
            await room.tap(who, ballot, "1️⃣")
        await one.room.say(DURAND, "!résultats P1")
        assert "0 foyer sur 4 a voté." in plain((await one.bot.direct(DURAND)).last.body)
        assert mother.menu.event_id == menu
        assert not one.faults()


@pytest.mark.parametrize("text", [one for one in NASTY if 0 < len(one.strip()) < 300])
async def test_what_stands_in_a_poll_is_shown_as_text_and_mentions_nobody(text: str) -> None:
    async with election() as one:
        await one.room.say(DURAND, f"!sondage\n{text}\n- a {text}\n- b @room <b>{text}</b>\nvoix : personne")
        if one.room.polls[1:]:
            await one.room.answer(FATHER, "1")
            await one.room.say(DURAND, "!fin P2")
        assert all_harmless(School(one.bot, one.room))
        assert [poll.content.get("m.mentions") for poll in one.room.polls] == [{}] * len(one.room.polls)
        assert not one.faults()


async def test_a_poll_too_long_for_any_client_is_refused() -> None:
    async with election() as one:
        for asked in (f"!sondage {'mot ' * 200}? | a | b", f"!sondage Q ? | {'mot ' * 200} | b"):
            await one.room.say(DURAND, asked)
            assert len(one.room.polls) == 1
            assert "340" in one.room.last.body
