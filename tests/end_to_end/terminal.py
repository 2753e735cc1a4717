"""`coedu-bot identity --verify` at a terminal, and a client of Element on the other side."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.end_to_end.conftest import PASSWORD, World
from tests.end_to_end.element import ElementPerson

VERIFIED = {"done": True, "cancelled": None}


@dataclass
class Terminal:
    """`coedu-bot identity --verify` as somebody runs it."""

    process: asyncio.subprocess.Process

    async def shows(self, *symbols: str) -> bool:
        """Whether these emoji are shown, in this order, before the question."""
        assert self.process.stdout is not None
        text = (await asyncio.wait_for(self.process.stdout.readuntil(b"[y/N]"), 60)).decode()
        return re.search(r"\s+\w[\w ]*\s+".join(map(re.escape, symbols)), text) is not None

    async def say(self, answer: str) -> int:
        """Answer the question; returns the exit code."""
        assert self.process.stdin is not None
        self.process.stdin.write(answer.encode() + b"\n")
        return await asyncio.wait_for(self.process.wait(), 60)


@asynccontextmanager
async def terminal(world: World) -> AsyncIterator[Terminal]:
    """Somebody waits there; the process is ended with the test."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "coedu_bot", "identity", "--verify"),
        *("--config", str(world.folder / "config.yaml")),
        env={**os.environ, "COEDU_PASSWORD": PASSWORD, "COLUMNS": "500", "PYTHONIOENCODING": "utf-8"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        assert process.stdout is not None
        await process.stdout.readuntil("minutes …".encode())
        await asyncio.sleep(0.5)  # it asks the bot just after it says so
        yield Terminal(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def compare(waiting: Terminal, person: ElementPerson, **where: Any) -> bool:
    """Ask from Element; whether both sides show the same."""
    asked = await person.ask("verify", **where)
    return await waiting.shows(*asked["emoji"])


async def confirmed(person: ElementPerson, waiting: Terminal, answer: str) -> tuple[int, Any]:
    """The person says that the emoji are the same, the one at the terminal `answer`s; how both ended."""
    confirming = asyncio.create_task(person.ask("confirm", within=60))
    return await waiting.say(answer), await confirming
