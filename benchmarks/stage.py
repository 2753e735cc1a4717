"""Where the bot and the bare client stand side by side: one Synapse, each a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import yaml

from benchmarks.user import User
from coedu_bot.demo.children import die_with_parent
from coedu_bot.demo.process import BotProcess
from coedu_bot.demo.synapse import PrivateSynapse

PASSWORD = "benchmark"
SERVER = "bench.test"
# whatever is set here: nobody runs a bot that compiles its modules anew at each start
_COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class BareClient:
    """`floor.py` as a process; started again, it goes on where it was."""

    base_url: str
    user_id: str
    kept: Path
    module: str = "benchmarks.floor"
    options: tuple[str, ...] = ()
    _process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self.end()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self, *, ready: bool = True) -> None:
        """Start; with `ready`, wait until it has synced once."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self.module, self.base_url, self.user_id, str(self.kept), *self.options),
            env={**os.environ, **_COMPILED, "COEDU_PASSWORD": PASSWORD},
            preexec_fn=die_with_parent,
        )
        while ready and not self.kept.exists():
            await asyncio.sleep(0.05)

    async def end(self, how: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal and wait for the end; returns the exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(how)
        return await self._process.wait()


Bot = BotProcess | BareClient


@dataclass(slots=True)
class Stage:
    """Accounts and processes of one measurement."""

    synapse: PrivateSynapse
    folder: Path
    stack: AsyncExitStack
    password: str = PASSWORD

    async def account(self, name: str) -> str:
        """A new account's Matrix ID."""
        return await self.synapse.register(name, PASSWORD)

    async def user(self, user_id: str, rooms: list[str] | None = None) -> User:
        """Somebody logged in; follows only these rooms, where given."""
        one = User(self.synapse.base_url, user_id, PASSWORD, rooms)
        return await self.stack.enter_async_context(one)

    async def running(self, bot: Bot) -> Bot:
        """The bot, started, and ended with the stage."""
        return await self.stack.enter_async_context(bot)

    async def both(self) -> dict[str, Bot]:
        """The bare client and the bot, running, by name; the names are their accounts', too."""
        floor, coedu = await self.account("floor"), await self.account("coedu")
        return {
            "floor": await self.running(self.floor(floor)),
            "coedu": await self.running(self.coedu(coedu)),
        }

    async def mentioning(self) -> Bot:
        """A bare client, running, whose messages say whom they mention, as all should (nobody)."""
        account = await self.account("mentioning")
        return await self.running(self.floor(account, "benchmarks.floor", "--mentions"))

    async def both_encrypting(self) -> dict[str, Bot]:
        """As `both`, where everything is encrypted."""
        floor, coedu = await self.account("floor"), await self.account("coedu")
        return {
            "floor": await self.running(self.floor(floor, "benchmarks.encrypted_floor")),
            "coedu": await self.running(self.coedu(coedu)),
        }

    def floor(self, user_id: str, module: str = "benchmarks.floor", *options: str) -> BareClient:
        """The bare client with its own memory."""
        kept = self.folder / f"{_file_name(user_id)}.json"
        return BareClient(self.synapse.base_url, user_id, kept, module, options)

    def coedu(self, user_id: str, *plugins: str) -> BotProcess:
        """The bot with its own configuration and data."""
        folder = self.folder / _file_name(user_id)
        folder.mkdir()
        values = {
            "homeserver": self.synapse.base_url,
            "user": user_id,
            "data": str(folder / "data"),
            "school": {"name": "Collège", "controller": "La principale", "contact": "dpo@ecole.test"},
            "plugins": {name: {} for name in plugins or ("announcements",)},
            "invites": {"from": [SERVER]},
            "web": {"listen": "127.0.0.1:0"},
        }
        config = folder / "config.yaml"
        config.write_text(yaml.safe_dump(values, allow_unicode=True))
        return BotProcess(config, PASSWORD, environment=_COMPILED)


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """A stage of its own for each measurement."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="coedu-bench-")))
        # version 11: its room ids are no hashes, so that rooms can be copied
        synapse = await stack.enter_async_context(PrivateSynapse(SERVER, room_version="11"))
        yield Stage(synapse, folder, stack)


def _file_name(user_id: str) -> str:
    return user_id[1:].partition(":")[0]


def processor_seconds(pid: int) -> float:
    """What a process and its ended children have used of the processor."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(one) for one in fields[11:15]) / _TICKS


def mebibytes(pid: int) -> float:
    """What a process has in memory now."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024
