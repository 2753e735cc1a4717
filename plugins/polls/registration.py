"""The plugin itself, its settings, and the types its handlers share."""

from __future__ import annotations

from pydantic import BaseModel

from coedu_bot.api import (
    Base,
    Capability,
    Context,
    GatherContext,
    MenuContext,
    Plugin,
    Role,
    TapContext,
    TimerContext,
    VoteContext,
)
from plugins.polls import store
from plugins.polls.domain import Voice

SENSITIVE = ("porc", "halal", "casher", "allergie", "prix", "religion", "pork", "kosher", "allergy", "price")


class PollsSettings(BaseModel, extra="forbid"):
    """`voice`: whose voice counts where the poll does not say; `sensitive`: words that advise secrecy."""

    voice: Voice | None = None
    sensitive: tuple[str, ...] = SENSITIVE


Any_ = Base[PollsSettings]
Ctx = Context[PollsSettings]
Ballot = VoteContext[PollsSettings]
Chosen = MenuContext[PollsSettings]
Gathered = GatherContext[PollsSettings]
Tap = TapContext[PollsSettings]
Timer = TimerContext[PollsSettings]

_STAFF = (Role.TEACHER, Role.SUBSTITUTE, Role.COORDINATOR)

plugin = Plugin(
    "polls",
    package=__package__ or "plugins.polls",
    settings=PollsSettings,
    letters="PD",
    tables=store.metadata,
    capabilities=(
        Capability.of("poll.open", *_STAFF, Role.DELEGATE),
        Capability.of("poll.close", *_STAFF),
        Capability.of("poll.vote", Role.GUARDIAN, Role.MEMBER),
        Capability.of("poll.proxy", *_STAFF),
    ),
)
