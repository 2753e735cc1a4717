"""`coedu-bot invite-sheets`: a page for each family, in its language, with a code to scan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coedu_bot.app import load_catalog, load_registry
from coedu_bot.cli.common import DEFAULT_CONFIG, ConfigPath, app, console, errors, loaded
from coedu_bot.sheets import chinese_font, print_sheets, sheets_for

OutPath = Annotated[Path, typer.Option("--out", help="The PDF to write.")]


@app.command(name="invite-sheets")
def invite_sheets(config: ConfigPath = DEFAULT_CONFIG, out: OutPath = Path("invite-sheets.pdf")) -> None:
    """Print a page for each family: instructions in its language and a QR code."""
    found = loaded(config)
    registry, _ = load_registry(found.plugins, found.plugin_path)
    school, chinese = found.school(registry.capabilities), chinese_font()
    sheets = sheets_for(school, load_catalog(registry), found.login.user, chinese=chinese is not None)
    if not sheets:
        errors.print("no family has an account yet: fill the column `identifiant` of the families' CSV")
        raise typer.Exit(1)
    out.write_bytes(print_sheets(sheets, chinese))
    console.print(f"[green]✓[/] {out}: {len(sheets)} pages", highlight=False)
