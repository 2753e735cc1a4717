"""What a message costs that the bot only has to ignore: people talk in rooms where both listen."""

from __future__ import annotations

import asyncio
import random

from benchmarks.stage import processor_seconds, stage

GOALS = {"coedu_cpu_ms_per_event": 1.6}
ROOMS = 10
_SETTLES = 3.0


async def measure(events: int = 400, per_second: float = 20) -> dict[str, float]:
    """Milliseconds of the processor for each event, and the ratio."""
    async with stage() as one:
        bots = await one.both()
        user = await one.user(await one.account("user"))
        rooms = [await user.room_with("@floor:bench.test", "@coedu:bench.test") for _ in range(ROOMS)]
        await asyncio.sleep(_SETTLES)
        before = {name: processor_seconds(bot.pid) for name, bot in bots.items()}
        chance, talking = random.Random(20261006), []
        for number in range(events):
            text = f"Bavardage {number} : à quelle heure part le car ?"
            talking.append(asyncio.create_task(user.say(chance.choice(rooms), text)))
            await asyncio.sleep(1 / per_second)
        await asyncio.gather(*talking)
        await asyncio.sleep(1)
        used = {name: processor_seconds(bot.pid) - before[name] for name, bot in bots.items()}
    figures = {f"{name}_cpu_ms_per_event": seconds * 1000 / events for name, seconds in used.items()}
    return figures | {"ratio": used["coedu"] / used["floor"]}
