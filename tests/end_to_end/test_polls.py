"""Polls on a real homeserver: a burst, a kill in its middle, votes while the bot is down: counted exactly."""

from __future__ import annotations

import asyncio
import re
import signal
import sqlite3
from contextlib import closing

import pytest

from coedu_bot.demo.client import Event, Person, coedu, plain
from tests.end_to_end.conftest import World, is_join
from tests.end_to_end.element import Elements
from tests.end_to_end.encrypted import ENCRYPTION

VOTERS, EACH = 10, 20  # 200 votes, of which everybody's last counts
LINE = re.compile(r"- (\d) \w+ : (\d+) voix")
RESPONSE = "org.matrix.msc3381.poll.response"


async def test_two_hundred_votes_with_a_kill_in_the_middle_are_counted_exactly(world: World) -> None:
    bot = await world.bot(plugins={"polls": {}})
    teacher = await world.person("Mme Durand")
    voters = [await world.person(f"P{number}") for number in range(VOTERS)]
    room = await world.room("6B", teacher, *voters)
    await teacher.say(room, "!sondage Quel jour ? | lundi | mardi | jeudi")
    poll = await teacher.sees(lambda event: event["type"].endswith("poll.start"), room)
    await teacher.sees_message("Sondage P1", room=room)
    burst = [asyncio.create_task(vote_again_and_again(one, room, poll)) for one in voters]
    await asyncio.sleep(0.7)
    await bot.end(signal.SIGKILL)
    cast = [event for votes in await asyncio.gather(*burst) for event in votes]
    for number, one in enumerate(voters[:5]):
        cast.append(await vote(one, room, poll, "1" if number < 2 else "3"))  # while the bot is down
    await bot.start()
    await teacher.say(room, "!résultats P1")
    await teacher.sees_message("pour l’instant", room=room, kind="poll.result")
    assert kept_votes(world) == sorted(cast)  # each of them once, before the homeserver is asked again
    await teacher.say(room, "!fin P1")
    result = await teacher.sees_message("📊 Résultat de P1", room=room, kind="poll.result")
    assert counts_in(result) == {"1": 2, "2": 5, "3": 3}
    assert "10 personnes sur 11 ont voté." in plain(result["content"]["body"])
    await teacher.sees(lambda e: e["type"].endswith("poll.end") and coedu(e).get("id") == "P1", room)
    await teacher.sees(lambda e: e["content"].get("msgtype") == "m.image", room)


def kept_votes(world: World) -> list[str]:
    """The events of the votes that the bot has heard."""
    with closing(sqlite3.connect(world.folder / "data" / "coedu.db")) as db:
        return sorted(event for (event,) in db.execute("SELECT event_id FROM polls_vote"))


def counts_in(result: Event) -> dict[str, int]:
    """The counts that a result shows, by answer."""
    return {answer: int(n) for answer, n in LINE.findall(plain(result["content"]["body"]))}


async def vote_again_and_again(person: Person, room: str, poll: Event) -> list[str]:
    """Changing one's mind many times, ending with the second option; returns the events."""
    answers = [str(number % 3 + 1 if number < EACH - 1 else 2) for number in range(EACH)]
    return [await vote(person, room, poll, answer) for answer in answers]


async def vote(person: Person, room: str, poll: Event, answer: str) -> str:
    relates = {"rel_type": "m.reference", "event_id": poll["event_id"]}
    return await person.send(room, RESPONSE, {"m.relates_to": relates, RESPONSE: {"answers": [answer]}})


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
async def test_the_sdk_of_element_shows_the_same_poll_the_same_votes_and_the_end(
    world: World, elements: Elements, encrypted: bool
) -> None:
    await world.bot(plugins={"polls": {}})
    teacher, parent = await world.element(elements, "Mme Durand"), await world.element(elements, "Ana")
    state = {"initial_state": [ENCRYPTION]} if encrypted else {}
    room = await teacher.create_room("6B", (parent.user_id, world.bot_id), **state)
    await parent.is_in(room)
    await teacher.sees(lambda event: is_join(event, world.bot_id), room)
    await teacher.set_power(room, users={world.bot_id: 50})
    await teacher.say(room, "!sondage Quel jour ? | lundi | mardi")
    poll = await parent.sees(lambda event: event["type"].endswith("poll.start"), room)
    assert poll["wire"] == ("m.room.encrypted" if encrypted else poll["type"])
    await vote(parent, room, poll, "1")
    await vote(parent, room, poll, "2")
    await parent.redact(room, await vote(parent, room, poll, "1"))
    for answer in ("2", "nonsense", "1"):
        await vote(teacher, room, poll, answer)
    await teacher.say(room, "!fin P1")
    result = await parent.sees_message("2 personnes sur 2 ont voté", room=room, kind="poll.result")
    await parent.sees(lambda event: event["type"].endswith("poll.end"), room)
    await vote(teacher, room, poll, "2")  # too late
    shown = await parent.ask("poll", room=room, event=poll["event_id"])
    assert shown["question"] == "Quel jour ?"
    assert shown["answers"] == [{"id": "1", "text": "lundi"}, {"id": "2", "text": "mardi"}]
    assert shown["ended"] is True
    assert shown["undecryptable"] == 0
    assert shown["counts"] == counts_in(result) == {"1": 1, "2": 1}
