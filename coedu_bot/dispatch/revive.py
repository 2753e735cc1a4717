"""The answer to "is this old command still meant?": run it now, or let it go."""

from __future__ import annotations

from datetime import datetime

from coedu_bot.dispatch import stale
from coedu_bot.dispatch.commands import Call, run_command
from coedu_bot.dispatch.desk import Desk
from coedu_bot.dispatch.frozen import thaw
from coedu_bot.effects import Post, Redact
from coedu_bot.events import MessageEdited, MessageReceived, ReactionReceived
from coedu_bot.message import Message, says
from coedu_bot.rooms import Room
from coedu_bot.store import intake, rooms
from coedu_bot.store.database import Row, Transaction


async def answered(desk: Desk, db: Transaction, event: ReactionReceived, row: Row, now: datetime) -> None:
    """Only the author's first ✅ or ❌ counts, within a day of the question."""
    known = await intake.get_command_asked_by(db, row.ref)
    if known is None or known.outcome != "stale" or known.sender != event.sender:
        return
    if event.key == stale.YES and now - row.created_at <= stale.ASKED_FOR:
        await _run(desk, db, known, now)
    elif event.key in (stale.YES, stale.NO):
        await intake.mark_command(
            db,
            known.event_id,
            room=known.in_room,
            sender=known.sender,
            outcome="redacted",
            word=known.word,
            sent_at=known.sent_at,
        )
        dropped = Post(person=event.sender, message=Message("reply", (says("stale-dropped"),)))
        await desk.put(db, [Redact(of=row.ref), dropped], "core", event, now)
        return
    else:
        return
    await desk.put(db, Redact(of=row.ref), "core", event, now)


async def _run(desk: Desk, db: Transaction, known: Row, now: datetime) -> None:
    event = thaw(known.source)
    assert isinstance(event, MessageReceived | MessageEdited)
    room = await rooms.get_room(db, event.room_id) or Room(event.room_id)
    speech = desk.hear(event, direct=room.direct == event.sender)
    command = desk.vocabulary.find(speech.word) if speech else None
    if speech is None or command is None:
        return
    call = Call(command, speech, event, known.event_id, room, confirmed=True)
    plugin, effects = await run_command(desk, db, call, now)
    await desk.put(db, effects, plugin, event, now)
