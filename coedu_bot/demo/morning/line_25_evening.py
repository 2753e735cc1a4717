"""The evening: what is announced waits for the morning, and no phone rings."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from coedu_bot.demo import school
from coedu_bot.demo.stage import PRIVATE, Stage

TITLE = "21 h 30 · La nuit, rien ne sonne"


async def play(stage: Stage) -> None:
    """An announcement at 21:30, and the answer that tells when it goes."""
    await stage.moves_to(_half_past_nine(stage))
    durand = stage.person("Mme Durand")
    await durand.writes(PRIVATE, "annonce Rapportez les livres du CDI.\n\npour : 6B")
    await durand.reads(PRIVATE, "🌙 Partira demain à 7 h 30.", kind="reply")


def _half_past_nine(stage: Stage) -> datetime:
    now = stage.clock.now().astimezone(ZoneInfo(school.sample().zone))
    evening = now.replace(hour=21, minute=30, second=0, microsecond=0)
    return evening if evening > now else evening + timedelta(days=1)
