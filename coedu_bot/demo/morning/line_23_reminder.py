"""A class is reminded of its swimming every Monday, but not in the holidays; then it is Monday."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from coedu_bot.demo.stage import Stage

TITLE = "Un rappel pour tous les lundis, sauf pendant les vacances"

SWIMMING = "!rappel tous les lundis à 7 h 30 piscine, prévoir le sac"
MONDAY = datetime(2026, 10, 12, 7, 30, 5, tzinfo=ZoneInfo("Europe/Paris"))


async def play(stage: Stage) -> None:
    """The confirmation in full, and the reminder itself in the class, with everybody's phone."""
    durand = stage.person("Mme Durand")
    await durand.writes("6B", SWIMMING)
    await durand.reads("6B", "R1, dès le lundi 12 octobre 2026 à 7 h 30.", kind="reminder.set", id="R1")
    await stage.moves_to(MONDAY)
    await stage.all_read("6B", "piscine, prévoir le sac", kind="reminder", id="R1")
