"""`coedu-bot identity --verify`: two people, or one at two screens, compare seven emoji."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import typer

from coedu_bot.cli.common import console, errors
from coedu_bot.config import Config
from coedu_bot.control import NotRunning, ask

_HOW = """In Element, a coordinator opens the private room with the bot, its profile, and chooses Verify;
or, logged in as the bot itself, Settings, Sessions, the bot's session, Verify. Waiting for ten minutes …"""


def verify(config: Config) -> None:
    """Wait for a request, show what to compare, pass on the verdict; exit code 1 if it ends any other way."""
    console.print(_HOW, highlight=False)
    shown = _asked(config, {})
    console.print(f"\n{shown['user']}, device {shown['device']}, shows these emoji if all is well:")
    console.print("\n    " + "   ".join(f"{symbol} {name}" for symbol, name in shown["emoji"]) + "\n")
    matches = typer.confirm("Are they the same, in the same order?")
    done = _asked(config, {"matches": matches})
    console.print(f"[green]✓[/] verified with {done['verified']}", highlight=False)


def _asked(config: Config, arguments: Mapping[str, Any]) -> dict[str, Any]:
    try:
        answer = ask(config.data, "verify", arguments)
    except NotRunning as problem:
        errors.print(f"[red]✗[/] {problem}: start it with coedu-bot run", highlight=False)
        raise typer.Exit(1) from problem
    if not answer["ok"]:
        errors.print(f"[red]✗[/] not verified: {answer['problem']}", highlight=False, soft_wrap=True)
        raise typer.Exit(1)
    return answer
