"""Menus as native polls: one of up to twenty entries, or pages of nineteen and "more …"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from coedu_bot.delivery.readers import Readers
from coedu_bot.delivery.voice import Voice
from coedu_bot.effects import CloseMenus, Menu
from coedu_bot.store.database import Transaction
from coedu_bot.store.menus import StoredMenu, add_menu, list_open_menus_named

POLL_START = "org.matrix.msc3381.poll.start"
MORE = "more"
"""The answer id that turns the page; the others are numbers, the same on every page."""

TAPS = {"✅": "yes", "❌": "no"}
"""What a tap under a menu of yes and no chooses."""

_TEXT = "org.matrix.msc1767.text"
_MOST = 20
_A_PAGE = 19


def page_of(menu: StoredMenu) -> list[tuple[str, str]]:
    """The numbers and labels that the menu shows now; after the last page comes the first again."""
    entries = [(str(number), label) for number, (_, label) in enumerate(menu.choices, start=1)]
    if len(entries) <= _MOST:
        return entries
    pages = -(-len(entries) // _A_PAGE)
    first = menu.turns % pages * _A_PAGE
    return entries[first : first + _A_PAGE]


def taps_of(menu: StoredMenu) -> dict[str, str]:
    """The reactions that answer a menu, with the ids of the answers they mean."""
    ids = {value: str(number) for number, (value, _) in enumerate(menu.choices, start=1)}
    return {key: ids[value] for key, value in TAPS.items()} if ids.keys() == set(TAPS.values()) else {}


def has_more(menu: StoredMenu) -> bool:
    """Whether not all fits on one page."""
    return len(menu.choices) > _MOST


def poll_content(menu: StoredMenu, more: str) -> dict[str, Any]:
    """The event that shows the page; `more` is the label that turns it."""
    entries = page_of(menu)
    lines = [menu.question, *(f"{number}. {label}" for number, label in entries)]
    if has_more(menu):
        entries = [*entries, (MORE, more)]
        lines.append(more)
    text = "\n".join(lines)
    coedu = {"kind": "menu", "lang": menu.language, "v": 1, "ref": menu.poll}
    return {
        _TEXT: text,
        "body": text,
        POLL_START: {
            "kind": "org.matrix.msc3381.poll.disclosed",
            "max_selections": 1,
            "question": {_TEXT: menu.question, "body": menu.question, "msgtype": "m.text"},
            "answers": [{"id": id_, _TEXT: label} for id_, label in entries],
        },
        "m.mentions": {},
        "org.coedu": coedu | ({"id": menu.item} if menu.item else {}),
    }


async def keep(db: Transaction, voice: Voice, menu: Menu, plugin: str, now: datetime) -> StoredMenu:
    """Keep a menu as its person will read it."""
    language = await voice.language_of(db, menu.person)
    zone = voice.zone_in(await Readers(db).settings(menu.person))
    blocks = menu.question if isinstance(menu.question, Sequence) else (menu.question,)
    stored = StoredMenu(
        ref=menu.ref,
        plugin=plugin,
        name=menu.name,
        person=menu.person,
        item=menu.item,
        payload=menu.payload,
        question=voice.plain(blocks, language, zone),
        choices=tuple((one.value, voice.label(one.label, language, zone)) for one in menu.choices),
        language=language,
        created_at=now,
    )
    await add_menu(db, stored)
    return stored


async def list_closing(db: Transaction, effect: Menu | CloseMenus, plugin: str) -> list[StoredMenu]:
    """The open menus that a new one of the same name and item, or a request to close, takes away."""
    named = await list_open_menus_named(db, plugin, effect.name, effect.person)
    return [one for one in named if effect.item in (None, one.item)]
