"""What supervisors see of the real process."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from pathlib import Path

import aiohttp

from coedu_bot.demo.process import BotProcess
from tests.end_to_end.conftest import World


async def test_systemd_is_told_ready_alive_and_stopping_and_health_is_served(
    world: World, tmp_path: Path
) -> None:
    bot = await world.bot()
    await bot.end(signal.SIGTERM)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(str(tmp_path / "notify"))
        door.settimeout(10)
        told = {"NOTIFY_SOCKET": door.getsockname(), "WATCHDOG_USEC": "300000"}
        async with BotProcess(bot.config, bot.password, environment=told) as supervised:
            assert await heard(door) == b"READY=1"
            assert await heard(door) == b"WATCHDOG=1"
            await healthy(supervised)
            assert await supervised.end(signal.SIGTERM) == 0
            while (last := await heard(door)) == b"WATCHDOG=1":
                pass
            assert last == b"STOPPING=1"
    await bot.start()


async def heard(door: socket.socket) -> bytes:
    return await asyncio.to_thread(door.recv, 100)


async def healthy(bot: BotProcess) -> None:
    """The process itself says where it serves; its log may be read a little later."""
    async with asyncio.timeout(20):
        while not (addresses := [line["address"] for line in bot.log if line["event"] == "web"]):
            await asyncio.sleep(0.05)
    async with aiohttp.ClientSession(f"http://{addresses[-1]}") as http, asyncio.timeout(20):
        for path in ("/readyz", "/healthz", "/metrics"):
            while await status_of(http, path) != 200:
                await asyncio.sleep(0.1)


async def status_of(http: aiohttp.ClientSession, path: str) -> int:
    async with http.get(path) as answer:
        return answer.status


async def test_no_word_that_anybody_said_stands_in_the_log(world: World) -> None:
    bot = await world.bot()
    teacher, parent = await world.person("Mme Zylberstein"), await world.person("M. Quiquemelle")
    room = await world.room("6B", teacher, parent)
    said = [
        "!annonce Adélaïde rapporte son cartable bordeaux.",
        "!annonce Sortie\n\nenvoyer : avant-hier crépuscule",
        "!rapel Barnabé piscine",
        "!annuler Z99 parapluie",
    ]
    for text in said:
        await teacher.say(room, text)
    post = await parent.sees_message("Adélaïde", room=room, kind="announcement")
    await parent.tap(room, post["event_id"])
    private = await world.direct(parent)
    await parent.say(private, "Barnabé tousse, médicament oublié")
    await parent.sees(lambda e: e["sender"] == world.bot_id and "body" in e["content"], private)
    await bot.end(signal.SIGTERM)
    log = json.dumps(bot.log, ensure_ascii=False).casefold()
    words = {word for text in (*said, "Zylberstein Quiquemelle médicament") for word in text.split()}
    assert [
        w for w in words if len(w) > 5 and not w.startswith("!") and w.casefold().strip(".,") in log
    ] == []
    await bot.start()
