"""What strangers and broken members can do to encryption on a homeserver, and who still hears the bot."""

from __future__ import annotations

from typing import Any

from coedu_bot.demo.client import Event, Person
from tests.end_to_end.conftest import World, is_join
from tests.end_to_end.element import ElementPerson, Elements
from tests.end_to_end.encrypted import ENCRYPTION, encrypted_direct, is_clean, until_answered


async def claim_all(stranger: Person, user: str, device: str) -> int:
    """Use up somebody's one-time keys; returns how many came before the fallback key."""
    for number in range(200):
        body = {"one_time_keys": {user: {device: "signed_curve25519"}}}
        answer = await stranger.call("POST", "/keys/claim", body)
        (key,) = answer["one_time_keys"][user][device].values()
        if key.get("fallback"):
            return number
    raise AssertionError("the keys do not end")


async def test_a_new_device_reaches_the_bot_after_a_stranger_claimed_all_keys(
    world: World, elements: Elements
) -> None:
    await world.bot()
    stranger = await world.person("Inconnu")
    devices = await stranger.call("POST", "/keys/query", {"device_keys": {world.bot_id: []}})
    (device,) = devices["device_keys"][world.bot_id]
    assert await claim_all(stranger, world.bot_id, device) > 0
    parent = await world.element(elements, "Ana", strict=True)
    room = await encrypted_direct(world, parent)
    await until_answered(parent, room, "claimed")


async def test_garbage_keys_and_malformed_messages_cost_nobody_else_anything_and_who_is_there_reads(
    world: World, elements: Elements
) -> None:
    await world.bot()
    parent = await world.element(elements, "Ana", strict=True)
    broken = await world.person("Casse")
    await broken.call("POST", "/keys/upload", {"device_keys": garbage_keys(broken)})
    room = await parent.create_room("6B", (broken.user_id, world.bot_id), initial_state=[ENCRYPTION])
    await parent.sees(lambda event: is_join(event, world.bot_id), room)
    await broken.is_in(room)
    own = await broken.call("POST", "/keys/query", {"device_keys": {world.bot_id: []}})
    (device,) = own["device_keys"][world.bot_id]
    for number in range(20):
        body = {"messages": {world.bot_id: {device: malformed(number)}}}
        await broken.call("PUT", f"/sendToDevice/m.room.encrypted/{broken.user_id}-{number}", body)
    await parent.say(room, "!ping garbage")
    before = await parent.sees_message("garbage", kind="reply")
    assert is_clean(before)
    newcomer = await world.element(elements, "Bea", strict=True)
    await parent.invite(room, newcomer.user_id)
    await newcomer.sees(lambda event: is_join(event, newcomer.user_id), room)
    await until_answered(newcomer, room, "newcomer")
    during = await parent.sees_message("newcomer", kind="reply")
    phone = await world.element_of(elements, parent.user_id, signed=False)  # a second device of hers
    await phone.is_in(room)
    await newcomer.leave(room)
    await until_answered(parent, room, "left")
    after = await parent.sees_message("left", kind="reply")
    assert [await reads(parent, newcomer, one) for one in (before, during, after)] == [False, True, False]
    await phone.sees(lambda event: event["event_id"] == after["event_id"] and event["failure"] is None, room)
    assert not await reads(parent, phone, before)


async def reads(witness: Person, person: ElementPerson, event: Event) -> bool:
    """Whether somebody's device could read an event, wherever it got it from."""
    raw = await witness.call("GET", f"/rooms/{event['room_id']}/event/{event['event_id']}")
    return await person.ask("read", raw=raw) is not None


def garbage_keys(person: Person) -> dict[str, Any]:
    device = person._device
    keys = {f"curve25519:{device}": "garbage", f"ed25519:{device}": "garbage"}
    algorithms = ["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"]
    signatures = {person.user_id: {f"ed25519:{device}": "garbage"}}
    named = {"user_id": person.user_id, "device_id": device, "algorithms": algorithms}
    return {**named, "keys": keys, "signatures": signatures}


def malformed(number: int) -> dict[str, Any]:
    shapes: list[dict[str, Any]] = [
        {},
        {"algorithm": "m.olm.v1.curve25519-aes-sha2"},
        {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": 3, "ciphertext": []},
        {
            "algorithm": "m.olm.v1.curve25519-aes-sha2",
            "sender_key": "A" * 43,
            "ciphertext": {"x": {"type": 0}},
        },
        {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "garbage", "session_id": number},
    ]
    return shapes[number % len(shapes)]
