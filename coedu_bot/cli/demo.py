"""`coedu-bot demo`: a played morning on a private homeserver."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from coedu_bot.cli.common import app, console


@app.command()
def demo(
    quick: Annotated[
        bool, typer.Option("--quick", help="Play, then end: 0 only if every step was seen.")
    ] = False,
) -> None:
    """Play a morning of a school on a private homeserver, and stay up to look around."""
    from coedu_bot.demo.show import show

    raise typer.Exit(asyncio.run(show(console, quick=quick)))
