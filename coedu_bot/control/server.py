"""The running bot's side: verbs by name, each answered on a connection of its own."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coedu_bot.control.place import NAME, address_in
from coedu_bot.log import logger

log = logger(__name__)

_LONGEST_REQUEST = 1_000_000
_ONLY_OURS = 0o600

Tell = Callable[[Mapping[str, Any]], Awaitable[None]]
"""Sends `{"progress": …}` to who asked, while the verb is at work."""
Verb = Callable[[Mapping[str, Any], Tell], Awaitable[Mapping[str, Any]]]
"""Takes the request and returns what goes with `"ok": true`; raises Refusal."""


class Refusal(Exception):
    """A verb that cannot be done; its text is for the person who asked, `more` for programs."""

    def __init__(self, problem: str, **more: Any) -> None:
        super().__init__(problem)
        self.more = more


@dataclass(slots=True)
class ControlServer:
    """Register verbs, then be `open(data)` while the bot runs."""

    verbs: dict[str, Verb] = field(default_factory=dict)
    _busy: set[asyncio.Task[None]] = field(default_factory=set)

    def register(self, name: str, verb: Verb) -> None:
        """Offer a verb."""
        self.verbs[name] = verb

    @asynccontextmanager
    async def open(self, data: Path) -> AsyncIterator[None]:
        """Listen in this data folder, whose lock we hold: a socket that lies there is a dead process's."""
        (data / NAME).unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._answer, sock=_bound(data), limit=_LONGEST_REQUEST)
        try:
            yield
        finally:
            (data / NAME).unlink(missing_ok=True)
            server.close()
            for task in self._busy:
                task.cancel()
            await asyncio.gather(*self._busy, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            with suppress(ConnectionError):  # who asked went away
                await _write(writer, await self._outcome(await _request(reader), writer))
        finally:
            self._busy.discard(task)
            writer.close()

    async def _outcome(
        self, request: Mapping[str, Any] | None, writer: asyncio.StreamWriter
    ) -> Mapping[str, Any]:
        verb = self.verbs.get(str(request.get("verb"))) if request is not None else None
        if request is None or verb is None:
            return {"ok": False, "problem": f"expected a verb: {', '.join(sorted(self.verbs))}"}

        async def tell(progress: Mapping[str, Any]) -> None:
            await _write(writer, {"progress": progress})

        try:
            return {"ok": True, **await verb(request, tell)}
        except Refusal as refusal:
            return {"ok": False, "problem": str(refusal), **refusal.more}
        except ConnectionError:
            raise
        except Exception as fault:  # the bot goes on
            log.error("control-fault", verb=request.get("verb"), exc_info=fault)
            return {"ok": False, "problem": f"{type(fault).__name__}; the log has more"}


def _bound(data: Path) -> socket.socket:
    """The socket, closed to others before anybody can be heard on it."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.setblocking(False)
    with address_in(data) as address:
        listening.bind(address)
    (data / NAME).chmod(_ONLY_OURS)
    return listening


async def _request(reader: asyncio.StreamReader) -> Mapping[str, Any] | None:
    try:
        value = json.loads(await reader.readline())
    except ValueError:  # not JSON, or a line without end
        return None
    return value if isinstance(value, dict) else None


async def _write(writer: asyncio.StreamWriter, value: Mapping[str, Any]) -> None:
    writer.write(json.dumps(value, ensure_ascii=False).encode() + b"\n")
    await writer.drain()
