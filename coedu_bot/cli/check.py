"""`coedu-bot check`: what is wrong, and how to mend it."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from coedu_bot import log
from coedu_bot.checking import Finding, findings
from coedu_bot.cli.common import DEFAULT_CONFIG, AsJson, ConfigPath, app, console, errors, loaded, tell_json
from coedu_bot.config import Config

Offline = Annotated[bool, typer.Option("--offline", help="Look at the files only.")]


@app.command()
def check(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False, offline: Offline = False) -> None:
    """Say what is wrong with a configuration, its account, rooms and people, and how to mend it."""
    found = loaded(config, as_json)
    log.configure(json=False, quiet=True)
    wrong = [] if offline else _findings(found)
    if as_json:
        tell_json({"problems": [one.plain() for one in wrong], "plugins": sorted(found.plugins)})
    else:
        _tell(config.name, found, wrong)
    if any(one.grave for one in wrong):
        raise typer.Exit(1)


def _findings(config: Config) -> list[Finding]:
    async def every() -> list[Finding]:
        return [finding async for finding in findings(config)]

    with errors.status("looking at the homeserver …"):
        return asyncio.run(every())


def _tell(file: str, config: Config, wrong: list[Finding]) -> None:
    plugins = ", ".join(sorted(config.plugins))
    console.print(f"[green]✓[/] {file}: {config.model.school.name}, plugins: {plugins}")
    for one in wrong:
        console.print("[red]✗[/]" if one.grave else "[yellow]![/]", end=" ")
        console.print(str(one), markup=False, highlight=False, soft_wrap=True)
    if not wrong:
        console.print("[green]✓[/] nothing to mend")
