"""Polls on a real homeserver: a burst, a kill in its middle, votes while the bot is down: counted exactly."""

from __future__ import annotations

import asyncio
import signal

import pytest

from coedu_bot.demo.client import Event, Person, coedu, plain
from tests.end_to_end.conftest import World, is_join
from tests.end_to_end.element import Elements
from tests.end_to_end.encrypted import ENCRYPTION

VOTERS, EACH = 10, 20  # 200 votes, of which everybody's last counts
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
    await asyncio.gather(*burst)
    for number, one in enumerate(voters[:5]):
        await vote(one, room, poll, "1" if number < 2 else "3")  # while the bot is down
    await bot.start()
    await teacher.say(room, "!fin P1")
    result = await teacher.sees_message("personnes sur 11 ont voté", room=room, kind="poll.result")
    body = plain(result["content"]["body"])
    assert "1 lundi : 2 voix" in body
    assert "2 mardi : 5 voix" in body
    assert "3 jeudi : 3 voix" in body
    assert "10 personnes sur 11 ont voté." in body
    await teacher.sees(lambda e: e["type"].endswith("poll.end") and coedu(e).get("id") == "P1", room)
    await teacher.sees(lambda e: e["content"].get("msgtype") == "m.image", room)


async def vote_again_and_again(person: Person, room: str, poll: Event) -> None:
    """Changing one's mind many times, ending with the second option."""
    for number in range(EACH):
        await vote(person, room, poll, str(number % 3 + 1 if number < EACH - 1 else 2))


async def vote(person: Person, room: str, poll: Event, answer: str) -> None:
    relates = {"rel_type": "m.reference", "event_id": poll["event_id"]}
    await person.send(room, RESPONSE, {"m.relates_to": relates, RESPONSE: {"answers": [answer]}})


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
    await vote(teacher, room, poll, "1")
    await teacher.say(room, "!fin P1")
    result = await parent.sees_message("2 personnes sur 2 ont voté", room=room, kind="poll.result")
    body = plain(result["content"]["body"])
    assert "1 lundi : 1 voix" in body
    assert "2 mardi : 1 voix" in body
    await parent.sees(lambda event: event["type"].endswith("poll.end"), room)
    shown = await parent.ask("poll", room=room, event=poll["event_id"])
    assert shown["question"] == "Quel jour ?"
    assert shown["answers"] == [{"id": "1", "text": "lundi"}, {"id": "2", "text": "mardi"}]
    assert shown["ended"] is True
    assert shown["undecryptable"] == 0
    last = {
        sender: content[RESPONSE]["answers"]
        for _, sender, content in sorted(shown["votes"], key=lambda one: one[0])
    }
    assert last == {parent.user_id: ["2"], teacher.user_id: ["1"]}
