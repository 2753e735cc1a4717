"""A mother asks her child's teacher something in private, in her own words, and gets an answer."""

from __future__ import annotations

from coedu_bot.demo.stage import PRIVATE, Stage

TITLE = "Une question en privé, et la réponse (sans traducteur : chacun lit l’original)"

QUESTION = "هل يمكنني مرافقة القسم؟"
ANSWER = "Avec plaisir !"


async def play(stage: Stage) -> None:
    """She chooses whom it is for; the teacher answers her letter, and she reads it where she asked."""
    mother, durand = stage.person("Mme Benali"), stage.person("Mme Durand")
    await mother.writes(PRIVATE, QUESTION)
    await mother.chooses("Mme Durand")
    letter = await durand.reads(PRIVATE, QUESTION, kind="relay")
    await mother.reads(PRIVATE, "Mme Durand", kind="relay", lang="ar")
    await durand.writes(PRIVATE, ANSWER, reply_to=letter["event_id"])
    await mother.reads(PRIVATE, ANSWER, kind="relay", lang="ar")
