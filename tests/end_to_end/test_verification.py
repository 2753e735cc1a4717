"""Verifying the bot from Element: with emoji at its terminal; declined in one sentence at any other time."""

from __future__ import annotations

from typing import Any

from tests.end_to_end.conftest import World
from tests.end_to_end.element import ElementPerson, Elements
from tests.end_to_end.encrypted import bot_devices, encrypted_direct, until_answered
from tests.end_to_end.terminal import VERIFIED, compare, confirmed, terminal


async def test_a_coordinator_verifies_it_after_being_told_how(world: World, elements: Elements) -> None:
    coordinator = await world.element(elements, "Mme Martin")
    await world.bot(people={"coordinators": [coordinator.user_id]})
    room = await encrypted_direct(world, coordinator)
    await until_answered(coordinator, room, "before")
    asking = {"user": world.bot_id, "room": room}
    assert await coordinator.ask("verify", **asking) == {"cancelled": "m.user"}
    await coordinator.sees_message("coedu-bot identity --verify", kind="reply")
    assert await coordinator.ask("verify", **asking) == {"cancelled": "m.user"}
    assert (await coordinator.ask("trust", user=world.bot_id))["verified"] is False
    await send_nonsense(world, coordinator, room)
    async with terminal(world) as waiting:
        assert await compare(waiting, coordinator, **asking)
        assert await confirmed(coordinator, waiting, "y") == (0, VERIFIED)
    assert (await coordinator.ask("trust", user=world.bot_id))["verified"] is True
    told = [event for event in coordinator.messages(room) if "--verify" in event["content"]["body"]]
    assert len(told) == 1


async def test_a_parent_is_declined_in_one_sentence_and_a_session_of_the_account_verified_and_signed(
    world: World, elements: Elements
) -> None:
    await world.bot()
    parent = await world.element(elements, "Ana")
    room = await encrypted_direct(world, parent)
    await until_answered(parent, room, "before")
    session = await world.element_of(elements, world.bot_id, signed=False)
    assert await session.ask("verify") == {"cancelled": "m.user"}
    async with terminal(world) as waiting:
        assert await parent.ask("verify", user=world.bot_id, room=room) == {"cancelled": "m.user"}
        await parent.sees_message("je suis un programme", kind="reply")
        assert await compare(waiting, session)
        assert await confirmed(session, waiting, "y") == (0, VERIFIED)
    assert [device["signedByOwner"] for device in await bot_devices(world, session)] == [True, True]


async def send_nonsense(world: World, person: ElementPerson, room: str) -> None:
    shapes: list[dict[str, Any]] = [
        {},
        {"transaction_id": 3},
        {"transaction_id": "t", "from_device": ["x"], "methods": "m.sas.v1"},
        {"transaction_id": "u", "from_device": "D", "methods": [None], "timestamp": "soon"},
        {"transaction_id": "v" * 1000, "from_device": "D"},
    ]
    (device,) = await bot_devices(world, person)
    for number, shape in enumerate(shapes):
        for kind in ("request", "start", "key", "mac", "done"):
            body = {"messages": {world.bot_id: {device["id"]: shape}}}
            path = f"/sendToDevice/m.key.verification.{kind}/{person.user_id}-{number}"
            await person.call("PUT", path, body)
        asked = {"msgtype": "m.key.verification.request", "body": "?", "to": world.bot_id, **shape}
        await person.send(room, "m.room.message", asked)
        await person.send(room, "m.key.verification.start", shape)
