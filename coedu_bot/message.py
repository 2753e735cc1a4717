"""What the bot is about to say, before it is put into a language: sentences by key, and people's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from coedu_bot.events import MediaFile, UserId


@dataclass(frozen=True, slots=True)
class Says:
    """One of the bot's sentences: a text key and its values.

    Values are put into each language when rendered: `int` (also chooses the plural, as `count`),
    aware `datetime` (full date and time in the reader's zone), `LocalTime` (in another zone), `date`,
    `time`, `Day`, `ShortDay`, `Hour`, `When`, `Place`,
    `str` (isolated and escaped), `Code` (shown as typed), another `Says`, or a sequence of these
    (joined as a list).
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Code:
    """Something to be typed exactly, e.g. an example of a command."""

    text: str


@dataclass(frozen=True, slots=True)
class Day:
    """Only the day of a moment, spelled out with its year: vendredi 9 octobre 2026."""

    of: date | datetime


@dataclass(frozen=True, slots=True)
class Hour:
    """Only the hour of a moment: 16 h 30."""

    of: time | datetime


@dataclass(frozen=True, slots=True)
class When:
    """A moment in short, without its year, for lists and times soon to come: ven. 9 oct. à 16 h 30."""

    at: datetime


@dataclass(frozen=True, slots=True)
class ShortDay:
    """A day without its year, for lists: ven. 9 oct."""

    of: date


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A moment in full as the clocks of a zone show it; readers with other clocks are told the place."""

    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Place:
    """The place whose clocks an IANA zone means: La Réunion."""

    zone: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote: Markdown, and its language where it is known."""

    markdown: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, one sentence a line."""

    lines: tuple[Says | Written, ...]


Block: TypeAlias = Says | Written | Bullets


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message: `kind` goes into `org.coedu`; `rings` makes it m.text, otherwise m.notice.

    With a `language` it is said in that one, wherever it is read.
    """

    kind: str
    blocks: tuple[Block, ...]
    rings: bool = False
    mentions_room: bool = False
    mentions: tuple[UserId, ...] = ()
    file: MediaFile | None = None
    language: str | None = None

    def plus(self, *blocks: Block) -> Message:
        return replace(self, blocks=(*self.blocks, *blocks))


def days_until(at: datetime, now: datetime, zone: str) -> int:
    """How many midnights lie between two moments for people who live in `zone`."""
    return (at.astimezone(ZoneInfo(zone)).date() - now.astimezone(ZoneInfo(zone)).date()).days


def soon(at: datetime, now: datetime, zone: str) -> Says:
    """A moment as people say it who live in `zone`: today at …, tomorrow at …, else the day in short."""
    days = days_until(at, now, zone)
    key = {0: "soon-today", 1: "soon-tomorrow"}.get(days, "soon-later")
    return says(key, at=When(at), hour=Hour(at))


def says(key: str, **values: Any) -> Says:
    """Short form of `Says`."""
    return Says(key, values)
