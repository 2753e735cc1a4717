"""The plugin itself, and the types its handlers share."""

from __future__ import annotations

from coedu_bot.api import (
    Base,
    Capability,
    Context,
    MenuContext,
    NoSettings,
    Plugin,
    Role,
    TapContext,
    TimerContext,
)
from plugins.reminders import store

Any_ = Base[NoSettings]
Ctx = Context[NoSettings]
Chosen = MenuContext[NoSettings]
Tap = TapContext[NoSettings]
Timer = TimerContext[NoSettings]

plugin = Plugin(
    "reminders",
    package=__package__ or "plugins.reminders",
    letters="R",
    tables=store.metadata,
    capabilities=(
        Capability.of("remind.room", Role.TEACHER, Role.COORDINATOR, Role.DELEGATE),
        Capability.of("remind.self", *Role),
    ),
)
