from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coedu_bot.store.database import DatabaseUnavailable
from coedu_bot.systemd import Supervisor
from coedu_bot.testing.clock import FakeClock
from coedu_bot.web.vitals import Examination

NOW = datetime(2026, 10, 6, 5, 40, tzinfo=UTC)


class Weather:
    """A database whose disk may go away; it has nothing to say otherwise."""

    dialect = "sqlite"
    away = False

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Any]:
        if self.away:
            raise DatabaseUnavailable("disk I/O error")
        yield self

    def transaction(self) -> Any:
        return self.reading()

    async def value(self, statement: Any, /, **values: Any) -> Any:
        return 0 if not values else None

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def door(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def test_systemd_hears_what_the_process_says(door: socket.socket) -> None:
    Supervisor.of({"NOTIFY_SOCKET": door.getsockname()}).tell("READY=1")
    assert door.recv(100) == b"READY=1"


def test_without_systemd_nothing_is_said() -> None:
    Supervisor.of({}).tell("READY=1")


def test_a_socket_that_is_gone_does_not_stop_the_bot(tmp_path: Path) -> None:
    Supervisor(str(tmp_path / "gone")).tell("READY=1")


async def test_signs_of_life_end_with_the_database(door: socket.socket) -> None:
    database = Weather()
    examination = Examination(database, FakeClock(NOW), lambda: NOW)
    supervisor = Supervisor.of({"NOTIFY_SOCKET": door.getsockname(), "WATCHDOG_USEC": "30000"})
    watching = asyncio.create_task(supervisor.watch(examination))
    for _ in range(3):
        assert await asyncio.to_thread(door.recv, 100) == b"WATCHDOG=1"
    database.away = True
    await asyncio.sleep(0.03)
    door.settimeout(0.1)
    with pytest.raises(TimeoutError):
        for _ in range(10):
            await asyncio.to_thread(door.recv, 100)
    watching.cancel()


async def test_without_a_watchdog_the_watch_ends_at_once() -> None:
    await Supervisor.of({"WATCHDOG_USEC": "x"}).watch(Examination(Weather(), FakeClock(NOW), lambda: NOW))
