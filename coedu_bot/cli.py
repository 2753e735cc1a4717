"""The verbs of `coedu-bot`, for people at a terminal."""

from __future__ import annotations

import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from coedu_bot import loading
from coedu_bot.config import ConfigError, load_config

app = typer.Typer(no_args_is_help=True, add_completion=False, help="A Matrix bot for parents and teachers.")
console = Console()
errors = Console(stderr=True)

ConfigPath = Annotated[
    Path, typer.Option("--config", help="The school's YAML file.", envvar="COEDU_CONFIG", show_default=True)
]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
DEFAULT_CONFIG = Path("config.yaml")


def _show_version(wanted: bool) -> None:
    if wanted:
        console.print(version("coedu-bot"))
        raise typer.Exit


@app.callback()
def common(
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options before the verb."""


@app.command()
def run(config: ConfigPath = DEFAULT_CONFIG, debug: bool = False) -> None:
    """Run the bot."""
    from coedu_bot import service

    raise typer.Exit(service.main(["--config", str(config), *(["--debug"] if debug else [])]))


@app.command()
def check(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Say what is wrong with a configuration, and how to mend it."""
    try:
        found = load_config(config, env=os.environ)
    except ConfigError as problem:
        _tell_problems(problem, as_json)
        raise typer.Exit(2) from problem
    if as_json:
        console.print_json(json.dumps({"problems": [], "plugins": sorted(found.plugins)}))
    else:
        console.print(
            f"[green]✓[/] {config}: {found.model.school.name}, plugins: {', '.join(sorted(found.plugins))}"
        )
        if not (found.login.password or found.login.access_token):
            console.print("  no password or access token yet: set COEDU_PASSWORD or COEDU_ACCESS_TOKEN")


def _tell_problems(problem: ConfigError, as_json: bool) -> None:
    if as_json:
        told = [{"file": p.file, "line": p.line, "path": p.path, "what": str(p)} for p in problem.problems]
        console.print_json(json.dumps({"problems": told}))
        return
    for one in problem.problems:
        errors.print(f"[red]✗[/] {one}", highlight=False, soft_wrap=True)


@app.command()
def plugins(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """List the plugins: which are there, from where, and which are on."""
    folders: list[Path] = []
    on: set[str] = set()
    if config.is_file():
        try:
            found = load_config(config, env=os.environ)
        except ConfigError as problem:
            _tell_problems(problem, as_json)
            raise typer.Exit(2) from problem
        folders, on = found.plugin_path, set(found.plugins)
    known = loading.available(folders)
    _, failed = loading.load(sorted(known), folders)
    rows = [
        {"name": name, "package": package, "on": name in on, "problem": failed.get(name)}
        for name, package in sorted(known.items())
    ]
    if as_json:
        console.print_json(json.dumps(rows))
        return
    for row in rows:
        state = f"[red]{row['problem']}[/]" if row["problem"] else ("on" if row["on"] else "off")
        console.print(f"{row['name']}: {state} ({row['package']})", highlight=False)
