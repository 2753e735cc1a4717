"""Whoever lives by another clock than the school types and reads their own hours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements.conftest import DURAND

TUESDAY = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    async with FakeBot.with_plugins("announcements", now=TUESDAY) as bot:
        yield bot


async def test_an_hour_is_that_of_the_person_who_typed_it(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom
) -> None:
    await private.say(DURAND, "heures fuseau=Montréal")
    await private.say(DURAND, "annonce Piscine.\n\npour : 6B\nenvoyer : demain 7h45")
    assert "mercredi 7 octobre 2026 à 7\u00a0h\u00a045" in private.last.body
    await private.tap(DURAND, private.last, "✅")
    await bot.later(hours=27)  # 7 h 45 in Paris was six hours before
    assert not class_room.of_kind("announcement")
    await bot.later(hours=1)
    assert class_room.of_kind("announcement")


async def test_the_same_moment_is_said_in_each_ones_zone(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom
) -> None:
    await private.say(DURAND, "annonce Piscine.\n\npour : 6B\nenvoyer : demain 7h45")
    assert "mercredi 7 octobre 2026 à 7\u00a0h\u00a045" in private.last.body
    await private.say(DURAND, "heures fuseau=Montréal")
    await private.say(DURAND, "annonces")
    assert "1\u00a0h\u00a045" in private.last.body
