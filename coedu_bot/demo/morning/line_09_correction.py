"""The hour was wrong: the teacher edits her message, everybody is told and asked again."""

from __future__ import annotations

from coedu_bot.demo import school
from coedu_bot.demo.morning.line_01_announcement import LATE, OUTING
from coedu_bot.demo.stage import PRIVATE, Stage

TITLE = "Une heure change : l’annonce est corrigée"


async def play(stage: Stage) -> None:
    """An edit rings no phone, so a correction goes as a message of its own."""
    durand = stage.person("Mme Durand")
    await durand.edits(PRIVATE, stage.props["outing"], OUTING.replace("8 h 30", "7 h 45"))
    await durand.reads(PRIVATE, "A1 est modifiée.", kind="reply", id="A1")
    for class_id in ("6B", "6C"):
        told = await stage.all_read(
            class_id, "Départ à 7 h 45 (et non 8 h 30)", kind="announcement.correction", id="A1"
        )
        await stage.all_tap(told, but=(*school.teachers(), *LATE, "Mme Yılmaz", "M. Yılmaz"))
    for name in ("Mme Yılmaz", "Mme García"):  # in Turkish and in private; discreet, so only in private
        reader = stage.person(name)
        private = await reader.reads(PRIVATE, "7 h 45", kind="announcement.correction", id="A1")
        await reader.taps(private)
