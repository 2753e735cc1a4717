"""`coedu-bot doctor` beside a bot in encrypted rooms: what works, and what keeps people from reading it."""

from __future__ import annotations

from tests.end_to_end.conftest import World
from tests.end_to_end.element import Elements
from tests.end_to_end.encrypted import encrypted_direct, until_answered


async def test_it_shows_identity_devices_keys_and_sessions_of_a_bot_that_works(
    world: World, elements: Elements
) -> None:
    await world.bot()
    parent = await world.element(elements, "Ana", strict=True)
    room = await encrypted_direct(world, parent)
    await until_answered(parent, room, "well")
    code, told = await world.verb("doctor")
    identity, encryption = told["identity"], told["encryption"]
    assert (code, told["process"]["runs"], identity["is_ours"]) == (0, True, True)
    assert [(device["current"], device["signed"]) for device in identity["devices"]] == [(True, True)]
    assert identity["one_time_keys"] > 0
    assert (encryption["unread"], encryption["withheld"]) == (0, {})
    assert encryption["olm_sessions"] > 0
    assert encryption["room_keys"] > 0
    assert (encryption["rooms_shared"], encryption["fallback_unused"]) == (1, True)
    assert told["rooms"]["encrypted"] == 1
    assert told["outbox"]["states"]["sent"] > 0


async def test_it_tells_who_withholds_keys_from_a_bot_that_is_not_signed(
    world: World, elements: Elements
) -> None:
    bot = await world.bot(start=False)
    somebody = await world.element_of(elements, world.bot_id)
    await bot.start()
    await somebody.ask("stop")
    strict = await world.element(elements, "Bea", strict=True)
    room = await encrypted_direct(world, strict)
    await strict.say(room, "bonjour")
    for _ in range(20):
        code, told = await world.verb("doctor")
        if told["encryption"]["withheld"] and told["encryption"]["unread"]:
            break
    assert code == 1
    (unread,) = told["encryption"]["last_unread"]
    assert (unread["sender"], unread["code"]) == (strict.user_id, "m.unverified")
    (advice,) = [line["mend"] for line in told["identity"]["lines"] if "is not ours" in line["says"]]
    assert "identity --replace" in advice
