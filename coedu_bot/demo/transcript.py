"""The morning as people at a terminal read it: who says what to whom, and who has seen it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from coedu_bot.demo.client import plain
from coedu_bot.demo.school import BOT_NAME, staff

_ZONE = ZoneInfo("Europe/Paris")
_INDENT = 9


class Transcript:
    """Prints each step as it happens."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def act(self, title: str) -> None:
        """A new act begins."""
        self.console.print()
        self.console.print(Rule(Text(title, "bold"), align="left", style="dim"))

    def said(self, at: datetime, who: str, where: str, text: str, note: str = "") -> None:
        """Somebody wrote something somewhere; `note` says who has seen it."""
        line = Text.assemble((f"{_hour(at):>7}  ", "dim"), (who, _colour(who)), (f" → {where}", "dim"))
        self.console.print(line.append(f"  {note}" if note else "", "dim"))
        self.console.print(Padding(Text(plain(text).strip()), (0, 2, 0, _INDENT), expand=False))

    def tapped(self, at: datetime, names: Sequence[str], key: str) -> None:
        """People tapped a reaction."""
        line = Text.assemble((f"{_hour(at):>7}  ", "dim"), key, " ")
        for name in names:
            line.append(f"{name}  ", _colour(name))
        self.console.print(line)

    def later(self, at: datetime) -> None:
        """The clock is moved on."""
        self.console.print(Text(f"\n  ⏩ {at.astimezone(_ZONE):%Y-%m-%d}, {_hour(at)}", "dim"))

    def how_to_log_in(self, homeserver: str, people: Sequence[tuple[str, str]], password: str) -> None:
        """Everything somebody needs to be one of these people, with Element or any client."""
        table = Table(title="The school stays open: be anyone", title_justify="left", title_style="bold")
        table.add_column("who")
        table.add_column("user")
        for name, user in people:
            table.add_row(Text(name, _colour(name)), user)
        self.console.print()
        self.console.print(table)
        self.console.print(Text.assemble("homeserver  ", (homeserver, "bold")))
        self.console.print(Text.assemble("password    ", (password, "bold")))
        self.console.print(
            "In Element: Sign in, Edit the homeserver, then user and password. Write to "
            f"{BOT_NAME} privately or in a class; try « aide ». Ctrl-C ends everything.",
        )


def _hour(at: datetime) -> str:
    there = at.astimezone(_ZONE)
    return f"{there.hour} h" + (f" {there.minute:02}" if there.minute else "")


def _colour(who: str) -> str:
    if who == BOT_NAME:
        return "bold magenta"
    return "bold cyan" if who in staff() else "bold green"
