"""What is forgotten, and when: nothing is kept longer than something can still refer to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, exists

from coedu_bot.store.database import Transaction
from coedu_bot.store.menus import menu
from coedu_bot.store.relays import relay
from coedu_bot.store.tables import (
    command,
    fault,
    handled_event,
    item,
    parked_event,
    poll_answer,
    reaction,
    shared_file,
    undecrypted_event,
)
from coedu_bot.store.withheld import withheld_key

_LATEST_EDIT = timedelta(days=90)
_PARKED = timedelta(days=7)
_REPLY = timedelta(days=7)

_handle_of_item = exists().where(item.c.command == command.c.event_id)
_OLD = (
    (delete(handled_event).where(handled_event.c.handled_at < bindparam("before")), _LATEST_EDIT),
    (delete(command).where(command.c.sent_at < bindparam("before"), ~_handle_of_item), _LATEST_EDIT),
    (delete(reaction).where(reaction.c.sent_at < bindparam("before")), _LATEST_EDIT),
    (delete(menu).where(menu.c.created_at < bindparam("before")), _LATEST_EDIT),
    (delete(poll_answer).where(poll_answer.c.sent_at < bindparam("before")), _LATEST_EDIT),
    (delete(relay).where(relay.c.sent_at < bindparam("before")), _LATEST_EDIT),
    (delete(fault).where(fault.c.happened_at < bindparam("before")), _LATEST_EDIT),
    (delete(parked_event).where(parked_event.c.parked_at < bindparam("before")), _PARKED),
    (delete(undecrypted_event).where(undecrypted_event.c.sent_at < bindparam("before")), _PARKED),
    (delete(withheld_key).where(withheld_key.c.received_at < bindparam("before")), _PARKED),
    (delete(shared_file).where(shared_file.c.shared_at < bindparam("before")), _REPLY),
)


async def remove_old(db: Transaction, now: datetime) -> int:
    """Forget what is past its time; returns how many rows went."""
    return sum([await db.run(statement, before=now - age) for statement, age in _OLD])
