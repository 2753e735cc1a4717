"""The verbs of `coedu-bot`, for people at a terminal: one module each, found where they lie."""

from importlib import import_module
from pkgutil import iter_modules

from coedu_bot.cli.common import app

__all__ = ["app"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
