"""`coedu-bot reload`: the running bot reads its configuration again."""

from __future__ import annotations

import typer

from coedu_bot.cli.common import (
    DEFAULT_CONFIG,
    WRONG_CONFIG,
    AsJson,
    ConfigPath,
    app,
    console,
    errors,
    loaded,
    tell_json,
)
from coedu_bot.control import NotRunning, ask


@app.command()
def reload(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Have the running bot read the configuration again; a wrong one changes nothing."""
    found = loaded(config, as_json)
    try:
        answer = ask(found.data, "reload")
    except NotRunning as problem:
        errors.print(f"[red]✗[/] {problem}: start it with coedu-bot run", highlight=False)
        raise typer.Exit(1) from problem
    if as_json:
        tell_json(answer)
    elif answer["ok"]:
        console.print("[green]✓[/] the new configuration is in force")
        if answer["after_restart"]:
            console.print(f"  only after a restart: {', '.join(answer['after_restart'])}", highlight=False)
    else:
        for line in (answer["problem"], *answer.get("problems", ())):
            errors.print(line, markup=False, highlight=False, soft_wrap=True)
    if not answer["ok"]:
        raise typer.Exit(WRONG_CONFIG)
