"""Five hundred commands by several users as fast as the homeserver takes them: none lost, none doubled.

To the bare client and to the bot in turn, each in rooms of its own.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import perf_counter

from benchmarks.stage import Stage, stage
from benchmarks.user import User

GOALS = {"ratio": 1.05, "coedu_lost": 0, "coedu_doubled": 0}
USERS, ROOMS = 5, 10
TURNS = ("floor", "coedu", "coedu", "floor")
_STRAGGLERS = 2.0


async def measure(commands: int = 500) -> dict[str, float]:
    """Seconds until the last reply, what was lost and what came twice, by who answered."""
    async with stage() as one:
        bots = await one.both()
        users = [await one.user(await one.account(f"user{number}")) for number in range(USERS)]
        rooms = {name: await _rooms(one, users, f"@{name}:bench.test") for name in bots}
        found: dict[str, list[dict[str, float]]] = {name: [] for name in bots}
        for name in TURNS:
            found[name].append(await _burst(users, rooms[name], commands))
    sums = {
        f"{name}_{part}": sum(turn[part] for turn in turns)
        for name, turns in found.items()
        for part in turns[0]
    }
    return sums | {"ratio": sums["coedu_seconds"] / sums["floor_seconds"]}


async def _rooms(one: Stage, users: list[User], bot: str) -> list[str]:
    rooms = []
    for _ in range(ROOMS):
        room = await users[0].room_with(bot)
        for user in users[1:]:
            await users[0].call("POST", f"rooms/{room}/invite", {"user_id": user.user_id})
            await user.join(room)
        rooms.append(room)
    return rooms


async def _burst(users: list[User], rooms: list[str], commands: int) -> dict[str, float]:
    watch = users[0]
    waiting = list(range(commands))
    sent: list[str] = []

    async def speak(user: User) -> None:
        while waiting:
            number = waiting.pop()
            sent.append(await user.say(rooms[number % len(rooms)], f"!ping {number}"))

    begun = perf_counter()
    await asyncio.gather(*(speak(user) for user in users))
    accepted = perf_counter() - begun
    with suppress(TimeoutError):  # the figures say how many are lost
        await watch.until(lambda: all(event in watch.arrived for event in sent))
    await asyncio.sleep(_STRAGGLERS)
    came = [watch.arrived[event] for event in sent if event in watch.arrived]
    return {
        "seconds": max(came) - begun,
        "accepted_seconds": accepted,
        "lost": len(sent) - len(came),
        "doubled": sum(watch.answers[event] > 1 for event in sent),
    }
