"""One homeserver for all end-to-end tests; each test has its own people, rooms and bot."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import yaml

from coedu_bot.demo.client import Person
from coedu_bot.demo.process import BotProcess
from coedu_bot.demo.synapse import PrivateSynapse
from tests.end_to_end.element import ElementPerson, Elements

PASSWORD = "correct horse"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here shares one event loop with the homeserver."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            if inspect.iscoroutinefunction(getattr(item, "function", None)):
                item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.end_to_end)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def synapse() -> AsyncIterator[PrivateSynapse]:
    async with PrivateSynapse("ecole.test") as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def elements() -> AsyncIterator[Elements]:
    async with Elements() as running:
        yield running


@dataclass(slots=True)
class World:
    """A school of one test: makes people, rooms and the bot, and ends them all."""

    synapse: PrivateSynapse
    folder: Path
    stack: AsyncExitStack
    settings: dict[str, Any] = field(default_factory=dict)
    base_url: str = ""  # where the bot finds the homeserver; a faulty proxy's in some tests
    _suffix: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    bot_id: str = ""

    async def person(self, name: str) -> Person:
        """Somebody with a client of their own."""
        local = f"{name.lower().replace(' ', '-')}-{self._suffix}"
        user = await self.synapse.register(local, PASSWORD, display_name=name)
        return await self.stack.enter_async_context(Person(self.synapse.base_url, user, PASSWORD))

    async def element(self, elements: Elements, name: str, **more: Any) -> ElementPerson:
        """Somebody with a client that encrypts as Element does."""
        local = f"{name.lower().replace(' ', '-')}-{self._suffix}"
        user = await self.synapse.register(local, PASSWORD, display_name=name)
        return await self.element_of(elements, user, **more)

    async def element_of(self, elements: Elements, user: str, **more: Any) -> ElementPerson:
        """Element, logged in with an account that exists."""
        person = ElementPerson(self.synapse.base_url, user, PASSWORD, elements=elements, **more)
        return await self.stack.enter_async_context(person)

    async def register_bot(self) -> None:
        """The bot's account, without a bot."""
        self.bot_id = await self.synapse.register(f"coedu-{self._suffix}", PASSWORD, display_name="Coedu Bot")

    async def bot(self, *, start: bool = True, **settings: Any) -> BotProcess:
        """The bot, running unless it is to be started later."""
        await self.register_bot()
        self.settings = {**self._settings(), **settings}
        config = self.folder / "config.yaml"
        config.write_text(yaml.safe_dump(self.settings, allow_unicode=True))
        bot = BotProcess(config, PASSWORD)
        if start:
            return await self.stack.enter_async_context(bot)
        self.stack.push_async_exit(bot)
        return bot

    async def verb(self, *words: str) -> tuple[int, dict[str, Any]]:
        """A verb of the command line: its exit code, and what it prints for programs."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "coedu_bot", *words),
            *("--json", "--config", str(self.folder / "config.yaml")),
            env={**os.environ, "COEDU_PASSWORD": PASSWORD},
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await process.communicate()
        return process.returncode or 0, dict(json.loads(output))

    async def as_bot(self, method: str, path: str, body: dict[str, Any]) -> Any:
        """A call with the token of the bot's own device."""
        token = self._session()["access_token"]
        url = f"{self.synapse.base_url}/_matrix/client/v3{path}"
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            aiohttp.ClientSession(headers=headers) as http,
            http.request(method, url, json=body) as answer,
        ):
            return await answer.json()

    @property
    def bot_device(self) -> str:
        """The bot's own device."""
        return str(self._session()["device_id"])

    def _session(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "data" / "session.json").read_text()))

    async def room(self, name: str, teacher: Person, *others: Person, power: int = 50) -> str:
        """A teacher's room with parents and the bot in it."""
        members = (*(person.user_id for person in others), self.bot_id)
        room = await teacher.create_room(name, members)
        for person in others:
            await person.is_in(room)
        await teacher.sees(lambda event: is_join(event, self.bot_id), room)
        await teacher.set_power(room, users={self.bot_id: power})
        return room

    async def direct(self, person: Person) -> str:
        """A direct room that the person opens with the bot."""
        room = await person.open_direct(self.bot_id)
        await person.sees(lambda event: is_join(event, self.bot_id), room)
        return room

    def _settings(self) -> dict[str, Any]:
        return {
            "homeserver": self.base_url or self.synapse.base_url,
            "user": self.bot_id,
            "data": str(self.folder / "data"),
            "school": {"name": "Collège", "controller": "La principale", "contact": "dpo@ecole.test"},
            "plugins": {"announcements": {}},
            "invites": {"from": ["ecole.test"]},
            "direct": {"encrypted": False},
            "web": {"listen": "127.0.0.1:0"},
        }


def is_join(event: dict[str, Any], user: str) -> bool:
    """Whether this event is the joining of a user."""
    member = (event["type"], event.get("state_key")) == ("m.room.member", user)
    return member and event["content"].get("membership") == "join"


@pytest_asyncio.fixture(loop_scope="session")
async def world(synapse: PrivateSynapse, tmp_path: Path) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        yield World(synapse, tmp_path, stack)
