"""`coedu-bot run`: the bot."""

from __future__ import annotations

import typer

from coedu_bot.cli.common import DEFAULT_CONFIG, ConfigPath, app


@app.command()
def run(config: ConfigPath = DEFAULT_CONFIG, debug: bool = False) -> None:
    """Run the bot."""
    from coedu_bot import service

    raise typer.Exit(service.main(["--config", str(config), *(["--debug"] if debug else [])]))
