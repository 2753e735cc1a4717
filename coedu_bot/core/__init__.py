"""What the bot answers by itself, as a plugin like any other: help, ping, and the core words for items."""

from coedu_bot.core import hours, settings, timezone
from coedu_bot.core.handlers import plugin

__all__ = ["hours", "plugin", "settings", "timezone"]
