"""A class is asked for a day: one voice for each household, and separated parents are two of them."""

from __future__ import annotations

from coedu_bot.demo.client import NotSeenError, plain
from coedu_bot.demo.stage import Stage

TITLE = "Un sondage : une voix par foyer, le résultat à la fin"

ASKED = "!sondage Quel jour pour la réunion ? | lundi 18 h | jeudi 18 h | samedi 10 h pour=6B"
MONDAY, THURSDAY, SATURDAY = "1", "2", "3"
VOTES = (
    ("M. Benali", THURSDAY),
    ("Mme Benali", SATURDAY),
    ("Mme Yılmaz", MONDAY),
    ("M. Yılmaz", THURSDAY),  # of one household: its latest vote is its voice
    ("Mme Kovalenko", THURSDAY),
    ("M. Costa", MONDAY),
    ("Mme Moreau", THURSDAY),
)


async def play(stage: Stage) -> None:
    """From the question to the chart; nobody is told what somebody else voted."""
    durand = stage.person("Mme Durand")
    await durand.writes("6B", ASKED)
    poll = await durand.finds_poll("6B")
    await stage.all_read("6B", "Une voix par foyer", kind="poll", id="P1")
    for name, answer in VOTES:
        await stage.person(name).votes(poll, answer)
    await durand.settles()
    await durand.writes("6B", "!fin P1")
    result = await stage.all_read("6B", "6 foyers sur 7 ont voté.", kind="poll.result", id="P1")
    said = plain(str(result["Mme Durand"]["content"]["body"]))
    for line in ("lundi 18 h : 1 voix", "jeudi 18 h : 4 voix", "samedi 10 h : 1 voix"):
        if line not in said:
            raise NotSeenError(f"{line!r} is not in {said!r}")
    await durand.reads("6B", "Quel jour pour la réunion", kind="poll.result", id="P1")
