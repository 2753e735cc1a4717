"""Is the bot being spoken to? By prefix, by name, or because the room is a direct one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from coedu_bot.events import UserId
from coedu_bot.language.words import fold

_SPACES = " \t\u00a0\u202f\u2007"
_AFTER_NAME = re.compile(r"[\s:,\u00a0\u202f]+")
_PILL = re.compile(
    r"""\s*(?:<p>\s*)?<a\s[^>]{0,200}?href=["']https://matrix\.to/#/(?P<user>[^"'?]{1,255})[^>]{0,200}>"""
    r"""(?P<shown>[^<]{1,255})</a>""",
    re.IGNORECASE,
)
"""A mention with which a message begins."""
_LINK = re.compile(r"\[[^\]]{1,255}\]\(https://matrix\.to/#/[^)\s]{1,300}\)")
"""The same in the plain text of clients that write it as Markdown."""


@dataclass(frozen=True, slots=True)
class Ears:
    """What the bot answers to."""

    prefix: str
    user_id: UserId
    name: str


@dataclass(frozen=True, slots=True)
class Speech:
    """A first word and what follows it; `certain` when prefix or name left no doubt that it is a command."""

    word: str
    rest: str
    certain: bool


def spoken_to(ears: Ears, text: str, *, direct: bool, html: str | None = None) -> Speech | None:
    """Split a message that addresses the bot, or return None; phones type `! annonce` and no-break spaces.

    A pill in `html` says whom the name at the start means, whatever the bot is called in that client.
    """
    text = text.strip()
    called = _after_prefix(ears.prefix, text)
    if called is None:
        called = _after_pill(ears, text, html) if html else None
    if called is None:
        called = _after_name(ears, text)
    if called is not None:
        return _split(called, certain=True)
    return _split(text, certain=False) if direct else None


def _after_prefix(prefix: str, text: str) -> str | None:
    if not text.startswith(prefix):
        return None
    rest = text[len(prefix) :].lstrip(_SPACES)
    # "!!!" and "! " are people being emphatic, not commands
    return rest if rest and rest[0].isalnum() else None


def _after_pill(ears: Ears, text: str, html: str) -> str | None:
    pill = _PILL.match(html)
    if pill is None or unquote(pill["user"]) != ears.user_id:
        return None
    link = _LINK.match(text)
    shown = unescape(pill["shown"]).strip()
    name = link[0] if link else next((one for one in (shown, ears.user_id) if text.startswith(one)), None)
    return text[len(name) :].lstrip(":,!" + _SPACES) if name else None


def _after_name(ears: Ears, text: str) -> str | None:
    for name in (ears.name, ears.user_id, ears.user_id.partition(":")[0]):
        if name and fold(text[: len(name)]) == fold(name):
            gap = _AFTER_NAME.match(text, len(name))
            if gap is not None:
                return text[gap.end() :].lstrip("!" + _SPACES)
    return None


def _split(text: str, *, certain: bool) -> Speech | None:
    parts = re.split(r"\s+", text, maxsplit=1) if text else []
    if not parts:
        return None
    word = parts[0].rstrip(":,.").strip()
    # the line break after the word matters: what follows then is the second line, not the first
    rest = text[len(parts[0]) :].lstrip(_SPACES)
    return Speech(word, rest.removeprefix(":").lstrip(_SPACES) if word else rest, certain)


def joined(speech: Speech) -> Speech | None:
    """The same with its first two words as one, if the second stands on the same line."""
    parts = re.match(rf"([^\s:]+)[{_SPACES}]*(.*)", speech.rest, re.DOTALL)
    if parts is None:
        return None
    return Speech(f"{speech.word} {parts[1].rstrip(',.!')}", parts[2], speech.certain)
