"""`coedu-bot backup` and `restore`: the data folder in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coedu_bot.archive import ArchiveError, back_up, bring_back
from coedu_bot.cli.common import DEFAULT_CONFIG, AsJson, ConfigPath, app, console, errors, loaded, tell_json

Archive = Annotated[Path, typer.Argument(help="The backup, e.g. coedu-2026-10-06.tar.gz")]


@app.command()
def backup(to: Archive, config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Save everything the bot knows, while it runs. Whoever has the file can read as the bot."""
    found = loaded(config, as_json)
    if found.database != "sqlite":
        console.print("The PostgreSQL database is not in this file: save it with pg_dump at the same time.")
    try:
        names = back_up(found.data, to)
    except (ArchiveError, OSError) as problem:
        _fail(problem)
    if as_json:
        tell_json({"backup": str(to), "files": names})
    else:
        console.print(f"[green]✓[/] {to}: {len(names)} files. Keep it where nobody else can read it.")


@app.command()
def restore(source: Archive, config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Bring a backup back into an empty data folder; the bot must not run."""
    found = loaded(config, as_json)
    try:
        names = bring_back(source, found.data)
    except (ArchiveError, OSError) as problem:
        _fail(problem)
    if as_json:
        tell_json({"data": str(found.data), "files": names})
    else:
        console.print(f"[green]✓[/] {found.data}: {len(names)} files. Start the bot with: coedu-bot run")


def _fail(problem: Exception) -> None:
    errors.print(f"[red]✗[/] {problem}", highlight=False, soft_wrap=True)
    raise typer.Exit(1) from problem
