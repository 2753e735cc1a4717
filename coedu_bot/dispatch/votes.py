"""Votes on the bot's native polls."""

from __future__ import annotations

from datetime import datetime

from coedu_bot.dispatch import menus
from coedu_bot.dispatch.desk import Desk
from coedu_bot.events import PollAnswered
from coedu_bot.store import intake, outbox
from coedu_bot.store.database import Transaction


async def concerns(db: Transaction, event: PollAnswered) -> bool:
    """Whether the poll is, or may soon be, one of ours."""
    known = await outbox.get_row_of_event(db, event.target) is not None
    return (
        known
        or await intake.is_undecrypted(db, event.target)
        or await outbox.is_sending_in(db, event.room_id)
    )


async def vote(desk: Desk, db: Transaction, event: PollAnswered, now: datetime) -> None:
    """Hand a vote to whoever asked."""
    row = await outbox.get_row_of_event(db, event.target)
    if row is not None and row.kind == "menu":
        await menus.vote(desk, db, event, row, now)
