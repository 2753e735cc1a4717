"""The played morning: one file an act, in the order of the script's lines (`line_NN_topic.py`).

An act has a `TITLE` and `async def play(stage: Stage) -> None`; a new file is all that a new act needs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from coedu_bot.demo.stage import Stage


@dataclass(frozen=True, slots=True)
class Act:
    """Some lines of the script."""

    title: str
    play: Callable[[Stage], Awaitable[None]]


def acts() -> list[Act]:
    """All acts in their order."""
    modules = [
        import_module(f"{__name__}.{name}") for name in sorted(one.name for one in iter_modules(__path__))
    ]
    return [Act(module.TITLE, module.play) for module in modules]
