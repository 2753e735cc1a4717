"""`coedu-bot plugins`: which are there, from where, and which are on."""

from __future__ import annotations

from pathlib import Path

from coedu_bot import loading
from coedu_bot.cli.common import DEFAULT_CONFIG, AsJson, ConfigPath, app, console, loaded, tell_json


@app.command()
def plugins(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """List the plugins: which are there, from where, and which are on."""
    folders: list[Path] = []
    on: set[str] = set()
    if config.is_file():
        found = loaded(config, as_json)
        folders, on = found.plugin_path, set(found.plugins)
    known = loading.available(folders)
    _, failed = loading.load(sorted(known), folders)
    rows = [
        {"name": name, "package": package, "on": name in on, "problem": failed.get(name)}
        for name, package in sorted(known.items())
    ]
    if as_json:
        tell_json(rows)
        return
    for row in rows:
        state = f"[red]{row['problem']}[/]" if row["problem"] else ("on" if row["on"] else "off")
        console.print(f"{row['name']}: {state} ({row['package']})", highlight=False)
