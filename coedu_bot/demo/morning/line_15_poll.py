"""A class is asked for a day: one voice for each household, and separated parents are two of them."""

from __future__ import annotations

from coedu_bot.demo.client import Event, NotSeenError, coedu, plain
from coedu_bot.demo.stage import POLL_START, PRIVATE, Stage

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
    if not poll["content"][POLL_START]["kind"].endswith(".undisclosed"):
        raise NotSeenError("clients would count accounts before the end")
    companion = await stage.all_read("6B", "Une voix par foyer", kind="poll", id="P1")
    _holds(companion["Mme Durand"], "Résultat à la fin")
    for name, answer in VOTES:
        await stage.person(name).votes(poll, answer)
    await durand.settles()
    await durand.writes("6B", "!fin P1")
    result = await stage.all_read("6B", "6 foyers sur 7 ont voté.", kind="poll.result", id="P1")
    for line in ("lundi 18 h : 1 voix", "jeudi 18 h : 4 voix", "samedi 10 h : 1 voix"):
        _holds(result["Mme Durand"], line)
    chart = await durand.reads("6B", "Quel jour pour la réunion", kind="poll.result", id="P1")
    if chart["content"]["msgtype"] != "m.image":
        raise NotSeenError("the result came without its picture")
    for name in ("M. Benali", "Mme Benali"):
        _was_told_nothing(stage, name)


def _holds(message: Event, line: str) -> None:
    said = plain(str(message["content"]["body"]))
    if line not in said:
        raise NotSeenError(f"{line!r} is not in {said!r}")


def _was_told_nothing(stage: Stage, name: str) -> None:
    """Neither household hears from the bot how, or that, the other has voted."""
    seen = stage.person(name).client.seen()
    if any(coedu(one).get("id") == "P1" for one in seen if stage.is_at(one["room_id"], PRIVATE)):
        raise NotSeenError(f"{name} was told something about the vote")
