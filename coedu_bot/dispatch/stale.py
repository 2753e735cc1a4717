"""Commands found only hours later: what would speak to many people is asked about first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from coedu_bot.context import Context
from coedu_bot.dispatch.frozen import freeze
from coedu_bot.effects import Post, new_ref
from coedu_bot.events import EventId, MessageEdited, MessageReceived
from coedu_bot.message import Code, Hour, Message, says
from coedu_bot.plugin import Command
from coedu_bot.store import intake
from coedu_bot.store.database import Transaction

ASKED_FOR = timedelta(hours=24)
YES, NO = "✅", "❌"


async def ask(
    db: Transaction,
    event: MessageReceived | MessageEdited,
    handle: EventId,
    command: Command,
    ctx: Context[Any],
) -> Post:
    """Keep the command and ask its author privately whether it is still meant."""
    question = new_ref()
    await intake.mark_command(
        db,
        handle,
        room=event.room_id,
        sender=event.sender,
        outcome="stale",
        word=command.name,
        sent_at=event.sent_at,
        source=freeze(event),
        question=question,
    )
    typed = event.text.strip().split("\n")[0].split(" ")[0]
    text = says("stale-question", command=Code(typed), at=Hour(event.sent_at))
    return Post(
        person=event.sender, message=Message("question", (text,), rings=True), ref=question, offers=(YES, NO)
    )
