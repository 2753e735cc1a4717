"""What has been handled, what waits to be handled, and how far the sync is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, or_, select

from coedu_bot.events import (
    EventId,
    MediaFile,
    MessageReceived,
    PollAnswered,
    ReactionReceived,
    RoomId,
    Undecryptable,
    UserId,
)
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import (
    command,
    fault,
    handled_event,
    outbox,
    parked_event,
    poll_answer,
    reaction,
    room,
    shared_file,
    sync_position,
    undecrypted_event,
)
from coedu_bot.store.types import insert_or_ignore, upsert

_TOKEN = select(sync_position.c.token).where(sync_position.c.user_id == bindparam("user"))
_SET_TOKEN = upsert(sync_position, key=["user_id"], update=["token"])
_HANDLE = insert_or_ignore(handled_event)
_PARK = insert_or_ignore(parked_event)
_PARKED = select(parked_event).where(parked_event.c.target == bindparam("target"))
_UNPARK = delete(parked_event).where(parked_event.c.target == bindparam("target"))
_PARKED_KNOWN = (
    select(parked_event.c.target)
    .distinct()
    .where(
        or_(
            exists().where(outbox.c.event_id == parked_event.c.target),
            exists().where(handled_event.c.event_id == parked_event.c.target),
            exists().where(room.c.id == parked_event.c.target, room.c.members_known),
        )
    )
)
_ADD_UNDECRYPTED = insert_or_ignore(undecrypted_event)
_IS_UNDECRYPTED = select(undecrypted_event.c.event_id).where(
    undecrypted_event.c.event_id == bindparam("event")
)
_UNDECRYPTED_OF = select(undecrypted_event).where(
    undecrypted_event.c.session_id.in_(bindparam("sessions", expanding=True))
)
_REMOVE_UNDECRYPTED = delete(undecrypted_event).where(undecrypted_event.c.event_id == bindparam("event"))
_SET_COMMAND = upsert(command, key=["event_id"], update=["outcome", "word", "source", "question", "sent_at"])
_COMMAND = select(command).where(command.c.event_id == bindparam("event"))
_COMMAND_ASKED = select(command).where(command.c.question == bindparam("question"))
_ADD_REACTION = insert_or_ignore(reaction)
_REACTION = select(reaction).where(reaction.c.event_id == bindparam("event"))
_ADD_POLL_ANSWER = insert_or_ignore(poll_answer)
_POLL_ANSWER = select(poll_answer).where(poll_answer.c.event_id == bindparam("event"))
_ADD_FILE = insert_or_ignore(shared_file)
_FILE = select(shared_file).where(shared_file.c.event_id == bindparam("event"))
_ADD_FAULT = insert(fault)


async def get_token(db: Transaction, user: UserId) -> str | None:
    token: str | None = await db.value(_TOKEN, user=user)
    return token


async def mark_token(db: Transaction, user: UserId, token: str) -> None:
    await db.run(_SET_TOKEN, user_id=user, token=token)


async def mark_handled(db: Transaction, event: EventId, now: datetime) -> bool:
    """Claim an event; False if it has been handled before."""
    return await db.run(_HANDLE, event_id=event, handled_at=now) == 1


async def add_parked(
    db: Transaction, event: EventId, target: EventId | RoomId, source: dict[str, Any], now: datetime
) -> None:
    await db.run(_PARK, event_id=event, target=target, source=source, parked_at=now)


async def list_parked(db: Transaction, target: EventId | RoomId) -> Sequence[Row]:
    """What waits for this event, or for this room to be read."""
    return await db.all(_PARKED, target=target)


async def remove_parked(db: Transaction, target: EventId | RoomId) -> None:
    await db.run(_UNPARK, target=target)


async def list_parked_known(db: Transaction) -> list[EventId | RoomId]:
    """Targets of parked events that have become known meanwhile."""
    return [row.target for row in await db.all(_PARKED_KNOWN)]


async def add_undecrypted(db: Transaction, event: Undecryptable) -> None:
    await db.run(
        _ADD_UNDECRYPTED,
        event_id=event.event_id,
        event_room_id=event.room_id,
        sender=event.sender,
        session_id=event.session_id,
        source=dict(event.source),
        sent_at=event.sent_at,
    )


async def is_undecrypted(db: Transaction, event: EventId) -> bool:
    return await db.one(_IS_UNDECRYPTED, event=event) is not None


async def list_undecrypted(db: Transaction, sessions: Sequence[str]) -> Sequence[Row]:
    """Events that wait for one of these keys."""
    return await db.all(_UNDECRYPTED_OF, sessions=list(sessions))


async def remove_undecrypted(db: Transaction, event: EventId) -> bool:
    """Forget that an event could not be read; False if it always could."""
    return await db.run(_REMOVE_UNDECRYPTED, event=event) == 1


async def mark_command(
    db: Transaction,
    event: EventId,
    *,
    room: str,
    sender: UserId,
    outcome: str,
    word: str,
    sent_at: datetime,
    source: dict[str, Any] | None = None,
    question: str | None = None,
) -> None:
    """Remember what became of a command message, so that an edit or redaction of it is understood."""
    await db.run(
        _SET_COMMAND,
        event_id=event,
        in_room=room,
        sender=sender,
        outcome=outcome,
        word=word[:100],
        source=source,
        question=question,
        sent_at=sent_at,
    )


async def get_command(db: Transaction, event: EventId) -> Row | None:
    return await db.one(_COMMAND, event=event)


async def get_command_asked_by(db: Transaction, question: str) -> Row | None:
    """The stale command that this message of ours asks about."""
    return await db.one(_COMMAND_ASKED, question=question)


async def add_reaction(db: Transaction, event: ReactionReceived) -> None:
    await db.run(
        _ADD_REACTION,
        event_id=event.event_id,
        target=event.target,
        sender=event.sender,
        key=event.key,
        sent_at=event.sent_at,
    )


async def get_reaction(db: Transaction, event: EventId) -> Row | None:
    return await db.one(_REACTION, event=event)


async def add_poll_answer(db: Transaction, event: PollAnswered) -> None:
    await db.run(
        _ADD_POLL_ANSWER,
        event_id=event.event_id,
        target=event.target,
        sender=event.sender,
        sent_at=event.sent_at,
    )


async def get_poll_answer(db: Transaction, event: EventId) -> Row | None:
    return await db.one(_POLL_ANSWER, event=event)


async def is_known(db: Transaction, event: EventId) -> bool:
    """Whether this is a command, a tap or a vote of somebody that was handled."""
    for known in (get_command, get_reaction, get_poll_answer):
        if await known(db, event) is not None:
            return True
    return False


async def add_shared_file(db: Transaction, event: MessageReceived) -> None:
    """Remember a file people posted, so that a command in reply to it can take it along."""
    if event.file is not None:
        await db.run(
            _ADD_FILE,
            event_id=event.event_id,
            sender=event.sender,
            file=asdict(event.file),
            shared_at=event.sent_at,
        )


async def get_shared_file(db: Transaction, event: EventId) -> MediaFile | None:
    row = await db.one(_FILE, event=event)
    return MediaFile(**row.file) if row else None


async def add_fault(db: Transaction, number: str, event: EventId, now: datetime) -> None:
    await db.run(_ADD_FAULT, number=number, event_id=event, happened_at=now)
