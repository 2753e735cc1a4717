"""Whatever breaks, every command and every tap has its effect exactly once, in order.

`CHAOS_ROUNDS` (1) repeats the storm with other seeds; `make chaos` asks for twenty.
"""

from __future__ import annotations

import asyncio
import os
import random
import resource
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass

import pytest

from coedu_bot.demo.client import Person
from coedu_bot.demo.process import BotDiedError, BotProcess
from coedu_bot.demo.synapse import PrivateSynapse
from tests.chaos.storm import Storm
from tests.end_to_end.conftest import World
from tests.end_to_end.test_exactly_once import every_tap_counted, number_of, whole_timeline

ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "1"))
ACTS, FAULTS, MOST = 12, 15, 40
HOUR, DAYS = 3600.0, 4 * 86_400.0
CLOCKS = (0, HOUR, -HOUR, DAYS, -DAYS)


@dataclass(slots=True)
class Class6B:
    """A class room whose teacher announces numbers and whose parent taps each."""

    world: World
    teacher: Person
    parent: Person
    room: str
    said: int = 0

    async def announce(self, times: int, pause: float = 0.1) -> None:
        for _ in range(times):
            await self.teacher.say(self.room, f"!annonce Numéro {self.said}.")
            self.said += 1
            await asyncio.sleep(pause)

    async def all_once(self) -> None:
        """The model: posts 0, 1, 2 … once each in this order, each tapped once, each tap counted once."""
        for number in range(self.said):
            post = await self.parent.sees(lambda e, n=number: number_of(e) == n, self.room, within=90)  # type: ignore[misc]
            await self.parent.tap(self.room, post["event_id"])
        timeline = await whole_timeline(self.parent, self.room)
        numbers = [number for event in timeline if (number := number_of(event)) is not None]
        assert numbers == list(range(self.said))
        await every_tap_counted(self.world, self.teacher)


async def class_of(world: World) -> Class6B:
    teacher, parent = await world.person("Mme Durand"), await world.person("M. Costa")
    return Class6B(world, teacher, parent, await world.room("6B", teacher, parent))


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_a_stormy_line_and_a_process_that_is_killed(world: World, seed: int) -> None:
    async with Storm(world.synapse.base_url, seed=seed, rages=False) as storm:
        world.base_url = storm.base_url
        bot = await world.bot()
        one = await class_of(world)
        storm.rages = True
        killing = asyncio.create_task(kill_now_and_then(bot, random.Random(seed)))
        while not killing.done() or one.said < ACTS or sum(storm.met.values()) < FAULTS:
            await one.announce(1 if one.said < MOST else 0)
            await asyncio.sleep(0.3)
            if killing.done():
                await revive(bot)
        await killing
        storm.rages = False
        await revive(bot)
        await one.all_once()


async def kill_now_and_then(bot: BotProcess, chance: random.Random) -> None:
    """The machine comes back, its clock somewhere else."""
    for _ in range(4):
        await asyncio.sleep(chance.uniform(0.3, 1.5))
        await bot.end(signal.SIGKILL)
        bot.clock_offset = chance.choice(CLOCKS)
        with suppress(BotDiedError):
            await bot.start(ready=chance.random() < 0.7)


async def revive(bot: BotProcess) -> None:
    """As systemd does with a start that gave up: for a minute no try of it got an answer."""
    if bot.has_ended:
        await bot.end()
        await bot.start(ready=False)


async def test_a_database_that_somebody_has_locked(world: World) -> None:
    await world.bot()
    one = await class_of(world)
    with locked(world):
        await one.announce(3)
        await asyncio.sleep(6)  # longer than SQLite waits by itself
    await one.announce(1)
    await one.all_once()


def locked(world: World) -> closing[sqlite3.Connection]:
    """Nobody else writes while this is open."""
    holder = sqlite3.connect(world.folder / "data" / "coedu.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    return closing(holder)


async def test_a_disk_that_is_full(world: World) -> None:
    bot = await world.bot()
    one = await class_of(world)
    await one.announce(1)
    await one.parent.sees(lambda e: number_of(e) == 0, one.room)
    async with full_disk(bot):
        await one.announce(3)
        await asyncio.sleep(2)
        assert [n for e in one.parent.seen(one.room) if (n := number_of(e)) is not None] == [0]
    await one.announce(1)
    await one.all_once()


@asynccontextmanager
async def full_disk(bot: BotProcess) -> AsyncIterator[None]:
    """No file of the process can grow beyond what any has."""
    before = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, before)


async def test_a_token_that_was_revoked_ends_the_process_with_advice_and_a_new_start_goes_on(
    world: World,
) -> None:
    bot = await world.bot()
    one = await class_of(world)
    await one.announce(1)
    await one.parent.sees(lambda e: number_of(e) == 0, one.room)
    async with Person(world.synapse.base_url, world.bot_id, bot.password, accepts=False) as somebody:
        await somebody.call("POST", "/logout/all", {})
    assert await bot.wait() == 1
    await bot.end()
    assert bot.said("session-lost")["advice"]
    await one.announce(2)
    await bot.start()
    await one.all_once()


async def test_a_homeserver_that_is_started_again(world: World) -> None:
    async with PrivateSynapse("ecole.test") as own:
        world.synapse = own
        await world.bot()
        one = await class_of(world)
        await one.announce(2)
        await own.stop()
        await asyncio.sleep(1)
        await own.start()
        await one.announce(2)
        await one.all_once()
        await world.stack.aclose()
