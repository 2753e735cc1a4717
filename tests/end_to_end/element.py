"""People whose client encrypts as Element does; what they see is what matrix-js-sdk has decrypted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Self

import aiohttp

from coedu_bot.demo.client import Event, Person
from tests.element.install import FOLDER, NODE, install

_CLIENTS = Path(__file__).parent.parent / "element" / "clients.mjs"
_WITHIN = 30.0
_LONGEST_LINE = 10_000_000


class ElementError(AssertionError):
    """A client could not do what it was asked."""


@dataclass(slots=True)
class Elements:
    """The child process that all clients live in: `async with Elements() as elements:`."""

    people: dict[str, ElementPerson] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    _process: asyncio.subprocess.Process | None = None
    _reading: asyncio.Task[None] | None = None
    _answers: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1))

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(install)
        self._process = await asyncio.create_subprocess_exec(
            *(str(NODE), str(_CLIENTS), str(FOLDER)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LONGEST_LINE,
        )
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *problem: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), 5)
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        if self._reading is not None:
            await self._reading

    async def ask(self, client: str, act: str, within: float = _WITHIN, **more: Any) -> Any:
        """Have a client do something; raises ElementError with what the SDK says."""
        assert self._process is not None
        assert self._process.stdin is not None
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        line = json.dumps({"id": number, "client": client, "act": act, **more})
        self._process.stdin.write(line.encode() + b"\n")
        return await asyncio.wait_for(answer, within)

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for raw in self._process.stdout:
            line = json.loads(raw)
            if "id" not in line and "event" not in line:
                self.problems.append(line["problem"])
            elif "event" in line:
                await self.people[line["client"]].show(line["event"])
            elif not (waiting := self._answers.pop(line["id"])).done():
                if "problem" in line:
                    waiting.set_exception(ElementError(line["problem"]))
                else:
                    waiting.set_result(line["answer"])
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(ElementError("the clients' process has ended"))


@dataclass(slots=True)
class ElementPerson(Person):
    """A person with a signed device of matrix-js-sdk; `strict` trusts only devices signed by their owner."""

    elements: Elements | None = None
    strict: bool = False
    signed: bool = True
    recovery: str = ""
    name: str = ""

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession()
        await self._log_in()
        self.name = f"{self.user_id}/{self._device}"
        assert self.elements is not None
        self.elements.people[self.name] = self
        token = str(self._http.headers["Authorization"]).removeprefix("Bearer ")
        session = {"user": self.user_id, "device": self._device, "token": token}
        await self.ask("start", base=self.base_url, recovery=self.recovery, **session)
        if self.signed:
            await self.ask("bootstrap", password=self.password)
        if self.strict:
            await self.ask("onlySigned")
        return self

    async def __aexit__(self, *problem: object) -> None:
        with suppress(ElementError):  # a test may have stopped it
            await self.ask("stop")
        assert self._http is not None
        await self._http.close()

    async def ask(self, act: str, **more: Any) -> Any:
        """Have the client do something."""
        assert self.elements is not None
        return await self.elements.ask(self.name, act, **more)

    async def show(self, event: Event) -> None:
        """The client shows an event, or shows it again once it could decrypt it."""
        async with self._news:
            shown = self.events[event["room_id"]]
            known = next((one for one in shown if one["event_id"] == event["event_id"]), None)
            if known is None:
                shown.append(event)
            else:
                known.clear()
                known.update(event)
            self._news.notify_all()

    async def send(self, room: str, type_: str, content: Mapping[str, Any]) -> str:
        return str(await self.ask("send", room=room, type=type_, content=dict(content)))
