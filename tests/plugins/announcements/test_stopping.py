"""`stop` counts at once: what waited for the morning, a digest or a join does not go any more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, time

import pytest

from coedu_bot.school.quiet_hours import QuietHours
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements import a_school
from tests.plugins.announcements.a_school import DURAND, FATHER, YILMAZ

EVENING = datetime(2026, 10, 6, 18, 30, tzinfo=UTC)
NIGHT = QuietHours(time(19, 0), time(7, 30))


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    async with FakeBot.with_plugins(
        "announcements", now=EVENING, quiet_hours=NIGHT, **a_school.school()
    ) as bot:
        yield bot


@pytest.fixture
async def rooms(bot: FakeBot) -> Mapping[str, FakeRoom]:
    return await a_school.open_rooms(bot)


async def announce(bot: FakeBot, text: str) -> None:
    private = await bot.direct(DURAND)
    await private.say(DURAND, f"annonce {text}\n\npour : 6B\naccusé : privé")


async def test_what_waits_for_the_morning_never_goes(bot: FakeBot, rooms: Mapping[str, FakeRoom]) -> None:
    father, yilmaz = await bot.direct(FATHER), await bot.direct(YILMAZ)
    await announce(bot, "Piscine lundi.")
    await father.say(FATHER, "stop")
    await bot.later(hours=14)
    assert not father.of_kind("announcement.copy")
    assert yilmaz.of_kind("announcement.copy")


async def test_a_digest_with_all_its_parts_never_goes(bot: FakeBot, rooms: Mapping[str, FakeRoom]) -> None:
    father = await bot.direct(FATHER)
    await father.say(FATHER, "résumé 18h")
    await announce(bot, "Piscine lundi.")
    await announce(bot, "Cantine mardi.")
    await father.say(FATHER, "stop")
    await bot.later(hours=26)
    assert not father.of_kind("digest")
    await father.say(FATHER, "reprendre")
    await announce(bot, "Photo jeudi.")
    await bot.later(hours=26)
    assert "Photo jeudi." in father.of_kind("digest")[-1].body
    assert "Piscine" not in father.of_kind("digest")[-1].body


async def test_the_answers_to_their_own_words_still_go(bot: FakeBot, rooms: Mapping[str, FakeRoom]) -> None:
    father = await bot.direct(FATHER)
    await father.say(FATHER, "stop")
    await father.say(FATHER, "ping")
    assert "là" in father.last.body


async def test_a_redaction_still_reaches_what_they_have(bot: FakeBot, rooms: Mapping[str, FakeRoom]) -> None:
    father, private = await bot.direct(FATHER), await bot.direct(DURAND)
    await bot.later(hours=14)
    await announce(bot, "Piscine lundi.")
    assert father.of_kind("announcement.copy")
    await father.say(FATHER, "stop")
    await private.say(DURAND, "annuler A1")
    assert not father.of_kind("announcement.copy")
