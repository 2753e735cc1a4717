"""`coedu-bot apply` on a real homeserver: from the example to a school."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import uuid
from pathlib import Path

import pytest

from coedu_bot.demo.client import Person, RefusedError
from coedu_bot.demo.process import BotProcess
from tests.end_to_end.conftest import PASSWORD, World
from tests.end_to_end.test_reload import coedu_bot

ROOT = Path(__file__).resolve().parents[2]


async def example(world: World) -> tuple[Path, dict[str, str], Person]:
    """The example's files for this homeserver; names of its own, so that tests do not meet."""
    suffix = uuid.uuid4().hex[:8]
    world.bot_id = await world.synapse.register(f"coedu-{suffix}", PASSWORD)
    shutil.copytree(ROOT / "examples", world.folder / "examples")
    shutil.copy(ROOT / "config.example.yaml", world.folder / "config.yaml")
    for file in (world.folder / "config.yaml", *(world.folder / "examples").glob("*.csv")):
        text = file.read_text(encoding="utf-8").replace("@coedu:ecole.example", world.bot_id)
        text = text.replace("http://127.0.0.1:8008", world.synapse.base_url)
        text = text.replace("ecole.example", world.synapse.server_name)
        file.write_text(text.replace("#6", f"#{suffix}-6"), encoding="utf-8")
    account = await world.stack.enter_async_context(Person(world.synapse.base_url, world.bot_id, PASSWORD))
    return world.folder / "config.yaml", {"COEDU_PASSWORD": PASSWORD}, account


async def apply(config: Path, env: dict[str, str], *more: str) -> str:
    code, output = await coedu_bot("apply", "--yes", "--config", str(config), *more, **env)
    assert code == 0, output
    return output


async def killed_once_rooms_are_made(config: Path, env: dict[str, str], account: Person, rooms: int) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "coedu_bot", "apply", "--yes", "--config", str(config)),
        env={**os.environ, **env},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(60):
        while len(await joined(account)) < rooms:
            await asyncio.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert await process.wait() == -signal.SIGKILL


async def joined(account: Person) -> list[str]:
    answer = await account.call("GET", "/joined_rooms")
    return list(answer["joined_rooms"])


async def test_from_the_example_to_a_school_killed_run_again_and_changed(world: World) -> None:
    config, env, account = await example(world)
    teacher = await world.stack.enter_async_context(await named(world, "durand"))
    mother = await world.stack.enter_async_context(await named(world, "samira.benali"))
    stranger = await world.person("Inconnu")
    await killed_once_rooms_are_made(config, env, account, rooms=4)
    await apply(config, env)
    assert len(await joined(account)) == 8
    assert "nothing to do" in await apply(config, env)

    names = await rooms_by_name(account)
    await mother.join(names["space 6e B"])
    await mother.join(names["6e B · Annonces"])
    await mother.leave(names["6e B · Annonces"])
    await mother.join(names["6e B · Annonces"])  # nobody invites her again: she is in the class's space
    with pytest.raises(RefusedError):
        await stranger.join(names["6e B · Annonces"])
    assert (await power_of(account, names["6e B · Annonces"]))[teacher.user_id] == 50

    changed = config.read_text(encoding="utf-8").replace('teachers: ["@durand:', 'teachers: ["@simon:', 1)
    config.write_text(changed.replace('name: "6e B"', 'name: "6e Bleue"'), encoding="utf-8")
    output = await apply(config, env)
    assert "6B/announcements: name: 6e Bleue · Annonces" in output
    assert "6B/class: invite @simon:" in output
    assert "6C" not in output
    assert teacher.user_id not in nonzero(await power_of(account, names["6e B · Annonces"]))


async def test_a_running_bot_makes_the_rooms_itself_and_knows_them(world: World) -> None:
    config, env, account = await example(world)
    teacher = await world.stack.enter_async_context(await named(world, "durand2"))
    text = config.read_text(encoding="utf-8").replace("@durand:", "@durand2:")
    config.write_text(text, encoding="utf-8")
    async with BotProcess(config, PASSWORD):
        await apply(config, env)
        assert "nothing to do" in await apply(config, env)
        room = (await rooms_by_name(account))["6e B · Annonces"]
        await teacher.join(room)
        await teacher.say(room, "!aide annonce")
        await teacher.sees_message(room=room, kind="help")
        families = config.parent / "examples" / "families-6b.csv"
        kept_apart = families.read_text(encoding="utf-8").replace(";fr;complet;;\nEmre", ";fr;aucun;;\nEmre")
        families.write_text(kept_apart, encoding="utf-8")
        assert (await coedu_bot("reload", "--config", str(config)))[0] == 0
        father = f"@karim.benali:{world.synapse.server_name}"
        assert (await account.get_state(room, "m.room.member", father))["membership"] == "leave"


async def test_check_says_what_is_to_be_mended_and_leaves_no_device(world: World) -> None:
    config, env, account = await example(world)
    code, found = await checked(config, COEDU_PASSWORD="wrong")
    assert code == 1
    assert "the homeserver does not accept the password (M_FORBIDDEN)" in found
    code, found = await checked(config, **env)
    assert code == 0
    assert "@haddad:ecole.test: no such account" in found
    assert f"/_synapse/admin/v1/users/{world.bot_id}/override_ratelimit'" in found
    assert "rooms: not yet as written here: space, 6B/space" in found
    assert len((await account.call("GET", "/devices"))["devices"]) == 1
    text = config.read_text(encoding="utf-8").replace(world.synapse.base_url, "http://127.0.0.1:9")
    config.write_text(text, encoding="utf-8")
    code, found = await checked(config, **env)
    assert (code, "is the address right, and does it run?" in found) == (1, True)


async def checked(config: Path, **env: str) -> tuple[int, str]:
    code, output = await coedu_bot("check", "--config", str(config), **env)
    return code, output.replace("\n", " ")


async def named(world: World, name: str) -> Person:
    user = await world.synapse.register(name, PASSWORD, display_name=name)
    return Person(world.synapse.base_url, user, PASSWORD)


async def rooms_by_name(account: Person) -> dict[str, str]:
    names: dict[str, str] = {}
    for room in await joined(account):
        create = await account.get_state(room, "m.room.create")
        name = (await account.get_state(room, "m.room.name"))["name"]
        names[f"space {name}" if create.get("type") == "m.space" else name] = room
    return names


async def power_of(account: Person, room: str) -> dict[str, int]:
    return dict((await account.get_state(room, "m.room.power_levels"))["users"])


def nonzero(powers: dict[str, int]) -> set[str]:
    return {user for user, power in powers.items() if power}
