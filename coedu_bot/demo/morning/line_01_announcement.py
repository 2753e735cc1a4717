"""A teacher announces an outing to two classes from her direct room; families read it and tap."""

from __future__ import annotations

from coedu_bot.demo import school
from coedu_bot.demo.stage import PRIVATE, Stage

TITLE = "7 h 40 · Une annonce pour deux classes"

OUTING = """\
annonce 🚌 Sortie au Muséum
Vendredi 9 octobre. Départ à 8 h 30, retour à 16 h. Pique-nique et gourde.

pour : 6B, 6C"""
LATE = ("M. Costa", "Mme Kovalenko")


async def play(stage: Stage) -> None:
    """From the command to the families' first taps; its event and the class's post stay in `props`."""
    durand = stage.person("Mme Durand")
    stage.props["outing"] = await durand.writes(PRIVATE, OUTING)
    preview = await durand.reads(PRIVATE, "12 familles", kind="announcement.preview")
    await durand.taps(preview)
    for class_id in ("6B", "6C"):
        posts = await stage.all_read(class_id, "🚌 Sortie au Muséum", kind="announcement", id="A1")
        stage.props[f"outing-{class_id}"] = posts["Mme Durand"]["event_id"]
        await stage.all_tap(posts, but=(*school.teachers(), *LATE, "Mme Benali", "M. Benali"))
    await durand.reads(PRIVATE, "A1 publiée : 6B, 6C", kind="reply", id="A1")
