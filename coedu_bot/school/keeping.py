"""How long the bot keeps what it writes down; the rest of a school's data is not the bot's to keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

TRACES = timedelta(days=90)
"""Who asked, tapped or answered what: so long an event may come twice, be edited or be taken back."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """`messages`: the text of what was sent; `items`: announcements, polls, reminders and answers to them."""

    messages: timedelta = timedelta(days=90)
    items: timedelta = timedelta(days=400)
