"""`coedu-bot doctor`: how the bot is, whether it runs or not."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import typer

from coedu_bot import log
from coedu_bot.cli.common import DEFAULT_CONFIG, AsJson, ConfigPath, app, console, errors, loaded, tell_json
from coedu_bot.clock import SystemClock
from coedu_bot.config import Config
from coedu_bot.doctor.examine import examine
from coedu_bot.doctor.report import Line, Part, State

_MARKS = {State.WELL: "[green]✓[/]", State.NOTE: "[yellow]![/]", State.ILL: "[red]✗[/]"}


@app.command()
def doctor(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Say how the bot is: process, identity, encryption, database, outbox, timers. 1 if something is ill."""
    found = loaded(config, as_json)
    log.configure(json=False, quiet=True)
    parts = asyncio.run(_parts(found, as_json))
    if as_json:
        tell_json({part.name: part.plain() for part in parts})
    if any(line.state is State.ILL for part in parts for line in part.lines):
        raise typer.Exit(1)


async def _parts(config: Config, as_json: bool) -> list[Part]:
    parts = []
    with errors.status("examining …"):
        async for part in examine(config, SystemClock(timedelta())):
            parts.append(part)
            if not as_json:
                _tell(part)
    return parts


def _tell(part: Part) -> None:
    console.print(f"[bold]{part.name}[/]")
    for line in part.lines:
        console.print(f"  {_MARKS[line.state]}", end=" ")
        console.print(_text(line), markup=False, highlight=False, soft_wrap=True)


def _text(line: Line) -> str:
    return f"{line.says}; {line.mend}" if line.mend else line.says
