"""Killed in the middle of sending into an encrypted room: nothing lost, nothing twice, nothing in plain."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter

from coedu_bot.demo.client import Event, coedu
from tests.end_to_end.conftest import World
from tests.end_to_end.element import ElementPerson, Elements
from tests.end_to_end.encrypted import encrypted_direct

PINGS = 30
KILLS = 8


async def test_kills_lose_nothing_double_nothing_and_show_nothing(world: World, elements: Elements) -> None:
    bot = await world.bot()
    parent = await world.element(elements, "Ana")
    room = await encrypted_direct(world, parent)
    speaking = asyncio.create_task(speak(parent, room))
    chance = random.Random(20261125)
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.1, 1.5))
        await bot.end(signal.SIGKILL)
        await bot.start()
    await speaking
    for number in range(PINGS):
        await parent.sees(lambda e, n=number: is_answer(e, n), room, within=90)  # type: ignore[misc]
    answers = Counter(n for e in parent.seen(room) for n in range(PINGS) if is_answer(e, n))
    assert answers == dict.fromkeys(range(PINGS), 1)
    page = await parent.call("GET", f"/rooms/{room}/messages", dir="b", limit="500")
    ours = [e for e in page["chunk"] if e["sender"] == world.bot_id and "state_key" not in e]
    assert {e["type"] for e in ours} <= {"m.room.encrypted", "m.reaction"}
    assert len([e for e in ours if e["type"] == "m.room.encrypted"]) == PINGS


async def speak(parent: ElementPerson, room: str) -> None:
    for number in range(PINGS):
        await parent.say(room, f"ping numéro {number}.")
        await asyncio.sleep(0.3)


def is_answer(event: Event, number: int) -> bool:
    return coedu(event).get("kind") == "reply" and f"numéro {number}." in event["content"]["body"]
