"""The real bot as a child process: started, killed and started again, by its process id."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from coedu_bot.demo.children import die_with_parent

_READY_WITHIN = 120.0


class BotDiedError(AssertionError):
    """The process ended though nobody asked; the message ends with its log."""


@dataclass(slots=True)
class BotProcess:
    """`async with BotProcess(config, password):`; `log` holds its lines of JSON."""

    config: Path
    password: str
    clock_offset: float = 0.0
    environment: dict[str, str] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)
    _process: asyncio.subprocess.Process | None = None
    _reading: asyncio.Task[None] | None = None
    _ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self.end(signal.SIGTERM)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """It was started, and ended by itself."""
        return self._process is not None and self._process.returncode is not None

    async def start(self, *, ready: bool = True) -> None:
        """Start, and wait until it says that it is ready."""
        self._ready.clear()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "coedu_bot", "run", "--config", str(self.config)),
            *("--clock-offset", str(self.clock_offset)),
            env={**os.environ, "COEDU_PASSWORD": self.password, **self.environment},
            stderr=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            preexec_fn=die_with_parent,
        )
        self._reading = asyncio.create_task(self._read())
        if ready:
            await self._until_ready()

    async def end(self, how: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal and wait for the end; returns the exit code."""
        if self._process is None:
            return 0
        if self._process.returncode is None:
            self._process.send_signal(how)
        code = await self._process.wait()
        if self._reading is not None:
            await self._reading
        self._process = None
        return code

    def said(self, event: str) -> dict[str, Any]:
        """The last line of its log with this event."""
        return next(line for line in reversed(self.log) if line.get("event") == event)

    async def wait(self) -> int:
        """Wait until it ends by itself."""
        assert self._process is not None
        return await self._process.wait()

    async def _until_ready(self) -> None:
        assert self._process is not None
        ready = asyncio.create_task(self._ready.wait())
        ended = asyncio.create_task(self._process.wait())
        done, _ = await asyncio.wait(
            {ready, ended}, timeout=_READY_WITHIN, return_when=asyncio.FIRST_COMPLETED
        )
        for waiting in (ready, ended):
            waiting.cancel()
        if ready not in done:
            lines = (json.dumps(line, ensure_ascii=False) for line in self.log[-20:])
            raise BotDiedError("\n".join((f"exit code {self._process.returncode}", *lines)))

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        async for raw in self._process.stderr:
            try:
                line = json.loads(raw)
            except ValueError:
                line = {"event": "output", "text": raw.decode(errors="replace").rstrip()}
            self.log.append(line)
            if line.get("event") == "ready":
                self._ready.set()
