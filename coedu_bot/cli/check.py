"""`coedu-bot check`: what is wrong, and how to mend it."""

from __future__ import annotations

from coedu_bot.cli.common import DEFAULT_CONFIG, AsJson, ConfigPath, app, console, loaded, tell_json


@app.command()
def check(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Say what is wrong with a configuration, and how to mend it."""
    found = loaded(config, as_json)
    if as_json:
        tell_json({"problems": [], "plugins": sorted(found.plugins)})
        return
    plugins = ", ".join(sorted(found.plugins))
    console.print(f"[green]✓[/] {config}: {found.model.school.name}, plugins: {plugins}")
    if not (found.login.password or found.login.access_token):
        console.print("  no password or access token yet: set COEDU_PASSWORD or COEDU_ACCESS_TOKEN")
