"""Choosing from a menu: by a vote, by a tap, or by a message with the number or the words."""

from __future__ import annotations

import re
from datetime import datetime

from coedu_bot.context import Context
from coedu_bot.delivery.menus import MORE, taps_of
from coedu_bot.delivery.outbox import Cause
from coedu_bot.dispatch import asking, dialogues
from coedu_bot.dispatch.desk import Desk
from coedu_bot.effects import Effects, Post, Redact
from coedu_bot.events import MessageReceived, PollAnswered, ReactionReceived, RoomEvent
from coedu_bot.language.words import fold
from coedu_bot.menu_context import MenuContext
from coedu_bot.message import Message, says
from coedu_bot.rooms import Room
from coedu_bot.store import menus, outbox, rooms
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.menus import StoredMenu

_NUMBER = re.compile(r"(\d{1,4})\s*[.)]?")  # \d is any script's digits, and int() reads them all

_MORE_THAN_A_NUMBER = re.compile(r"\d{1,2}\s*\S.*", re.DOTALL)


async def vote(desk: Desk, db: Transaction, event: PollAnswered, row: Row, now: datetime) -> None:
    """A vote on the poll that shows a menu; nobody's but the person's counts."""
    menu = await menus.get_menu(db, menus.menu_of(row.ref))
    if event.sender != row.recipient or not event.answers:
        return
    if menu is None or menu.state != "open":
        await desk.put(db, [_too_late(menu, event), await _hidden(desk, db, event, row)], "core", event, now)
        return
    await _take(desk, db, event, menu, event.answers[0], now)


async def tap(desk: Desk, db: Transaction, event: ReactionReceived, row: Row, now: datetime) -> None:
    """A tap of ✅ or ❌ under a menu of yes and no."""
    menu = await menus.get_menu(db, menus.menu_of(row.ref))
    answer_id = taps_of(menu).get(event.key) if menu is not None else None
    if event.sender != row.recipient or answer_id is None or menu is None:
        return
    if menu.state != "open":
        await desk.put(db, _too_late(menu, event), "core", event, now)
        return
    await _take(desk, db, event, menu, answer_id, now)


async def answer(desk: Desk, db: Transaction, event: MessageReceived, now: datetime) -> bool:
    """Whether a private message chose from a menu: the one it replies to, else one that has such an entry."""
    offered = await _offered(db, event)
    for menu in offered:
        chosen = await _chosen(desk, menu, event.text, newest=menu is offered[0])
        if chosen is not None:
            await _take(desk, db, event, menu, chosen, now)
            return True
    for menu in offered if _MORE_THAN_A_NUMBER.fullmatch(_plain(event.text)) else ():
        if await _several(desk, db, event, menu, now):
            return True
    return False


async def _several(
    desk: Desk, db: Transaction, event: MessageReceived, menu: StoredMenu, now: datetime
) -> bool:
    """More than a number (`1 3`, `1 yes 2 no`) is for the plugin, if it takes it; None says it does not."""
    handler = desk.registry.answer(menu.plugin, "menu")
    if handler is None:
        return False
    room = await rooms.get_room(db, event.room_id) or Room(event.room_id)
    ctx: Context[object] = Context(
        **desk.base(db, menu.plugin, now, room),
        actor=await desk.actor(db, event.sender, room),
        room=room,
        event=event,
        about=menu.item,
        handle=event.event_id,
        text=event.text,
    )
    effects = await handler(ctx)
    if effects is None:
        return False
    await desk.put(db, effects, menu.plugin, event, now)
    return True


async def _offered(db: Transaction, event: MessageReceived) -> list[StoredMenu]:
    """The menu that is replied to; in reply to another message about an item only menus about that."""
    row = await outbox.get_row_of_event(db, event.reply_to) if event.reply_to else None
    if row is not None and row.kind == "menu" and row.recipient == event.sender:
        menu = await menus.get_menu(db, menus.menu_of(row.ref))
        return [menu] if menu is not None and menu.state == "open" else []
    about = row.item if row is not None else None
    return [
        menu for menu in await menus.list_open_menus(db, event.sender) if about is None or menu.item == about
    ]


async def _chosen(desk: Desk, menu: StoredMenu, text: str, *, newest: bool) -> str | None:
    """The answer id that a text means; a bare number can only be about the newest menu."""
    typed = _plain(text)
    number = _NUMBER.fullmatch(typed)
    if number and newest and 0 < int(number[1]) <= len(menu.choices):
        return str(int(number[1]))
    if typed == _plain(desk.outbox.voice.label(says("menu-more"), menu.language)):
        return MORE
    labels = [_plain(label) for _, label in menu.choices]
    return str(labels.index(typed) + 1) if typed in labels else None


def _plain(text: str) -> str:
    return " ".join(fold(text).split()).strip(" .!?…")


async def _take(
    desk: Desk, db: Transaction, event: RoomEvent, menu: StoredMenu, answer_id: str, now: datetime
) -> None:
    if answer_id == MORE:
        await _turn(desk, db, event, menu, now)
    elif answer_id.isdecimal() and 0 < int(answer_id) <= len(menu.choices):
        await _choose(desk, db, event, menu, int(answer_id), now)


async def _turn(desk: Desk, db: Transaction, event: RoomEvent, menu: StoredMenu, now: datetime) -> None:
    await desk.put(db, Redact(of=menu.poll), "core", event, now)
    await menus.mark_menu_turned(db, menu.ref)
    turned = await menus.get_menu(db, menu.ref)
    assert turned is not None
    await desk.outbox.show_menu(db, turned, Cause(menu.plugin, event.sender, now))


async def _choose(
    desk: Desk, db: Transaction, event: RoomEvent, menu: StoredMenu, number: int, now: datetime
) -> None:
    """Once: the menu is closed, taken away, and its plugin told, all in this transaction."""
    value, label = menu.choices[number - 1]
    if (menu.plugin, menu.name) == ("core", asking.MENU):
        await _answer_dialogue(desk, db, event, menu, value, now)
        return
    handler = desk.registry.menu(menu.plugin, menu.name)
    kept = None if desk.registry.is_secret(menu.plugin, menu.name) else label
    if handler is None or not await menus.mark_menu_chosen(db, menu.ref, kept):
        await desk.put(db, _too_late(None, event), "core", event, now)
        return
    ctx = await _context(desk, db, event, menu, number, now)
    effects = await handler(ctx, value)
    await desk.put(db, [Redact(of=menu.poll), effects], menu.plugin, event, now)


async def _answer_dialogue(
    desk: Desk, db: Transaction, event: RoomEvent, menu: StoredMenu, value: str, now: datetime
) -> None:
    label = next(label for one, label in menu.choices if one == value)
    await menus.mark_menu_chosen(db, menu.ref, label)
    waits = await dialogues.waits_for(db, menu.person, menu.payload)
    noted = Post(person=menu.person, message=Message("dialogue", (says("menu-noted", choice=label),)))
    await desk.put(db, [Redact(of=menu.poll), noted if waits else None], "core", event, now)
    if not await dialogues.chosen(desk, db, event, menu.payload, value, now):
        await desk.put(db, _too_late(None, event), "core", event, now)


async def _context(
    desk: Desk, db: Transaction, event: RoomEvent, menu: StoredMenu, number: int, now: datetime
) -> MenuContext[object]:
    room = await rooms.get_room(db, event.room_id) or Room(event.room_id)
    written = event if isinstance(event, MessageReceived) else None
    value, label = menu.choices[number - 1]
    return MenuContext(
        **desk.base(db, menu.plugin, now, room),
        actor=await desk.actor(db, event.sender, room),
        room=room,
        event=event,
        about=menu.item,
        handle=written.event_id if written else None,
        text=written.text if written else "",
        name=menu.name,
        choice=value,
        words=label,
        item=menu.item,
        payload=menu.payload,
        voted_at=min(event.sent_at, now),
    )


async def _hidden(desk: Desk, db: Transaction, event: PollAnswered, row: Row) -> Effects:
    """A second secret answer is taken away like the first, where the bot may."""
    menu = await menus.get_menu(db, menus.menu_of(row.ref))
    room = await rooms.get_room(db, event.room_id)
    secret = menu is not None and desk.registry.is_secret(menu.plugin, menu.name)
    may = room is not None and room.may_redact_others(desk.ears.user_id)
    return Redact(event=event.event_id, room=event.room_id) if secret and may else None


def _too_late(menu: StoredMenu | None, event: RoomEvent) -> Effects:
    """A kind word for who votes on what has been decided or replaced."""
    text = says("menu-chosen", choice=menu.chosen) if menu and menu.chosen else says("menu-closed")
    return Post(room=event.room_id, message=Message("reply", (text,)))
