"""What a handler wants to happen: plain values, turned into outbox rows in the handler's transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, TypeAlias

from coedu_bot.events import EventId, RoomId, UserId
from coedu_bot.message import Block, Message, Says

Ref: TypeAlias = str


def new_ref() -> Ref:
    """A transaction id that never comes again; a homeserver swallows a second use without a word."""
    return secrets.token_urlsafe(15)


class Priority(IntEnum):
    """Who goes first when the homeserver slows the bot down."""

    URGENT = 0
    ANSWER = 1
    ROUTINE = 2
    LATER = 3


@dataclass(frozen=True, slots=True)
class Attachment:
    """Bytes the bot made itself (a list, a chart), uploaded when the message goes."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class NativePoll:
    """A poll as clients show it: one language, `answers` as (id, label), at most 20 of them.

    `disclosed` shows counts as votes come. Clients let people tick one answer whatever `most` says.
    """

    question: Says | str
    answers: tuple[tuple[str, Says | str], ...]
    disclosed: bool = True
    most: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Say something in a room, or to one person (`person`) in their direct room.

    `answers` and `thread` are events of people; `answers_ref` a message of ours, sent or not.
    What `waits` is not delivered in the quiet hours of its room or person; what also `bundles` may come in
    the person's daily digest instead. For somebody whose direct room is not open it lapses at `lapses_at`.
    `for_act_of` is whose act it answers, where that is not who acts now: it reaches them after `stop` too,
    as does what is part of a conversation that they began (`theirs`).
    With a `poll` it is a native poll, and what the message says is only read where polls are not known.
    """

    message: Message
    room: RoomId | None = None
    person: UserId | None = None
    item: str | None = None
    version: int = 1
    ref: Ref = field(default_factory=new_ref)
    answers: EventId | None = None
    answers_ref: Ref | None = None
    thread: EventId | None = None
    offers: tuple[str, ...] = ()
    priority: Priority = Priority.ANSWER
    not_before: datetime | None = None
    waits: bool = False
    bundles: bool = False
    lapses_at: datetime | None = None
    attachment: Attachment | None = None
    poll: NativePoll | None = None
    for_act_of: UserId | None = None
    theirs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace the text of one of our messages; not sent yet, it simply changes."""

    of: Ref
    message: Message
    version: int = 1
    ref: Ref = field(default_factory=new_ref)
    priority: Priority = Priority.ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class Redact:
    """Take away one of our messages (`of`) or, where we may, an event of somebody (`event` in `room`).

    With `forget` we do not keep ourselves what our message said.
    """

    of: Ref | None = None
    event: EventId | None = None
    room: RoomId | None = None
    forget: bool = False
    ref: Ref = field(default_factory=new_ref)


@dataclass(frozen=True, slots=True, kw_only=True)
class React:
    """Put a reaction under one of our messages (`of`) or under an event of somebody."""

    key: str
    of: Ref | None = None
    event: EventId | None = None
    room: RoomId | None = None
    ref: Ref = field(default_factory=new_ref)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Pin one of our messages, if we may; only the five latest of the bot's pins stay."""

    of: Ref
    ref: Ref = field(default_factory=new_ref)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpin:
    """Take one of our pins away."""

    of: Ref
    ref: Ref = field(default_factory=new_ref)


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """How something comes again: an RFC 5545 RRULE value and the naive local time it counts from."""

    rule: str
    first: datetime
    skip_holidays: bool = False
    week: str | None = None  # only the school's A or B weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPoll:
    """End one of our native polls; the message is read where polls are not known."""

    of: Ref
    message: Message
    ref: Ref = field(default_factory=new_ref)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherVotes:
    """Read all answers to one of our native polls from the homeserver, then call `gathered(name)`."""

    of: Ref
    name: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUp:
    """Call the plugin's timer `name` once all that was sent until now has been handled.

    What people did in time counts although the bot was down, or heard of another room first.
    """

    name: str
    item: str


@dataclass(frozen=True, slots=True)
class Scrub:
    """Leave nothing of what was deleted in the files of the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """Call the plugin's timer `name` at `at` (aware); `item` and `payload` come back with it.

    A named zone in `at` keeps the wall time that was meant; the school's zone if it `follows_school`,
    whichever that is then. With `every`, `at` is the first time of many.
    """

    name: str
    at: datetime
    item: str | None = None
    payload: Any = None
    every: Every | None = None
    follows_school: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwake:
    """Forget the plugin's timers of an item; of one `name` only if given."""

    item: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu: the `value` that the handler gets, the `label` that the person reads."""

    value: str
    label: Says | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Let a person choose in their direct room; the plugin's `@plugin.menu(name)` is called once with it.

    It takes the place of an open menu of the same name (and `item`, if given); `item` and `payload` come back
    with the choice. Choices `yes` and `no` are offered as ✅ and ❌ too. With an `owner` another plugin's
    handler of that name gets it. What `waits` is not delivered in the person's quiet hours.
    """

    person: UserId
    name: str
    question: Block | Sequence[Block]
    choices: Sequence[Choice]
    owner: str = ""
    item: str | None = None
    payload: Any = None
    waits: bool = False
    priority: Priority = Priority.ANSWER
    ref: Ref = field(default_factory=new_ref)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseMenus:
    """Take the plugin's open menus of a name away: of one person, about one item, or all."""

    name: str
    person: UserId | None = None
    item: str | None = None


Effect: TypeAlias = (
    Post
    | Edit
    | Redact
    | React
    | Pin
    | Unpin
    | EndPoll
    | GatherVotes
    | CatchUp
    | Scrub
    | Wake
    | Unwake
    | Menu
    | CloseMenus
)
Effects: TypeAlias = Effect | Sequence["Effects"] | None


def flatten(effects: Effects) -> list[Effect]:
    """Handlers nest effects as they like; the order is the order of reading."""
    if effects is None:
        return []
    if isinstance(effects, Sequence):
        return [effect for nested in effects for effect in flatten(nested)]
    return [effects]
