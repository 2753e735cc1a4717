"""The plugin itself, and the types its handlers share."""

from __future__ import annotations

from coedu_bot.api import Base, Capability, Context, NoSettings, Plugin, Role, TapContext, TimerContext
from plugins.announcements import store

Settings = NoSettings
Any_ = Base[NoSettings]
Ctx = Context[NoSettings]
Tap = TapContext[NoSettings]
Timer = TimerContext[NoSettings]

_STAFF = (Role.TEACHER, Role.SUBSTITUTE, Role.COORDINATOR)

plugin = Plugin(
    "announcements",
    package=__package__ or "plugins.announcements",
    letters="A",
    tables=store.metadata,
    capabilities=(
        Capability.of("announce.post", *_STAFF),
        Capability.of("announce.urgent", *_STAFF),
        Capability.of("announce.everywhere", Role.COORDINATOR),
        Capability.of("announce.follow", *_STAFF),
    ),
)
