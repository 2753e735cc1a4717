"""What the bot answers by itself, as a plugin like any other: help, ping, and the core words for items."""

from coedu_bot.core import (
    freezing,
    handlers,
    hours,
    languages,
    lapsing,
    leaving,
    me,
    relay,
    settings,
    suspending,
    timezone,
)
from coedu_bot.core.registration import plugin

__all__ = [
    "freezing",
    "handlers",
    "hours",
    "languages",
    "lapsing",
    "leaving",
    "me",
    "plugin",
    "relay",
    "settings",
    "suspending",
    "timezone",
]
