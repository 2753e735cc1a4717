"""What is forgotten, and when: nothing is kept longer than something can still refer to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, bindparam, cast, delete, exists, select, update

from coedu_bot.school.keeping import TRACES, Keeping
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.erasures import erasure
from coedu_bot.store.menus import menu
from coedu_bot.store.relays import relay
from coedu_bot.store.tables import (
    command,
    fault,
    handled_event,
    item,
    outbox,
    parked_event,
    poll_answer,
    reaction,
    room,
    room_member,
    shared_file,
    timer,
    undecrypted_event,
    upload,
)
from coedu_bot.store.withheld import withheld_key

_PARKED = timedelta(days=7)
_REPLY = timedelta(days=7)
_BEFORE: Any = bindparam("before")
_GONE = ["sent", "dropped", "bundled"]

_handle_of_item = exists().where(item.c.command == command.c.event_id)
_TRACES = (
    (delete(handled_event).where(handled_event.c.handled_at < _BEFORE), TRACES),
    (delete(command).where(command.c.sent_at < _BEFORE, ~_handle_of_item), TRACES),
    (delete(reaction).where(reaction.c.sent_at < _BEFORE), TRACES),
    (delete(menu).where(menu.c.created_at < _BEFORE), TRACES),
    (delete(poll_answer).where(poll_answer.c.sent_at < _BEFORE), TRACES),
    (delete(relay).where(relay.c.sent_at < _BEFORE), TRACES),
    (delete(fault).where(fault.c.happened_at < _BEFORE), TRACES),
    (delete(parked_event).where(parked_event.c.parked_at < _BEFORE), _PARKED),
    (delete(undecrypted_event).where(undecrypted_event.c.sent_at < _BEFORE), _PARKED),
    (delete(withheld_key).where(withheld_key.c.received_at < _BEFORE), _PARKED),
    (delete(shared_file).where(shared_file.c.shared_at < _BEFORE), _REPLY),
)
_OLD = (outbox.c.state.in_(_GONE), outbox.c.created_at < _BEFORE)
_MESSAGES = (
    delete(outbox).where(*_OLD, outbox.c.item.is_(None)),
    # the row still maps our event to its item: a late tap counts, but nobody reads the text again
    update(outbox)
    .where(*_OLD, outbox.c.state != "bundled", cast(outbox.c.content, Text) != "{}")
    .values(content=bindparam("nothing", {}, type_=outbox.c.content.type)),
)
_ALONE = (
    delete(room_member).where(
        room_member.c.in_room.in_(select(room.c.id).where(room.c.membership != "join"))
    ),
    delete(upload).where(
        ~exists().where(outbox.c.upload == upload.c.id, outbox.c.state.in_(["queued", "held", "sending"]))
    ),
)
_ITEMS = (
    select(item)
    .where(item.c.created_at < _BEFORE, item.c.id > bindparam("after"))
    .order_by(item.c.id)
    .limit(200)
)
_IDS: Any = bindparam("ids", expanding=True)
_COMMANDS = select(item.c.command).where(item.c.id.in_(_IDS), item.c.command.is_not(None))
_OF_ITEMS = (
    delete(command).where(command.c.event_id.in_(_COMMANDS)),
    delete(outbox).where(outbox.c.item.in_(_IDS)),
    delete(menu).where(menu.c.item.in_(_IDS)),
    delete(timer).where(timer.c.item.in_(_IDS)),
    delete(item).where(item.c.id.in_(_IDS)),
)
_ERASURES = delete(erasure).where(erasure.c.decided_at < _BEFORE)


async def remove_old(db: Transaction, now: datetime, keeping: Keeping) -> int:
    """Forget what is past its time, items aside; returns how many rows went or lost their text."""
    touched = [await db.run(statement, before=now - age) for statement, age in _TRACES]
    touched += [await db.run(statement, before=now - keeping.messages) for statement in _MESSAGES]
    touched += [await db.run(statement) for statement in _ALONE]
    return sum(touched) + await db.run(_ERASURES, before=now - keeping.items)


async def list_old_items(db: Transaction, before: datetime, after: str) -> Sequence[Row]:
    """Items made before a moment, by id, some hundred a page."""
    return await db.all(_ITEMS, before=before, after=after)


async def remove_items(db: Transaction, ids: Sequence[str]) -> None:
    """Forget items of which their plugins know nothing any more; their ids never come again."""
    for statement in _OF_ITEMS if ids else ():
        await db.run(statement, ids=list(ids))
