"""What the bot answers by itself, as a plugin like any other: help, ping, and the core words for items."""

from coedu_bot.core import freezing, hours, settings, suspending, timezone
from coedu_bot.core.handlers import plugin

__all__ = ["freezing", "hours", "plugin", "settings", "suspending", "timezone"]
