"""What a supervisor reads, of a whole bot in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import aiohttp
import pytest

from coedu_bot.store.database import Database, DatabaseUnavailable
from coedu_bot.testing.bot import FakeBot
from coedu_bot.web.server import serving
from coedu_bot.web.vitals import Examination

TEACHER = "@durand:test"


class Away:
    """A database on a disk that is gone."""

    dialect = "sqlite"

    def reading(self) -> Any:
        raise DatabaseUnavailable("disk I/O error")

    def transaction(self) -> Any:
        raise DatabaseUnavailable("disk I/O error")

    async def close(self) -> None:
        """Nothing is open."""


@asynccontextmanager
async def pages(
    bot: FakeBot, synced_at: datetime | None, database: Database | None = None
) -> AsyncIterator[aiohttp.ClientSession]:
    examination = Examination(database or bot.database, bot.clock, lambda: synced_at)
    meters, turnstile = bot.bot.dispatcher.desk.meters, bot.bot.sender.turnstile
    web = serving("127.0.0.1:0", examination, meters, turnstile)
    async with web as address, aiohttp.ClientSession(f"http://{address}") as http:
        yield http


async def read(http: aiohttp.ClientSession, path: str) -> tuple[int, str]:
    async with http.get(path) as answer:
        return answer.status, await answer.text()


async def test_health_and_readiness_follow_the_sync() -> None:
    async with FakeBot.with_plugins("announcements") as bot:
        async with pages(bot, bot.clock.now()) as http:
            assert await read(http, "/healthz") == (200, "ok\n")
            assert await read(http, "/readyz") == (200, "ready\n")
        async with pages(bot, None) as http:
            assert await read(http, "/healthz") == (503, "no recent sync\n")
            assert (await read(http, "/readyz"))[0] == 503


async def test_a_database_that_is_away_is_told_and_not_raised() -> None:
    async with FakeBot.with_plugins("announcements") as bot, pages(bot, bot.clock.now(), Away()) as http:
        status, text = await read(http, "/healthz")
        assert (status, text) == (503, "the database does not answer\n")


async def test_metrics_count_commands_by_outcome_and_name_nobody() -> None:
    async with FakeBot.with_plugins("announcements") as bot:
        room = await bot.room("6B", {TEACHER: "Mme Durand"}, {TEACHER: 50})
        await room.say(TEACHER, "!annonce Adem a oublié son blouson.")
        await room.say(TEACHER, "!annuler A99")
        async with pages(bot, bot.clock.now()) as http:
            status, text = await read(http, "/metrics")
        assert status == 200
        assert 'coedu_commands_total{name="announce",outcome="done"} 1.0' in text
        assert 'coedu_commands_total{name="cancel",outcome="refused"} 1.0' in text
        assert 'coedu_events_total{type="MessageReceived"} 2.0' in text
        assert "coedu_outbox_depth 0.0" in text
        assert "coedu_handling_seconds_count 2.0" in text
        assert not [word for word in ("Adem", "blouson", "durand", "6B") if word in text]


async def test_an_address_that_is_taken_does_not_stop_the_bot() -> None:
    async with FakeBot.with_plugins("announcements") as bot:
        examination = Examination(bot.database, bot.clock, bot.clock.now)
        desk, turnstile = bot.bot.dispatcher.desk, bot.bot.sender.turnstile
        async with serving("127.0.0.1:0", examination, desk.meters, turnstile) as address:
            assert address is not None
            async with serving(address, examination, desk.meters, turnstile) as second:
                assert second is None


@pytest.mark.parametrize("path", ["/", "/metrics/../healthz/x", "/healthz%00"])
async def test_nothing_else_is_served(path: str) -> None:
    async with FakeBot.with_plugins("announcements") as bot, pages(bot, bot.clock.now()) as http:
        assert (await read(http, path))[0] == 404
