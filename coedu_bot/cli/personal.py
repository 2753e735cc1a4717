"""`coedu-bot export` and `erase`: what is kept about one person."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Table

from coedu_bot.app import load_registry, plugin_tables
from coedu_bot.cli.common import DEFAULT_CONFIG, AsJson, ConfigPath, app, console, errors, loaded, tell_json
from coedu_bot.config import Config
from coedu_bot.dispatch.personal_data import names_of
from coedu_bot.store.database import Database, open_database
from coedu_bot.store.personal import erase_person, export_everything, export_person, personal_tables

Who = Annotated[str | None, typer.Argument(help="A Matrix ID, e.g. @benali:ecole.example")]
Target = Annotated[Path, typer.Option("--to", help="The file to write.")]
Everybody = Annotated[bool, typer.Option("--all", help="Everybody's data.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

Work = Callable[[Database, Sequence[Table]], Awaitable[Any]]


@app.command()
def export(
    who: Who = None,
    to: Target = Path("export.json"),
    everybody: Everybody = False,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Write what is kept about a person into a file that only you can read."""
    if (who is None) == (not everybody):
        errors.print("[red]✗[/] name one person, e.g. coedu-bot export @benali:ecole.example, or --all")
        raise typer.Exit(2)
    found = loaded(config, as_json)

    async def read(database: Database, tables: Sequence[Table]) -> Any:
        async with database.reading() as db:
            return await (export_everything(db, tables) if who is None else export_person(db, tables, who))

    rows = _with_database(found, read)
    _write(to, rows)
    count = sum(map(len, rows.values()))
    if as_json:
        tell_json({"file": str(to), "rows": count})
    else:
        console.print(f"[green]✓[/] {to}: {count} entries")


@app.command()
def erase(
    who: Annotated[str, typer.Argument(help="A Matrix ID, e.g. @benali:ecole.example")],
    yes: Yes = False,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Forget a person: what is about them goes, what they wrote for others stays without their name."""
    found = loaded(config, as_json)
    if not yes and not typer.confirm(f"Erase everything about {who}? This cannot be undone."):
        raise typer.Exit(1)

    async def forget(database: Database, tables: Sequence[Table]) -> Any:
        school = found.school(())
        async with database.transaction() as db:
            names = await names_of(db, school, who)
            still_here = school.person(who) is not None
            return await erase_person(db, tables, who, names, still_here=still_here)

    touched = _with_database(found, forget)
    if as_json:
        tell_json({"erased": touched})
    else:
        console.print(f"[green]✓[/] {touched} entries about {who} erased or made nameless")


def _with_database(config: Config, work: Work) -> Any:
    """Do something with the bot's database, whether the bot runs or not."""
    if config.database == "sqlite" and not (config.data / "coedu.db").exists():
        errors.print(f"[red]✗[/] there is no database in {config.data} yet: start the bot once")
        raise typer.Exit(1)
    registry, _ = load_registry(config.plugins, config.plugin_path)

    async def run() -> Any:
        database = await open_database(config.database, config.data)
        try:
            return await work(database, personal_tables(plugin_tables(registry)))
        finally:
            await database.close()

    return asyncio.run(run())


def _write(to: Path, rows: Any) -> None:
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=1)
