"""What all verbs share: the application, where it writes, the usual options, how problems are told."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from coedu_bot import log
from coedu_bot.config import Config, ConfigError, load_config

app = typer.Typer(no_args_is_help=True, add_completion=False, help="A Matrix bot for parents and teachers.")
console = Console()
errors = Console(stderr=True)

ConfigPath = Annotated[
    Path, typer.Option("--config", help="The school's YAML file.", envvar="COEDU_CONFIG", show_default=True)
]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
DEFAULT_CONFIG = Path("config.yaml")
WRONG_CONFIG = 2
"""The exit code for a configuration that cannot be used."""


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
    log.configure(json=not sys.stderr.isatty())


def loaded(path: Path, as_json: bool = False) -> Config:
    """The configuration; where it is wrong, tells every problem and ends with exit code 2."""
    try:
        return load_config(path, env=os.environ)
    except ConfigError as problem:
        _tell_problems(problem, as_json)
        raise typer.Exit(WRONG_CONFIG) from problem


def tell_json(value: Mapping[str, Any] | list[Any]) -> None:
    """Print for programs."""
    console.print_json(json.dumps(value))


def _tell_problems(problem: ConfigError, as_json: bool) -> None:
    if as_json:
        told = [{"file": p.file, "line": p.line, "path": p.path, "what": str(p)} for p in problem.problems]
        tell_json({"problems": told})
        return
    for one in problem.problems:
        errors.print("[red]✗[/]", end=" ")
        errors.print(str(one), highlight=False, markup=False, soft_wrap=True)
