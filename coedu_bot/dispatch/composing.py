"""From the answers of a dialogue to the command that somebody would have typed in one go."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from coedu_bot.plugin import Ask

_LISTED = re.compile(r"^\s*(?:[-*•–—]|\d{1,2}[.)])\s+")
_BETWEEN = re.compile(r"\s*[|;,،、]\s*")


def composed(
    typed: str, asks: Sequence[Ask], answers: Mapping[str, str], option_word: Callable[[str], str]
) -> str:
    """What follows the command word: options first, then the text, then its lists."""
    answered = [(ask, answers[ask.name]) for ask in asks if answers.get(ask.name)]
    options = [f'{option_word(ask.name)}="{_bare(said)}"' for ask, said in answered if ask.option]
    texts = [said for ask, said in answered if not ask.option and not ask.lines]
    lists = ["\n- " + "\n- ".join(listed(said)) for ask, said in answered if ask.lines]
    return " ".join(part for part in (*options, typed, *texts) if part) + "".join(lists)


def listed(said: str) -> list[str]:
    """The entries of an answer: its lines, or else what stands between `|`, `;` or commas."""
    lines = said.strip().split("\n")
    entries = lines if len(lines) > 1 else _BETWEEN.split(lines[0])
    bare = (_LISTED.sub("", entry).strip() for entry in entries)
    return [entry for entry in bare if entry]


def _bare(said: str) -> str:
    return " ".join(said.replace('"', "").split())
