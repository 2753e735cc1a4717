"""Menus in the database: what is offered to whom, and what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, Table, Text, bindparam, insert, select, update

from coedu_bot.events import UserId
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import metadata
from coedu_bot.store.types import Json, UtcTime

menu = Table(
    "menu",
    metadata,
    Column("ref", Text, primary_key=True),  # outbox row of its first page; later pages are `<ref>.<turns>`
    Column("plugin", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("item", Text),
    Column("payload", Json),
    Column("question", Text, nullable=False),  # as shown, in the person's language
    Column("choices", Json, nullable=False),  # [[value, label as shown], …]
    Column("language", Text, nullable=False),
    Column("turns", Integer, nullable=False),  # how often "more …" was chosen
    Column("state", Text, nullable=False),  # open, chosen, closed
    Column("chosen", Text),  # the label
    Column("created_at", UtcTime, nullable=False, index=True),
    Index("menu_by_person", "person", "state"),
)

_ADD = insert(menu)
_GET = select(menu).where(menu.c.ref == bindparam("ref"))
_OPEN = (
    select(menu)
    .where(menu.c.person == bindparam("user"), menu.c.state == "open")
    .order_by(menu.c.created_at.desc())
)
_OPEN_NAMED = select(menu).where(
    menu.c.plugin == bindparam("plugin"), menu.c.name == bindparam("name"), menu.c.state == "open"
)
_OPEN_NAMED_FOR = _OPEN_NAMED.where(menu.c.person == bindparam("user"))
_TURN = update(menu).where(menu.c.ref == bindparam("menu")).values(turns=menu.c.turns + 1)
_SET_PAYLOAD = update(menu).where(menu.c.ref == bindparam("menu")).values(payload=bindparam("new_payload"))
# a payload may hold what somebody wrote: it is not kept longer than it is needed
_END = (
    update(menu)
    .where(menu.c.ref == bindparam("menu"), menu.c.state == "open")
    .values(state=bindparam("new_state"), chosen=bindparam("label"), payload=None)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMenu:
    """One menu; `choices` are values with their labels as the person reads them."""

    ref: str
    plugin: str
    name: str
    person: UserId
    question: str
    choices: tuple[tuple[str, str], ...]
    language: str
    created_at: datetime
    item: str | None = None
    payload: Any = None
    turns: int = 0
    state: str = "open"
    chosen: str | None = None

    @property
    def poll(self) -> str:
        """The outbox row of the page that is shown now."""
        return f"{self.ref}.{self.turns}" if self.turns else self.ref


def menu_of(poll: str) -> str:
    """The menu that an outbox row shows a page of."""
    return poll.partition(".")[0]


def _menu(row: Row) -> StoredMenu:
    fields = {name: getattr(row, name) for name in StoredMenu.__slots__}
    return StoredMenu(**fields | {"choices": tuple((value, label) for value, label in row.choices)})


async def add_menu(db: Transaction, one: StoredMenu) -> None:
    await db.run(_ADD, **{name: getattr(one, name) for name in StoredMenu.__slots__})


async def get_menu(db: Transaction, ref: str) -> StoredMenu | None:
    row = await db.one(_GET, ref=ref)
    return _menu(row) if row else None


async def list_open_menus(db: Transaction, person: UserId) -> list[StoredMenu]:
    """What a person can choose from now, the newest first."""
    return [_menu(row) for row in await db.all(_OPEN, user=person)]


async def list_open_menus_named(
    db: Transaction, plugin: str, name: str, person: UserId | None = None
) -> Sequence[StoredMenu]:
    """The open menus of one name, of one person or whoever they are for."""
    if person is None:
        return [_menu(row) for row in await db.all(_OPEN_NAMED, plugin=plugin, name=name)]
    return [_menu(row) for row in await db.all(_OPEN_NAMED_FOR, plugin=plugin, name=name, user=person)]


async def mark_menu_payload(db: Transaction, ref: str, payload: Any) -> None:
    await db.run(_SET_PAYLOAD, menu=ref, new_payload=payload)


async def mark_menu_turned(db: Transaction, ref: str) -> None:
    await db.run(_TURN, menu=ref)


async def mark_menu_chosen(db: Transaction, ref: str, label: str | None) -> bool:
    """Keep the choice, without a label only that there was one; False if the menu is not open any more."""
    return await db.run(_END, menu=ref, new_state="chosen", label=label) == 1


async def mark_menu_closed(db: Transaction, ref: str) -> None:
    await db.run(_END, menu=ref, new_state="closed", label=None)
