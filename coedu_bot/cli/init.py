"""`coedu-bot init`: six questions, and a configuration that loads."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from coedu_bot.cli.common import DEFAULT_CONFIG, ConfigPath, app, console, errors
from coedu_bot.config import ConfigError, load_config

_QUESTIONS = (
    ("homeserver", "Address of the Matrix homeserver", "https://matrix.ecole.example"),
    ("user", "The bot's account", "@coedu:ecole.example"),
    ("name", "Name of the school", "Collège Jules-Ferry"),
    ("controller", "Who answers for personal data", "Le chef d'établissement"),
    ("contact", "Where families write about their data", "dpo@ecole.example"),
    ("coordinator", "Your own Matrix ID, as coordinator", "@martin:ecole.example"),
)
_TEMPLATE = """\
# Coedu Bot: one school in one file. config.example.yaml explains every key.
# Check it with:  coedu-bot check --config {file}
# The password is never in here: set COEDU_PASSWORD, or name a file with password_file.

homeserver: {homeserver}
user: {user}

school:
  name: {name}
  controller: {controller}
  contact: {contact}

people:
  coordinators: [{coordinator}]

plugins:
  announcements: {{}}

invites: {{from: [{server}]}}
"""


@app.command()
def init(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Ask six questions and write a configuration that loads."""
    if config.exists():
        errors.print(f"[red]✗[/] {config} is there already; name another file with --config", highlight=False)
        raise typer.Exit(1)
    answers = {key: typer.prompt(question, default=usual) for key, question, usual in _QUESTIONS}
    text = configuration(answers, config.name)
    try:
        _try(text)
    except ConfigError as wrong:
        for problem in wrong.problems:
            errors.print(f"{problem.path}: {problem.what}; {problem.advice}", markup=False, highlight=False)
        errors.print("[red]✗[/] nothing was written: answer again")
        raise typer.Exit(2) from wrong
    config.write_text(text, encoding="utf-8")
    console.print(f"[green]✓[/] {config}. Next: coedu-bot check --config {config}", highlight=False)


def configuration(answers: dict[str, str], file: str) -> str:
    """The YAML that these answers make; JSON's quotes are YAML's too."""
    clean = {key: answer.strip() for key, answer in answers.items()}
    quoted = {key: json.dumps(answer, ensure_ascii=False) for key, answer in clean.items()}
    server = json.dumps(clean["user"].partition(":")[2])
    return _TEMPLATE.format(**quoted, server=server, file=file)


def _try(text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "config.yaml"
        path.write_text(text, encoding="utf-8")
        load_config(path, env={})
