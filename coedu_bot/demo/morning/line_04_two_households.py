"""Separated parents are two households: each reads on their own, and neither is told of the other."""

from __future__ import annotations

from coedu_bot.demo.stage import PRIVATE, Stage

TITLE = "Deux foyers : chacun lit dans sa langue, à part"


async def play(stage: Stage) -> None:
    """The mother reads in private, in Arabic; the father taps in the class room."""
    mother, garcia = stage.person("Mme Benali"), stage.person("Mme García")
    copy = await mother.reads(PRIVATE, "🚌 Sortie au Muséum", kind="announcement.copy", id="A1")
    await mother.taps(copy)
    father = stage.person("M. Benali")
    room = stage.rooms["6B"]
    await father.taps({"room_id": room, "event_id": stage.props["outing-6B"]})
    await stage.person("Mme Yılmaz").reads(PRIVATE, "okudum", kind="announcement.copy", id="A1")
    discreet = await garcia.reads(PRIVATE, "🚌 Sortie au Muséum", kind="announcement.copy", id="A1")
    await garcia.taps(discreet)
