"""A teacher announces an outing to two classes from her direct room; families read it and tap."""

from __future__ import annotations

from coedu_bot.demo.stage import PRIVATE, Stage

TITLE = "7 h 40 · Une annonce pour deux classes"

OUTING = """\
annonce 🚌 Sortie au Muséum
Vendredi 9 octobre. Départ à 8 h 30, retour à 16 h. Pique-nique et gourde.

pour : 6B, 6C"""


async def play(stage: Stage) -> None:
    """From the command to the families' first taps; the command's event stays in `props`."""
    durand = stage.person("Mme Durand")
    stage.props["outing"] = await durand.writes(PRIVATE, OUTING)
    preview = await durand.reads(PRIVATE, "Aperçu", kind="announcement.preview")
    await durand.taps(preview)
    for class_id in ("6B", "6C"):
        posts = await stage.all_read(class_id, "🚌 Sortie au Muséum", kind="announcement", id="A1")
        await stage.all_tap(posts, but=("Mme Durand", "M. Costa", "Mme Kovalenko", "M. Diallo"))
    await durand.reads(PRIVATE, "A1 publiée : 6B et 6C", kind="reply", id="A1")
