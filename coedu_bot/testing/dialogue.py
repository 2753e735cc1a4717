"""Dialogues as a page for users shows them, played by a test: what is printed there works.

One line an act: `Durand, 6B: !annonce …` (indented lines go on), `Durand, 6B, ✅` (taps the bot's newest
message there), `Coedu, 6B: …` (the bot's newest message there contains this). `privé` is the person's
direct room; the bot's is then `privé Durand`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from coedu_bot.events import UserId
from coedu_bot.testing.bot import FakeBot
from coedu_bot.testing.room import FakeRoom

_ACT = re.compile(r"(?P<who>[^,:]+), (?P<where>[^,:]+)(?:, (?P<tap>\S+)|: (?P<text>.*))")
_BLOCK = re.compile(r"```dialogue(?: (\w+))?\n(.*?)```", re.DOTALL)
_SPACES = re.compile("[\u00a0\u202f\u2066-\u2069]")
BOT = "Coedu"
PRIVATE = "privé"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing somebody does, or the bot says, somewhere."""

    who: str
    where: str
    text: str
    tap: str | None


def dialogues(page: str, *, of: str = "") -> list[list[Act]]:
    """The dialogues of a page, plain ones or those of a school that it names (```` ```dialogue foyers ````).

    Raises ValueError for a line that is not one of an act.
    """
    return [list(_acts(block)) for school, block in _BLOCK.findall(page) if school == of]


async def play(
    bot: FakeBot, acts: list[Act], people: Mapping[str, UserId], rooms: Mapping[str, FakeRoom]
) -> None:
    """Play a dialogue with these people and rooms; raises AssertionError where it goes another way."""
    for act in acts:
        if act.who == BOT:
            room = await _place(bot, act.where, "", people, rooms)
            assert _plain(act.text) in _plain(room.last.body), f"{act.where}: {room.last.body!r}"
            continue
        room = await _place(bot, act.where, act.who, people, rooms)
        if act.tap is not None:
            await room.tap(people[act.who], room.last, act.tap)
        else:
            await room.say(people[act.who], act.text)


def _acts(block: str) -> Iterator[Act]:
    lines: list[str] = []
    for line in block.rstrip("\n").split("\n"):
        if line.startswith("  ") or not line:
            lines[-1] += "\n" + line.removeprefix("  ")
        else:
            lines.append(line)
    for line in lines:
        match = _ACT.fullmatch(line.partition("\n")[0])
        if match is None:
            raise ValueError(f"not an act: {line!r}")
        rest = "".join(line.partition("\n")[1:])
        yield Act(match["who"], match["where"], (match["text"] or "") + rest, match["tap"])


async def _place(
    bot: FakeBot, where: str, who: str, people: Mapping[str, UserId], rooms: Mapping[str, FakeRoom]
) -> FakeRoom:
    if where.startswith(PRIVATE):
        return await bot.direct(people[where.removeprefix(PRIVATE).strip() or who])
    return rooms[where]


def _plain(text: str) -> str:
    return _SPACES.sub(lambda found: " " if found[0] in "\u00a0\u202f" else "", text).strip()
