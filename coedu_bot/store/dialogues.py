"""Guided dialogues in the database: one a person, with what they have answered so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, Text, bindparam, delete, select

from coedu_bot.events import UserId
from coedu_bot.store.database import Transaction
from coedu_bot.store.tables import metadata
from coedu_bot.store.types import Json, UtcTime, upsert

dialogue = Table(
    "dialogue",
    metadata,
    Column("person", Text, primary_key=True),
    Column("id", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("handle", Text, nullable=False),  # the command message
    Column("source", Json, nullable=False),  # the event of the command, to be run once all is known
    Column("text", Text, nullable=False),  # what was typed behind the command word
    Column("wanted", Json, nullable=False),  # names of the questions, in order
    Column("answers", Json, nullable=False),  # by name, as typed
    Column("asked_at", UtcTime, nullable=False),
)

_COLUMNS = ("id", "command", "handle", "source", "text", "wanted", "answers", "asked_at")
_SET = upsert(dialogue, key=["person"], update=list(_COLUMNS))
_GET = select(dialogue).where(dialogue.c.person == bindparam("user"))
_REMOVE = delete(dialogue).where(dialogue.c.person == bindparam("user"), dialogue.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """A command that is being asked for, piece by piece."""

    person: UserId
    id: str
    command: str
    handle: str
    source: dict[str, Any]
    text: str
    wanted: tuple[str, ...]
    answers: Mapping[str, str]
    asked_at: datetime

    @property
    def next(self) -> str | None:
        """The question that is open now."""
        return next((name for name in self.wanted if name not in self.answers), None)


async def get_dialogue(db: Transaction, person: UserId) -> Dialogue | None:
    """The dialogue that a person is in."""
    row = await db.one(_GET, user=person)
    if row is None:
        return None
    fields = {name: getattr(row, name) for name in Dialogue.__slots__}
    return Dialogue(**fields | {"wanted": tuple(row.wanted)})


async def mark_dialogue(db: Transaction, one: Dialogue) -> None:
    """Keep how far it is; another dialogue of the person ends with it."""
    await db.run(_SET, person=one.person, **{name: getattr(one, name) for name in _COLUMNS})


async def remove_dialogue(db: Transaction, one: Dialogue) -> bool:
    """End it; False if it has ended already."""
    return await db.run(_REMOVE, user=one.person, id=one.id) == 1
