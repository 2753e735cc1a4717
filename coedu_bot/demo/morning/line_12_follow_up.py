"""Who has not read yet: the teacher looks, and the bot writes to them privately."""

from __future__ import annotations

from coedu_bot.demo.stage import PRIVATE, Stage

TITLE = "Qui n’a pas lu ? Suivi et relance"


async def play(stage: Stage) -> None:
    """Follow-up, nudge, two late taps, a telephone call, and everyone has read."""
    durand = stage.person("Mme Durand")
    await durand.settles()
    await durand.writes(PRIVATE, "suivi A1")
    await durand.reads(PRIVATE, "10 foyers sur 13 ont lu.", kind="announcement.receipts", id="A1")
    await durand.writes(PRIVATE, "relance A1")
    await durand.reads(PRIVATE, "Relance de A1 envoyée en privé à 2 foyers.", kind="reply", id="A1")
    for name in ("M. Costa", "Mme Kovalenko"):
        nudge = await stage.person(name).reads(PRIVATE, kind="announcement.nudge", id="A1")
        await stage.person(name).taps(nudge)
    await durand.settles()
    await durand.writes(PRIVATE, "suivi A1 lu Petit")
    await durand.reads(PRIVATE, "Noté : Petit. 13 foyers sur 13 ont lu.", kind="reply", id="A1")
