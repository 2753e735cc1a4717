"""Killed at any instant around a thousand due reminders, each is said exactly once."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.ringing import Sky, fill, open_folder, start

REMINDERS = 1000
KILLS = 8


async def test_a_thousand_due_reminders_and_eight_kills(tmp_path: Path) -> None:
    chance = random.Random(20261006)
    database = await open_folder(tmp_path)
    now = datetime.now(UTC)
    await fill(database, [now - timedelta(milliseconds=n) for n in range(REMINDERS)])
    await database.close()
    async with Sky(tmp_path / "sky") as sky:
        for _ in range(KILLS):
            process = await start(tmp_path, sky)
            await some_more(sky, chance.randrange(250))
            await asyncio.sleep(chance.uniform(0, 0.02))
            process.kill()
            await process.wait()
        assert 0 < len(sky.said) < REMINDERS, "the kills came at no interesting instant"
        await let_it_finish(tmp_path, sky)
        texts = Counter(event["content"]["body"].split()[-1] for event, _ in sky.said)
        assert texts == {str(number): 1 for number in range(REMINDERS)}
        taps = Counter(
            (event["content"]["m.relates_to"]["event_id"], event["content"]["m.relates_to"]["key"])
            for event, _ in sky.events.values()
            if event["type"] == "m.reaction"
        )
        assert set(taps.values()) == {1}
        assert len(taps) == 2 * REMINDERS


async def some_more(sky: Sky, events: int) -> None:
    """However slow the machine is, the kill comes in the midst of things: after so many more events."""
    seen = len(sky.events)
    async with asyncio.timeout(60):
        while len(sky.events) < seen + events:
            await asyncio.sleep(0.005)


async def let_it_finish(folder: Path, sky: Sky) -> None:
    """One more start, and nobody kills it until all is said."""
    process = await start(folder, sky)
    try:
        for _ in range(1200):
            if len(sky.events) >= 3 * REMINDERS:
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.3)  # whatever would come twice
    finally:
        process.kill()
        await process.wait()
