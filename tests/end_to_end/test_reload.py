"""A running bot reads its configuration again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import yaml

from tests.end_to_end.conftest import World


async def coedu_bot(*arguments: str, **env: str) -> tuple[int, str]:
    """Run a verb as people do; returns its exit code and all it wrote."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "coedu_bot", *arguments),
        env={**os.environ, "COLUMNS": "200", **env},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return await process.wait(), output.decode()


async def test_reload_takes_what_is_right_and_refuses_what_is_wrong(world: World) -> None:
    bot = await world.bot()
    config = world.folder / "config.yaml"
    code, output = await coedu_bot("reload", "--config", str(config))
    assert (code, "in force" in output) == (0, True)
    write(config, world.settings | {"prefx": "!"})
    code, output = await coedu_bot("reload", "--config", str(config))
    assert code == 2
    assert 'prefx: unknown; did you mean "prefix"?' in output
    os.kill(bot.pid, signal.SIGHUP)
    await logged(bot.log, "not-reloaded")
    write(config, world.settings | {"prefix": "?"})
    os.kill(bot.pid, signal.SIGHUP)
    assert (await logged(bot.log, "reloaded", after=1))["after_restart"] == ["prefix"]
    await bot.end(signal.SIGTERM)
    code, output = await coedu_bot("reload", "--config", str(config))
    assert (code, "no bot runs" in output) == (1, True)


def write(config: Path, settings: dict[str, object]) -> None:
    config.write_text(yaml.safe_dump(settings, allow_unicode=True))


async def logged(log: list[dict[str, object]], event: str, after: int = 0) -> dict[str, object]:
    """The line of the log that says this, once it is there; `after` so many that say the same."""
    async with asyncio.timeout(20):
        while True:
            found = [line for line in log if line.get("event") == event]
            if len(found) > after:
                return found[after]
            await asyncio.sleep(0.05)
