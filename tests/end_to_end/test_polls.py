"""Polls on a real homeserver: a burst, a kill in its middle, votes while the bot is down: counted exactly."""

from __future__ import annotations

import asyncio
import signal

from coedu_bot.demo.client import Event, Person, coedu, plain
from tests.end_to_end.conftest import World

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
