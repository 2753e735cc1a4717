"""Killed in the middle of sending into an encrypted room: nothing lost, nothing twice, nothing in plain."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter

from coedu_bot.demo.client import Event, coedu
from coedu_bot.demo.process import BotProcess
from tests.end_to_end.conftest import World, is_join
from tests.end_to_end.element import ElementPerson, Elements
from tests.end_to_end.encrypted import encrypted_direct, is_clean
from tests.end_to_end.test_private_talk import is_redacted, sees_menu, vote

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
    await a_dialogue_goes_on(world, bot, parent, room)


async def a_dialogue_goes_on(world: World, bot: BotProcess, parent: ElementPerson, room: str) -> None:
    """Asked, killed, answered, chosen from a menu: all of it encrypted, and done once."""
    shared = await parent.create_room("6B", (world.bot_id,))
    await parent.sees(lambda event: is_join(event, world.bot_id), shared)
    await parent.say(room, "annonce")
    question = await parent.sees_message("Que voulez-vous annoncer", room=room, kind="dialogue")
    assert is_clean(question)
    await bot.end(signal.SIGKILL)
    await parent.say(room, "La sortie est reportée.")
    await bot.start()
    menu = await sees_menu(parent, "6B", room)
    assert is_clean(menu)
    for _ in range(2):
        await vote(parent, menu, "6B")
    await parent.sees_message("La sortie est reportée.", room=shared, kind="announcement")
    assert is_clean(await parent.sees_message("A1 publiée", room=room, kind="reply"))
    assert is_clean(await parent.sees_message("déjà noté", room=room))
    await is_redacted(parent, menu)
    assert len(parent.messages(shared, "announcement")) == 1


async def speak(parent: ElementPerson, room: str) -> None:
    for number in range(PINGS):
        await parent.say(room, f"ping numéro {number}.")
        await asyncio.sleep(0.3)


def is_answer(event: Event, number: int) -> bool:
    return coedu(event).get("kind") == "reply" and f"numéro {number}." in event["content"]["body"]
