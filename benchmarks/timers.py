"""What pending reminders cost at start-up, and how late a burst of due ones is said.

Run it with `python -m benchmarks.timers`. Start-up and memory are those of a whole bot process but its sync,
each figure the median of several starts; lateness is from the due moment to the homeserver's receipt.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.ringing import Sky, fill, open_folder, start

FEW, MANY = 10, 100_000
BURST = 500
STARTS = 5
_CHUNK = 5_000


async def measure(few: int, many: int, burst: int) -> dict[str, Any]:
    """All figures, as one report."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = await prepared(Path(folder) / "few", few), await prepared(Path(folder) / "many", many)
        few_starts, many_starts = [], []
        for _ in range(STARTS):  # in turn, so that what else the machine does falls on both
            few_starts.append(await start_up(small))
            many_starts.append(await start_up(large))
        late = await lateness(large, burst)
    report: dict[str, Any] = {"pending": [few, many]}
    for name in ("seconds", "mebibytes"):
        one, other = (statistics.median(s[name] for s in starts) for starts in (few_starts, many_starts))
        report[name] = [round(one, 3), round(other, 3)]
        report[f"{name}_ratio"] = round(other / one, 3)
    return report | {"burst": burst, **late}


async def prepared(folder: Path, pending: int) -> Path:
    """A data folder with so many reminders that are due in the coming years."""
    folder.mkdir()
    database = await open_folder(folder)
    later = datetime.now(UTC) + timedelta(days=1)
    dues = [later + timedelta(minutes=10 * number) for number in range(pending)]
    for first in range(0, pending, _CHUNK):
        await fill(database, dues[first : first + _CHUNK])
    await database.close()
    return folder


async def start_up(folder: Path) -> dict[str, float]:
    """From the start of the process until it has looked at its timers, and what it then needs of memory."""
    async with Sky(folder / "sky") as sky:
        begun = time.perf_counter()
        process = await start(folder, sky)
        assert process.stdout is not None
        await process.stdout.readline()
        await process.stdout.readline()
        seconds = time.perf_counter() - begun
        memory = memory_of(process.pid)
        process.kill()
        await process.wait()
    (folder / "sky").unlink(missing_ok=True)
    return {"seconds": seconds, "mebibytes": memory}


def memory_of(pid: int) -> float:
    """What the process has in memory now, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


async def lateness(folder: Path, burst: int) -> dict[str, Any]:
    """So many due in the same second, beside all that are pending: none lost, each how late."""
    database = await open_folder_again(folder)
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=5)
    await fill(database, [due] * burst, "Burst")
    await database.close()
    async with Sky(folder / "sky") as sky:
        process = await start(folder, sky)
        for _ in range(1200):
            if len(sky.said) >= burst:
                break
            await asyncio.sleep(0.05)
        process.kill()
        await process.wait()
    late = sorted((at - due).total_seconds() for event, at in sky.said)
    texts = {event["content"]["body"] for event, _ in sky.said}
    found = {"said": len(late), "different": len(texts)}
    return found | {"late_median": round(statistics.median(late), 3), "late_last": round(late[-1], 3)}


async def open_folder_again(folder: Path) -> Any:
    """The database of a folder that is prepared already."""
    from coedu_bot.store.database import open_database

    return await open_database("sqlite", folder)


def main() -> None:
    """Print the report as one line of JSON; exit 1 if something is lost or costs more than a tenth."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--burst", type=int, default=BURST)
    options = parser.parse_args()
    report = asyncio.run(measure(FEW, options.many, options.burst))
    print(json.dumps(report))
    cheap = report["seconds_ratio"] <= 1.1 and report["mebibytes_ratio"] <= 1.1
    whole = report["said"] == report["different"] == options.burst
    raise SystemExit(0 if cheap and whole else 1)


if __name__ == "__main__":
    main()
