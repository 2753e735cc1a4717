"""Where our own records name a person besides their columns: texts sent, menus, what is planned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, Text, bindparam, cast, func, or_, select, update

from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.dialogues import dialogue
from coedu_bot.store.menus import menu
from coedu_bot.store.tables import command, outbox, parked_event, task, timer, undecrypted_event

_NAMELESS = "…"
_SHORTEST = 3
"""A name of fewer letters stands in other words."""

_PLACES: tuple[tuple[Table, str, tuple[str, ...]], ...] = (
    (menu, "ref", ("question", "choices", "payload", "chosen")),
    (timer, "id", ("payload",)),
    (task, "id", ("payload",)),
    (dialogue, "person", ("source", "text", "answers")),
    (parked_event, "event_id", ("source",)),
    (undecrypted_event, "event_id", ("source",)),
    (command, "event_id", ("source",)),
)
_SENT = outbox.c.state.not_in(["queued", "held", "sending"])
_UNSENT = outbox.c.state.in_(["queued", "held"])


async def forget_mentions(db: Transaction, names: Sequence[str]) -> int:
    """What has been sent loses its text, everything else only the name; returns how many rows changed.

    What is being sent at this moment stays: its content and its transaction id belong together.
    """
    known = [name for name in dict.fromkeys(names) if len(name) >= _SHORTEST]
    if not known:
        return 0
    named = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in known))
    changed = await _blank_sent(db, known, named)
    changed += await _rename(db, outbox, "ref", ("content",), known, named, _UNSENT)
    for table, key, columns in _PLACES:
        changed += await _rename(db, table, key, columns, known, named)
    return changed


async def _blank_sent(db: Transaction, known: Sequence[str], named: re.Pattern[str]) -> int:
    changed = 0
    blank = update(outbox).where(outbox.c.ref == bindparam("row")).values(content=bindparam("new"))
    for row in await _candidates(db, outbox, ("content",), known, _SENT):
        if _without(row.content, named) != row.content:
            kept = {key: row.content[key] for key in ("org.coedu", "key") if key in row.content}
            changed += await db.run(blank, row=row.ref, new=kept)
    return changed


async def _rename(
    db: Transaction,
    table: Table,
    key: str,
    columns: Sequence[str],
    known: Sequence[str],
    named: re.Pattern[str],
    where: Any = None,
) -> int:
    values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in columns}
    change = update(table).where(table.c[key] == bindparam("row")).values(values)
    changed = 0
    for row in await _candidates(db, table, columns, known, where):
        after = {f"new_{name}": _without(getattr(row, name), named) for name in columns}
        if any(after[f"new_{name}"] != getattr(row, name) for name in columns):
            changed += await db.run(change, row=getattr(row, key), **after)
    return changed


async def _candidates(
    db: Transaction, table: Table, columns: Sequence[str], known: Sequence[str], where: Any = None
) -> list[Row]:
    """Rows in whose text one of the names may stand."""
    texts = [cast(table.c[name], Text) for name in columns]
    found = or_(*(_contains(text, number) for text in texts for number in range(len(known))))
    statement = select(table).where(found) if where is None else select(table).where(found, where)
    return await db.all(statement, **{f"name_{number}": name for number, name in enumerate(known)})


def _contains(text: Any, number: int) -> Any:
    return func.replace(text, bindparam(f"name_{number}"), "") != text


def _without(value: Any, named: re.Pattern[str]) -> Any:
    """JSON with the names taken out of all its strings."""
    match value:
        case str():
            return named.sub(_NAMELESS, value)
        case list():
            return [_without(one, named) for one in value]
        case dict():
            return {named.sub(_NAMELESS, key): _without(one, named) for key, one in value.items()}
    return value
