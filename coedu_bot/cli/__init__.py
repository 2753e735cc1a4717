"""The verbs of `coedu-bot`, for people at a terminal: one module each."""

from coedu_bot.cli import archive, check, personal, plugins, run
from coedu_bot.cli.common import app

__all__ = ["app", "archive", "check", "personal", "plugins", "run"]
