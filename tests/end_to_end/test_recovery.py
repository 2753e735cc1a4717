"""What was lost comes back, or one sentence says what to do: machines, tokens, devices, identities."""

from __future__ import annotations

import re
import shutil
import signal
from typing import Any

import pytest

from coedu_bot.demo.client import Person, RefusedError
from tests.end_to_end.conftest import PASSWORD, World
from tests.end_to_end.element import ElementPerson, Elements
from tests.end_to_end.encrypted import bot_devices, encrypted_direct, is_clean, until_answered


async def identity(world: World, *options: str) -> dict[str, Any]:
    """What `coedu-bot identity` prints for programs."""
    _, told = await world.verb("identity", *options)
    return told


async def assert_trusted(world: World, parent: ElementPerson, room: str, text: str) -> None:
    """A strict client and the bot read each other, and the bot has no other device."""
    await until_answered(parent, room, text)
    assert [device["signedByOwner"] for device in await bot_devices(world, parent)] == [True]


async def test_a_new_machine_needs_only_the_recovery_key_and_the_password(
    world: World, elements: Elements
) -> None:
    bot = await world.bot()
    parent = await world.element(elements, "Ana", strict=True)
    room = await encrypted_direct(world, parent)
    made = await identity(world, "--new")
    assert (made["is_ours"], made["has_recovery_key"]) == (True, True)
    old = await bot_devices(world, parent)
    await bot.end(signal.SIGKILL)
    shutil.rmtree(world.folder / "data")
    bot.environment["COEDU_RECOVERY_KEY"] = made["recovery_key"]
    await bot.start()
    await assert_trusted(world, parent, room, "moved")
    assert (await bot_devices(world, parent))[0]["id"] != old[0]["id"]
    shown = await identity(world)
    assert (shown["master"], shown["is_ours"]) == (made["master"], True)
    assert [device["signed"] for device in shown["devices"]] == [True]


async def test_an_identity_made_with_element_is_taken_up_by_its_recovery_key(
    world: World, elements: Elements
) -> None:
    bot = await world.bot(start=False)
    coordinator = await world.element_of(elements, world.bot_id)
    bot.environment["COEDU_RECOVERY_KEY"] = await coordinator.ask("keepSecrets")
    await bot.start()
    parent = await world.element(elements, "Ana", strict=True)
    room = await encrypted_direct(world, parent)
    await parent.say(room, "ping taken")
    assert is_clean(await parent.sees_message("taken", kind="reply"))


async def test_element_reads_the_identity_that_the_bot_locked_away(world: World, elements: Elements) -> None:
    await world.bot()
    key = (await identity(world, "--new"))["recovery_key"]
    coordinator = await world.element_of(elements, world.bot_id, signed=False, recovery=key)
    assert await coordinator.ask("restoreSecrets") is True


async def test_a_foreign_identity_is_replaced_only_when_told(world: World, elements: Elements) -> None:
    bot = await world.bot(start=False)
    somebody = await world.element_of(elements, world.bot_id)
    await bot.start()
    assert "problem" in await identity(world, "--new")
    assert (await identity(world))["is_ours"] is False
    await somebody.ask("stop")
    replaced = await identity(world, "--replace")
    assert (replaced["is_ours"], bool(replaced["recovery_key"])) == (True, True)
    parent = await world.element(elements, "Ana", strict=True)
    room = await encrypted_direct(world, parent)
    await parent.say(room, "ping replaced")
    assert is_clean(await parent.sees_message("replaced", kind="reply"))


async def test_a_device_that_somebody_deleted_comes_back_signed(world: World, elements: Elements) -> None:
    bot = await world.bot()
    parent = await world.element(elements, "Ana", strict=True)
    room = await encrypted_direct(world, parent)
    for delete in (delete_from_another_session, delete_as_administrator):
        await delete(world)
        assert await bot.wait() == 1
        assert "access token or the password" in bot.said("session-lost")["advice"]
        await bot.start()
        await assert_trusted(world, parent, room, delete.__name__)


async def delete_from_another_session(world: World) -> None:
    """As in Element's list of sessions: with the password."""
    identifier = {"type": "m.id.user", "user": world.bot_id}
    auth = {"type": "m.login.password", "identifier": identifier, "password": PASSWORD}
    body = {"devices": [world.bot_device]}
    async with Person(world.synapse.base_url, world.bot_id, PASSWORD) as session:
        with pytest.raises(RefusedError, match="401") as asked:
            await session.call("POST", "/delete_devices", body)
        wanted = re.search(r"'session': '(\w+)'", str(asked.value))
        assert wanted is not None
        await session.call("POST", "/delete_devices", {**body, "auth": {**auth, "session": wanted[1]}})


async def delete_as_administrator(world: World) -> None:
    """By whoever runs the homeserver, with its own interface."""
    user = await world.synapse.register(f"admin-{world.bot_id[1:].partition(':')[0]}", PASSWORD, admin=True)
    async with Person(world.synapse.base_url, user, PASSWORD) as administrator:
        path = f"/../../../_synapse/admin/v2/users/{world.bot_id}/devices/{world.bot_device}"
        await administrator.call("DELETE", path)


async def test_without_the_password_a_dead_token_is_told_in_one_sentence(
    world: World, elements: Elements
) -> None:
    bot = await world.bot()
    await world.as_bot("POST", "/logout", {})
    assert await bot.wait() == 1
    bot.environment["COEDU_PASSWORD"] = ""
    await bot.start(ready=False)
    assert await bot.wait() == 1
    await bot.end()
    assert "access token is not valid any more" in bot.said("cannot-run")["problem"]


async def test_a_lost_store_without_the_password_is_told_in_one_sentence(world: World) -> None:
    bot = await world.bot()
    await bot.end(signal.SIGTERM)
    for store in (world.folder / "data" / "crypto").glob("*.db*"):
        store.unlink()
    bot.environment["COEDU_PASSWORD"] = ""
    await bot.start(ready=False)
    assert await bot.wait() == 1
    await bot.end()
    assert "set COEDU_PASSWORD" in bot.said("cannot-run")["problem"]
