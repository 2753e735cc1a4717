"""Native polls through the platform: how they go out, how votes come back, how all of them are read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from coedu_bot.api import (
    Context,
    Effects,
    EndPoll,
    GatherContext,
    GatherVotes,
    Message,
    NativePoll,
    NoSettings,
    Plugin,
    Post,
    VoteContext,
    says,
)
from coedu_bot.events import PollAnswered, PollEnded
from coedu_bot.homeserver import Refused, Unreachable
from coedu_bot.testing import FakeBot, FakeRoom, MemoryHomeserver

DURAND, COSTA = "@durand:test", "@costa:test"
QUESTION = NativePoll("Quel jour ?", (("1", "lundi"), ("2", "mardi")))
heard: list[object] = []
plugin = Plugin("asking", package="plugins.announcements", letters="Q")


@plugin.answer(on="help")
async def ask(ctx: Context[NoSettings]) -> Effects:
    message = Message("question", (says("sent-privately"),))
    if ctx.text == "end":
        return EndPoll(of="poll-open", message=message)
    if ctx.text == "gather":
        return GatherVotes(of="poll-open", name="all", item="Q1")
    return Post(room=ctx.room.id, message=message, poll=QUESTION, ref=f"poll-{ctx.text}", item="Q1")


@plugin.vote(on="question")
async def voted(ctx: VoteContext[NoSettings]) -> Effects:
    heard.append((ctx.actor.id, ctx.answers, ctx.removed, ctx.about, ctx.voted))
    return None


@plugin.poll_ended(on="question")
async def ended(ctx: Context[NoSettings]) -> Effects:
    heard.append((ctx.actor.id, "ended"))
    return None


@plugin.gathered("all")
async def gathered(ctx: GatherContext[NoSettings]) -> Effects:
    heard.append((ctx.item, None if ctx.votes is None else [vote.answers for vote in ctx.votes]))
    return None


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    heard.clear()
    async with FakeBot.with_plugins(extra={"asking": plugin}) as bot:
        yield bot


@pytest.fixture
async def room(bot: FakeBot) -> FakeRoom:
    """A room in which the poll has just been opened."""
    room = await bot.room("6B", {DURAND: "Mme Durand", COSTA: "M. Costa"}, {DURAND: 50})
    await command(room, "open")
    return room


async def command(room: FakeRoom, text: str) -> None:
    """Have the plugin above do something: by an answer to a message that is given its kind."""
    await room.say(DURAND, "!aide")
    help_ = room.last
    async with room.bot.database.transaction() as db:
        await db.script(f"UPDATE outbox SET plugin='asking', kind='help' WHERE event_id='{help_.event_id}'")
    await room.say(DURAND, text, reply_to=help_.event_id)


def answer(bot: FakeBot, room: FakeRoom, event: str) -> PollAnswered:
    return PollAnswered(
        event_id=event,
        room_id=room.id,
        sender=COSTA,
        sent_at=bot.clock.now(),
        target=room.polls[-1].event_id,
        answers=("2",),
    )


async def test_a_poll_goes_out_as_todays_clients_read_it(room: FakeRoom) -> None:
    (poll,) = room.polls
    start = poll.content["org.matrix.msc3381.poll.start"]
    assert start["kind"] == "org.matrix.msc3381.poll.disclosed"
    assert start["max_selections"] == 1
    assert start["question"]["org.matrix.msc1767.text"] == "Quel jour ?"
    assert [answer["id"] for answer in start["answers"]] == ["1", "2"]
    assert poll.content["org.matrix.msc1767.text"].startswith("Quel jour ?\n1. lundi\n2. mardi\n")
    assert poll.content["org.coedu"] | {"ref": ""} == {
        "kind": "question",
        "lang": "fr",
        "v": 1,
        "ref": "",
        "id": "Q1",
    }


async def test_votes_and_their_redaction_reach_the_plugin_once(bot: FakeBot, room: FakeRoom) -> None:
    vote = await room.answer(COSTA, "2")
    await room.redact(COSTA, vote)
    await bot.arrive(answer(bot, room, vote))
    assert heard == [(COSTA, ("2",), False, "Q1", vote), (COSTA, (), True, "Q1", vote)]


async def test_a_vote_that_came_before_the_answer_to_our_put_is_not_lost(
    bot: FakeBot, room: FakeRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = MemoryHomeserver.send
    lost: list[str] = []

    async def lose_the_answer(self: MemoryHomeserver, room_id: str, type_: str, *more: Any) -> str:
        event = await send(self, room_id, type_, *more)
        if "poll.start" in type_ and not lost:
            lost.append(event)
            await bot.bot.dispatcher.handle(answer(bot, room, "$early"))
            raise Unreachable("no answer")
        return event

    monkeypatch.setattr(MemoryHomeserver, "send", lose_the_answer)
    await command(room, "another")
    assert heard == [(COSTA, ("2",), False, "Q1", "$early")]


async def test_the_end_refers_to_the_poll(room: FakeRoom) -> None:
    await command(room, "end")
    end = room.bot.homeserver.rooms[room.id].timeline[-1]
    assert end.type == "org.matrix.msc3381.poll.end"
    assert end.content["m.relates_to"] == {"rel_type": "m.reference", "event_id": room.polls[0].event_id}


async def test_somebody_elses_end_reaches_the_plugin(bot: FakeBot, room: FakeRoom) -> None:
    poll = room.polls[0].event_id
    await bot.arrive(
        PollEnded(event_id="$end", room_id=room.id, sender=DURAND, sent_at=bot.clock.now(), target=poll)
    )
    assert heard == [(DURAND, "ended")]


async def test_all_votes_are_read_again_from_the_homeserver(bot: FakeBot, room: FakeRoom) -> None:
    await room.answer(COSTA, "2")
    unheard = {"m.relates_to": {"rel_type": "m.reference", "event_id": room.polls[0].event_id}}
    response = {"org.matrix.msc3381.poll.response": {"answers": ["1"]}}
    bot.homeserver.add_event(room.id, DURAND, "org.matrix.msc3381.poll.response", unheard | response)
    await command(room, "gather")
    assert heard[-1] == ("Q1", [("2",), ("1",)])


async def test_a_room_that_is_closed_to_the_bot_gives_no_votes(
    room: FakeRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*of: str) -> list[object]:
        raise Refused("M_FORBIDDEN")

    monkeypatch.setattr(MemoryHomeserver, "list_related", refuse)
    await command(room, "gather")
    assert heard[-1] == ("Q1", None)
