"""What pending reminders cost at start-up, and how late five hundred are that are due in one second.

The start-up's homeserver is a socket, so that the figures are the bot's alone. Lateness is on a Synapse, from
the due moment to the sync of who is in the rooms; the bare client sends as many messages as fast as it can.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.stage import SERVER, mebibytes, stage
from benchmarks.user import User
from coedu_bot.store.database import open_database
from tests.ringing import ROOMS, Sky, fill, open_folder, start

GOALS = {"pending_seconds_ratio": 1.1, "pending_mebibytes_ratio": 1.1, "late_last_seconds": 8.0, "lost": 0}
_CHUNK = 5_000
_AT_ONCE = 20
_AHEAD = timedelta(seconds=8)


async def measure(few: int = 10, many: int = 100_000, due: int = 500, starts: int = 5) -> dict[str, float]:
    """All figures."""
    return await _pending(few, many, starts) | await _lateness(due)


async def _pending(few: int, many: int, starts: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        folders = {name: Path(folder) / name for name in ("few", "many")}
        await _prepare(folders["few"], few)
        await _prepare(folders["many"], many)
        found: dict[str, list[dict[str, float]]] = {name: [] for name in folders}
        for _ in range(starts):  # in turn, so that what else the machine does falls on both
            for name, where in folders.items():
                found[name].append(await _start_up(where))
    figures: dict[str, float] = {}
    for part in ("seconds", "mebibytes"):
        one, other = (median(start[part] for start in found[name]) for name in ("few", "many"))
        figures |= {f"few_{part}": one, f"many_{part}": other, f"pending_{part}_ratio": other / one}
    return figures


async def _prepare(folder: Path, pending: int) -> None:
    """A data folder with so many reminders that are due in the coming years."""
    folder.mkdir()
    database = await open_folder(folder)
    later = datetime.now(UTC) + timedelta(days=1)
    dues = [later + timedelta(minutes=10 * number) for number in range(pending)]
    for first in range(0, pending, _CHUNK):
        await fill(database, dues[first : first + _CHUNK])
    await database.close()


async def _start_up(folder: Path) -> dict[str, float]:
    """From the start of the process until it has looked at its timers, and what it then needs of memory."""
    async with Sky(folder / "sky") as sky:
        begun = perf_counter()
        process = await start(folder, sky)
        assert process.stdout is not None
        await process.stdout.readline()
        await process.stdout.readline()
        seconds = perf_counter() - begun
        memory = mebibytes(process.pid)
        process.kill()
        await process.wait()
    (folder / "sky").unlink(missing_ok=True)
    return {"seconds": seconds, "mebibytes": memory}


async def _lateness(due: int) -> dict[str, float]:
    """So many due in the same second: none lost, each how late."""
    async with stage() as one:
        user = await one.user(await one.account("user"))
        bare = await one.user(await one.account("bare"))
        bot = one.coedu(await one.account("coedu"), "reminders")
        async with bot:
            rooms = [await user.room_with(f"@coedu:{SERVER}", preset="public_chat") for _ in ROOMS]
        for room in rooms:
            await bare.join(room)
        at = datetime.now(UTC).replace(microsecond=0) + _AHEAD
        await _plan(one.folder / "coedu" / "data", [at] * due, rooms)
        async with bot:
            reminders = await _said(user, "Rappel", due)
        late = [moment - perf_counter() + (datetime.now(UTC) - at).total_seconds() for moment in reminders]
        begun = perf_counter()
        await _send(bare, rooms, due)
        plain = [moment - begun for moment in await _said(user, "Message", due)]
    figures = {"lost": due - len(late), "late_median_seconds": median(late), "late_last_seconds": max(late)}
    return figures | {"floor_last_seconds": max(plain), "late_ratio": max(late) / max(plain)}


async def _plan(data: Path, dues: list[datetime], rooms: list[str]) -> None:
    database = await open_database("sqlite", data)
    await fill(database, dues, "Rappel", rooms)
    await database.close()


async def _send(bare: User, rooms: list[str], messages: int) -> None:
    """As many at once as a client keeps connections."""
    numbers = iter(range(messages))

    async def send() -> None:
        for number in numbers:
            await bare.say(rooms[number % len(rooms)], f"Message {number}")

    await asyncio.gather(*(send() for _ in range(_AT_ONCE)))


async def _said(user: User, word: str, messages: int) -> list[float]:
    """When each different text with this word was there."""

    def moments() -> dict[str, float]:
        return {text: moment for text, moment in reversed(user.said) if word in text}

    with suppress(TimeoutError):  # the figures say how many are lost
        await user.until(lambda: len(moments()) >= messages)
    return list(moments().values())
