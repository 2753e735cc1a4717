"""`encryption: {only_signed_devices: true}` against Element's clients: one signed, one not."""

from __future__ import annotations

from tests.end_to_end.conftest import World, is_join
from tests.end_to_end.element import Elements
from tests.end_to_end.encrypted import ENCRYPTION, encrypted_direct, is_clean, until_answered

ONLY_SIGNED = {"encryption": {"only_signed_devices": True}}


async def test_who_signed_their_device_reads_and_who_did_not_is_told_why_not(
    world: World, elements: Elements
) -> None:
    signed = await world.element(elements, "Ana")
    unsigned = await world.element(elements, "Bea", signed=False)
    people = {"coordinators": [signed.user_id], "teachers": [unsigned.user_id]}
    await world.bot(**ONLY_SIGNED, people=people)
    members = (unsigned.user_id, world.bot_id)
    room = await signed.create_room("6B", members, initial_state=[ENCRYPTION])
    await signed.sees(lambda event: is_join(event, world.bot_id), room)
    await unsigned.is_in(room)
    await unsigned.say(room, "!ping closed")  # what she writes is read all the same
    answer = await signed.sees_message("closed", kind="reply")
    assert is_clean(answer)
    shown = await unsigned.sees(lambda event: event["event_id"] == answer["event_id"])
    assert shown["failure"] == "MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE"
    await unsigned.ask("bootstrap", password=unsigned.password)
    await until_answered(unsigned, room, "open")
    code, told = await world.verb("check")
    (consequence,) = [one for one in told["problems"] if one["where"] == "encryption.only_signed_devices"]
    assert (code, "today nobody of those named here" in consequence["what"]) == (0, True)


async def test_check_names_whom_it_shuts_out(world: World, elements: Elements) -> None:
    unsigned = await world.element(elements, "Bea", signed=False)
    await world.bot(**ONLY_SIGNED, people={"teachers": [unsigned.user_id]})
    _, told = await world.verb("check")
    (consequence,) = [one for one in told["problems"] if one["where"] == "encryption.only_signed_devices"]
    assert f"today 1 of those named here: {unsigned.user_id}" in consequence["what"]
    assert consequence["grave"] is False


async def test_without_it_a_device_that_is_not_signed_reads_too(world: World, elements: Elements) -> None:
    await world.bot()
    unsigned = await world.element(elements, "Bea", signed=False)
    room = await encrypted_direct(world, unsigned)
    await until_answered(unsigned, room, "open")
