"""Who the bot is for Element: signed by its own identity, on this machine and on the next."""

from __future__ import annotations

import asyncio
import shutil
import signal

from coedu_bot.archive import back_up, bring_back
from tests.end_to_end.conftest import World
from tests.end_to_end.element import ElementPerson, Elements
from tests.end_to_end.encrypted import RED, bot_devices, encrypted_direct, is_clean, until_answered
from tests.end_to_end.terminal import VERIFIED, compare, confirmed, terminal


async def test_its_device_is_signed_from_the_first_start(world: World, elements: Elements) -> None:
    await world.bot()
    parent = await world.element(elements, "Ana", strict=True)
    room = await encrypted_direct(world, parent)
    await parent.say(room, "ping strict")
    assert is_clean(await parent.sees_message("strict", kind="reply"))
    assert [device["signedByOwner"] for device in await bot_devices(world, parent)] == [True]
    seeds = world.folder / "data" / "crypto" / "identity.json"
    assert seeds.stat().st_mode & 0o077 == 0


async def test_a_foreign_identity_is_not_replaced_and_signs_the_bot_when_its_owner_verifies_it(
    world: World, elements: Elements
) -> None:
    bot = await world.bot(start=False)
    somebody = await world.element_of(elements, world.bot_id)  # made an identity by logging in with Element
    await bot.start()
    assert "identity --replace" in bot.said("not-signed")["advice"]
    parent = await world.element(elements, "Ana")
    room = await encrypted_direct(world, parent)
    await parent.say(room, "ping red")
    assert (await parent.sees_message("red", kind="reply"))["shield"] == RED
    async with terminal(world) as waiting:
        assert await compare(waiting, somebody)
        assert await confirmed(somebody, waiting, "y") == (0, VERIFIED)
    await until_signed(world, parent)
    await until_answered(parent, room, "green")
    _, told = await world.verb("doctor")
    assert [device["signed"] for device in told["identity"]["devices"]] == [True, True]


async def until_signed(world: World, person: ElementPerson) -> None:
    async with asyncio.timeout(60):
        while not all(device["signedByOwner"] for device in await bot_devices(world, person)):
            await asyncio.sleep(0.5)


async def test_an_identity_that_was_kept_survives_the_loss_of_the_store(
    world: World, elements: Elements
) -> None:
    bot = await world.bot()
    parent = await world.element(elements, "Ana", strict=True)
    room = await encrypted_direct(world, parent)
    await parent.say(room, "ping before")
    await parent.sees_message("before", kind="reply")
    before = await bot_devices(world, parent)
    await bot.end(signal.SIGTERM)
    for store in (world.folder / "data" / "crypto").glob("*.db*"):
        store.unlink()
    await bot.start()
    await parent.say(room, "ping after")
    assert is_clean(await parent.sees_message("after", kind="reply"))
    after = await bot_devices(world, parent)
    assert [device["signedByOwner"] for device in after] == [True]
    assert after[0]["id"] != before[0]["id"]


async def test_a_store_from_a_backup_of_a_moment_ago_is_noticed(world: World, elements: Elements) -> None:
    bot = await world.bot()
    parent = await world.element(elements, "Ana", strict=True)
    room = await encrypted_direct(world, parent)
    await until_answered(parent, room, "before")
    data, backup = world.folder / "data", world.folder / "backup"
    back_up(data, world.folder / "backup.tar.gz")
    other = await world.element(elements, "Bea", strict=True)
    await until_answered(other, await encrypted_direct(world, other), "with keys used after the backup")
    await bot.end(signal.SIGKILL)
    bring_back(world.folder / "backup.tar.gz", backup)
    shutil.rmtree(data / "crypto")
    shutil.move(backup / "crypto", data)
    await bot.start()
    assert "backup" in bot.said("device-left-behind")["why"]
    await until_answered(parent, room, "after")
    assert [device["signedByOwner"] for device in await bot_devices(world, parent)] == [True]
