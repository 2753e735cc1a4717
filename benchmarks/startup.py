"""From the start of a process that ran before to its first answer, in 10 rooms and in 1,000.

The command waits in the room when the process starts, so the figure has no grain.
"""

from __future__ import annotations

import asyncio
import signal
from statistics import median
from time import perf_counter

from benchmarks.rooms import copy_room
from benchmarks.stage import SERVER, Bot, Stage, mebibytes, processor_seconds, stage
from benchmarks.user import User

GOALS = {"coedu_ratio": 1.1, "coedu_many_seconds": 0.8, "coedu_many_mebibytes": 90}
PEOPLE, HISTORY = 4, 3
FEW, MANY = ("floor_few", "coedu_few"), ("floor_many", "coedu_many")
_SETTLES = 2.0


async def measure(few: int = 10, many: int = 1000, starts: int = 5) -> dict[str, float]:
    """Seconds, processor and memory until the answer, and what a hundred times the rooms add."""
    async with stage() as one:
        bots = await _bots(one)
        await _rooms(one, few, many)
        watch = await one.user(await one.account("watch"))
        own = {name: await _met(watch, name, bot) for name, bot in bots.items()}
        found: dict[str, list[dict[str, float]]] = {name: [] for name in bots}
        for _ in range(starts):  # in turn, so that what else the machine does falls on all
            for name, bot in bots.items():
                found[name].append(await _start(watch, own[name], bot))
    figures = {
        f"{name}_{part}": median(start[part] for start in of) for name, of in found.items() for part in of[0]
    }
    ratios = {n: figures[f"{n}_many_seconds"] / figures[f"{n}_few_seconds"] for n in ("floor", "coedu")}
    return figures | {f"{name}_ratio": ratio for name, ratio in ratios.items()}


async def _bots(one: Stage) -> dict[str, Bot]:
    ids = {name: await one.account(name) for name in (*FEW, *MANY)}
    return {name: (one.floor if "floor" in name else one.coedu)(id_) for name, id_ in ids.items()}


async def _rooms(one: Stage, few: int, many: int) -> None:
    """All rooms but one, before any bot has seen the account that it will use."""
    people = [await one.account(f"person{number}") for number in range(PEOPLE)]
    small = await _class_room(one, [*people, *(f"@{name}:{SERVER}" for name in (*FEW, *MANY))])
    large = await _class_room(one, [*people, *(f"@{name}:{SERVER}" for name in MANY)])
    await one.synapse.stop()
    database = one.synapse.folder / "homeserver.db"
    await asyncio.to_thread(copy_room, database, small, few - 2)
    await asyncio.to_thread(copy_room, database, large, many - few - 1)
    await one.synapse.start()


async def _class_room(one: Stage, members: list[str]) -> str:
    async with User(one.synapse.base_url, members[0], one.password) as teacher:
        room = await teacher.room_with(name="6B", preset="public_chat")
        for member in members[1:]:
            async with User(one.synapse.base_url, member, one.password) as person:
                await person.join(room)
        for number in range(HISTORY):
            await teacher.say(room, f"Message {number} : la sortie de vendredi est maintenue.")
    return room


async def _met(watch: User, name: str, bot: Bot) -> str:
    """The bot's first start, cold, and a room of its own with who watches."""
    async with bot:
        room = await watch.room_with(f"@{name}:{SERVER}")
        await watch.ask(room)
        await asyncio.sleep(_SETTLES)
    return room


async def _start(watch: User, room: str, bot: Bot) -> dict[str, float]:
    event = await watch.say(room, "!ping")
    begun = perf_counter()
    await bot.start(ready=False)
    await watch.until(lambda: event in watch.arrived)
    used, memory = processor_seconds(bot.pid), mebibytes(bot.pid)
    await bot.end(signal.SIGTERM)
    return {"seconds": watch.arrived[event] - begun, "cpu_seconds": used, "mebibytes": memory}
