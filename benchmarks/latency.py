"""How long a person waits: a command is sent and its reply awaited in the own sync, one after the other.

By turns to the bot and to the bare client in random order, each alone with the user in a room; and to a
second bare client, whose messages have `m.mentions` as they should: Synapse takes some ms to validate it.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from statistics import median, quantiles

from benchmarks.stage import SERVER, Bot, processor_seconds, stage

GOALS = {"p50_ratio": 1.05, "p50_ratio_mentioning": 1.05, "p99_ratio": 1.2, "coedu_cpu_ms_per_command": 4.0}


async def measure(commands: int = 200, warm_up: int = 20) -> dict[str, float]:
    """Milliseconds of every command, by who answered it, and what it cost the processor."""
    async with stage() as one:
        bots = {**await one.both(), "mentioning": await one.mentioning()}
        user = await one.user(await one.account("user"))
        rooms = {name: await user.room_with(f"@{name}:{SERVER}") for name in bots}
        figures = await compare(bots, user.ask, rooms, commands, warm_up)
    alike = figures["coedu_p50_ms"] / figures["mentioning_p50_ms"]
    return figures | {"p50_ratio_mentioning": alike}


async def compare(
    bots: Mapping[str, Bot],
    ask: Callable[[str], Awaitable[float]],
    rooms: Mapping[str, str],
    commands: int,
    warm_up: int,
) -> dict[str, float]:
    """The figures of bots by name, each in its room; `ask` says how many seconds an answer took."""
    await _by_turns(ask, rooms, warm_up)
    before = _used(bots)
    took = await _by_turns(ask, rooms, commands)
    used = {name: (after - before[name]) * 1000 / commands for name, after in _used(bots).items()}
    figures = {f"{name}_{part}_ms": value for name in took for part, value in _parts(took[name]).items()}
    for part in ("p50", "p95", "p99"):
        figures[f"{part}_ratio"] = figures[f"coedu_{part}_ms"] / figures[f"floor_{part}_ms"]
    return figures | {f"{name}_cpu_ms_per_command": value for name, value in used.items()}


async def _by_turns(
    ask: Callable[[str], Awaitable[float]], rooms: Mapping[str, str], commands: int
) -> dict[str, list[float]]:
    chance = random.Random(20261006)
    took: dict[str, list[float]] = {name: [] for name in rooms}
    for _ in range(commands):
        for name in chance.sample(sorted(rooms), len(rooms)):
            took[name].append(await ask(rooms[name]))
    return took


def _used(bots: Mapping[str, Bot]) -> dict[str, float]:
    return {name: processor_seconds(bot.pid) for name, bot in bots.items()}


def _parts(seconds: list[float]) -> dict[str, float]:
    hundredths = quantiles(seconds, n=100)
    return {"p50": median(seconds) * 1000, "p95": hundredths[94] * 1000, "p99": hundredths[98] * 1000}
