"""`envoyer` and `réponse avant` are dates as reminders read them: as people write, in their own zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from coedu_bot.demo.client import plain
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements.conftest import DURAND


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("après-demain 7h45", "jeudi 8 octobre 2026 à 7 h 45"),
        ("la veille de la sortie (9 octobre) à 18h", "jeudi 8 octobre 2026 à 18 h"),
        ("mardi en huit à 10h", "mardi 20 octobre 2026 à 10 h"),
        ("friday 5:30 pm", "vendredi 9 octobre 2026 à 17 h 30"),
        ("yarın 18:00", "mercredi 7 octobre 2026 à 18 h"),
        ("غدا الساعة 18:00", "mercredi 7 octobre 2026 à 18 h"),
    ],
)
async def test_an_announcement_is_planned_for_any_date_that_a_reminder_understands(
    private: FakeRoom, class_room: FakeRoom, typed: str, shown: str
) -> None:
    await private.say(DURAND, f"annonce Piscine.\n\npour : 6B\nenvoyer : {typed}")
    assert shown in plain(private.last.body)


async def test_an_answer_is_wanted_by_any_day_that_a_reminder_understands(
    private: FakeRoom, class_room: FakeRoom
) -> None:
    await private.say(DURAND, "annonce Piscine ?\n\npour : 6B\nréponse avant : mardi en huit")
    assert "mar. 20 oct. à 18 h" in plain(class_room.last.body)


async def test_the_hour_is_that_of_who_writes(bot: FakeBot, private: FakeRoom, class_room: FakeRoom) -> None:
    await private.say(DURAND, "fuseau La Réunion")
    await private.say(DURAND, "annonce Piscine.\n\npour : 6B\nenvoyer : demain 12h")
    assert "mercredi 7 octobre 2026 à 12 h" in plain(private.last.body)
    await bot.later(hours=26, minutes=30)
    assert bot.clock.now() < datetime(2026, 10, 7, 9, tzinfo=UTC)  # 12:10 there, 10:10 in Paris
    assert class_room.of_kind("announcement")


async def test_a_planned_urgent_one_still_calls_the_room(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom
) -> None:
    await private.say(DURAND, "annonce Car en retard.\n\npour : 6B\npriorité : urgente\nenvoyer : demain 12h")
    await private.tap(DURAND, private.last)
    await bot.later(hours=30)
    assert class_room.of_kind("announcement")[0].content["m.mentions"] == {"room": True}
