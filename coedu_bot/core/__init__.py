"""What the bot answers by itself, as a plugin like any other: help, ping, and the core words for items."""

from coedu_bot.core import (
    erasing,
    freezing,
    handlers,
    hours,
    languages,
    lapsing,
    leaving,
    me,
    privacy,
    relay,
    settings,
    suspending,
    timezone,
)
from coedu_bot.core.registration import plugin

__all__ = [
    "erasing",
    "freezing",
    "handlers",
    "hours",
    "languages",
    "lapsing",
    "leaving",
    "me",
    "plugin",
    "privacy",
    "relay",
    "settings",
    "suspending",
    "timezone",
]
