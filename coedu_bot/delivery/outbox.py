"""Effects become outbox rows, in the transaction of the handler that wanted them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from coedu_bot.delivery import directs, menus, polls, tasks
from coedu_bot.delivery.bundles import Bundles
from coedu_bot.delivery.cause import Cause
from coedu_bot.delivery.posting import Posting, offer, times
from coedu_bot.delivery.readers import Readers
from coedu_bot.delivery.stopped import is_left_in_peace
from coedu_bot.delivery.voice import Voice
from coedu_bot.delivery.wire import reaction
from coedu_bot.effects import (
    CatchUp,
    CloseMenus,
    Edit,
    Effect,
    Effects,
    EndPoll,
    GatherVotes,
    Menu,
    Pin,
    Post,
    Priority,
    React,
    Redact,
    Scrub,
    Unpin,
    Unwake,
    Wake,
    flatten,
)
from coedu_bot.events import UserId
from coedu_bot.message import Message, says
from coedu_bot.school.hours import hours_of
from coedu_bot.school.school import School
from coedu_bot.store import outbox, rooms
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.menus import StoredMenu, mark_menu_closed
from coedu_bot.store.outbox import OutboxRow
from coedu_bot.timers import store as timers

__all__ = ["Cause", "Outbox"]

_CHANGEABLE = ("queued", "held")


@dataclass(frozen=True, slots=True)
class Outbox:
    """Where effects go; nothing here touches the network."""

    voice: Voice

    async def put(self, db: Transaction, effects: Effects, cause: Cause) -> None:
        """Store all effects, in order."""
        wanted = flatten(effects)
        posting = Posting(self.voice, db, cause, Readers(db))
        await posting.expect([effect for effect in wanted if isinstance(effect, Post)])
        for effect in wanted:
            if isinstance(effect, Post):
                await posting.post(effect)
            else:
                await self._put(db, effect, cause)
        await posting.tell_when()

    async def _put(self, db: Transaction, effect: Effect, cause: Cause) -> None:
        match effect:
            case Edit():
                await self._edit(db, effect, cause)
            case Redact():
                await self._redact(db, effect, cause)
            case Menu() | CloseMenus():
                await self._menu(db, effect, cause)
            case Wake() | Unwake():
                await timers.set_timer(db, effect, cause.plugin)
            case EndPoll() | GatherVotes():
                await self._poll(db, effect, cause)
            case CatchUp() | Scrub():
                await _want(db, effect, cause)
            case React() | Pin() | Unpin():
                content = {"key": effect.key} if isinstance(effect, React) else {}
                await self._refer(db, effect, type(effect).__name__.lower(), content, cause)

    async def _menu(self, db: Transaction, effect: Menu | CloseMenus, cause: Cause) -> None:
        """Only the newest menu of a name counts: the others go."""
        owner = (isinstance(effect, Menu) and effect.owner) or cause.plugin
        for old in await menus.list_closing(db, effect, owner):
            await mark_menu_closed(db, old.ref)
            await self._redact(db, Redact(of=old.poll), cause)
        if isinstance(effect, Menu) and not await self._is_left_in_peace(db, effect.person, cause):
            menu = await menus.keep(db, self.voice, effect, owner, cause.now)
            await self.show_menu(db, menu, cause, effect.priority, waits=effect.waits)

    async def _is_left_in_peace(self, db: Transaction, person: UserId, cause: Cause) -> bool:
        settings = await Readers(db).settings(person)
        return is_left_in_peace(person, cause.author, settings, self.voice.school.suspended)

    async def show_menu(
        self,
        db: Transaction,
        menu: StoredMenu,
        cause: Cause,
        priority: Priority = Priority.ANSWER,
        *,
        waits: bool = False,
    ) -> None:
        """Put the page that a menu is turned to before its person."""
        hours = hours_of(self.voice.school, await Readers(db).settings(menu.person)) if waits else None
        not_before, wished_at = times(None, hours, cause.now)
        row = OutboxRow(
            **await _in_private(db, menu.person, cause),
            ref=menu.poll,
            priority=priority,
            action="send",
            type=menus.POLL_START,
            content=menus.poll_content(menu, self.voice.label(says("menu-more"), menu.language)),
            not_before_at=not_before,
            wished_at=wished_at,
            plugin=menu.plugin,
            kind="menu",
            item=menu.item,
            author=cause.author,
            created_at=cause.now,
        )
        await outbox.add_row(db, row)
        for key in menus.taps_of(menu):
            await outbox.add_row(db, offer(row, key))

    async def _edit(self, db: Transaction, edit: Edit, cause: Cause) -> None:
        base = await outbox.get_row(db, edit.of)
        if base is None or base.state == "dropped" or _tells_suspended(base, cause, self.voice.school):
            return
        changeable = await _changeable_form(db, base)
        if base.state == "bundled":
            await outbox.mark_content(db, base.ref, await self._edited(db, replace(edit, ref=base.ref), base))
            await Bundles(self.voice, db, cause).renew(base.bundle)
        elif changeable is None:
            content = await self._edited(db, edit, base)
            await outbox.add_row(db, _dependant(base, edit.ref, "edit", content, edit.message.kind, cause))
        else:
            # nobody has seen this text yet: it simply becomes the new one
            content = await self._edited(db, replace(edit, ref=changeable.ref), base)
            _keep_relation(content, changeable.content)
            await outbox.mark_content(db, changeable.ref, content)

    async def _edited(self, db: Transaction, edit: Edit, base: Row) -> dict[str, Any]:
        room = await rooms.get_room(db, base.room_id) if base.room_id else None
        readers = Readers(db)
        languages = await self.voice.languages(readers, edit.message, room, base.recipient)
        zone = self.voice.zone_in(await readers.settings_at(room, base.recipient))
        return self.voice.content(edit, languages, item=base.item, zone=zone)

    async def _poll(self, db: Transaction, effect: EndPoll | GatherVotes, cause: Cause) -> None:
        base = await outbox.get_row(db, effect.of)
        if isinstance(effect, GatherVotes):
            task = {"plugin": cause.plugin, "name": effect.name, "item": effect.item}
            await tasks.add_task(db, "gather-votes", effect.of, task, cause.now)
        elif base is not None and base.state != "dropped":
            room = await rooms.get_room(db, base.room_id) if base.room_id else None
            languages = await self.voice.languages(Readers(db), effect.message, room, base.recipient)
            content = self.voice.end_of_poll(effect, languages, item=base.item)
            row = _dependant(base, effect.ref, "end-poll", content, effect.message.kind, cause)
            await outbox.add_row(db, replace(row, type=polls.END))

    async def _redact(self, db: Transaction, redact: Redact, cause: Cause) -> None:
        if redact.of is None:
            await self._refer(db, redact, "redact", {}, cause)
            return
        base = await outbox.get_row(db, redact.of)
        if base is not None and redact.forget:
            await outbox.mark_content(db, base.ref, _shell(base.content))
        if base is not None and base.state != "dropped":
            await self._take_away(db, base, redact, cause)

    async def _take_away(self, db: Transaction, base: Row, redact: Redact, cause: Cause) -> None:
        for dependant in await outbox.list_dependants(db, base.ref):
            if dependant.state in _CHANGEABLE and dependant.action != "send":
                await outbox.mark_dropped(db, dependant.ref, "redacted")
        if base.state in (*_CHANGEABLE, "bundled"):
            await outbox.mark_dropped(db, base.ref, "redacted")
        if base.state == "bundled":
            await Bundles(self.voice, db, cause).renew(base.bundle)
        elif base.state not in _CHANGEABLE:
            await outbox.add_row(db, _dependant(base, redact.ref, "redact", {}, "redaction", cause))

    async def _refer(
        self,
        db: Transaction,
        effect: React | Pin | Unpin | Redact,
        action: str,
        content: dict[str, Any],
        cause: Cause,
    ) -> None:
        if effect.of is not None:
            base = await outbox.get_row(db, effect.of)
            if base is not None and base.state != "dropped":
                content = reaction(content["key"], base.content) if action == "react" else content
                await outbox.add_row(db, _dependant(base, effect.ref, action, content, action, cause))
        elif isinstance(effect, React | Redact):
            if action == "react":
                content = {**content, "lang": await self._spoken_in(db, effect.room)}
            row = OutboxRow(
                ref=effect.ref,
                room_id=effect.room,
                recipient=None,
                state="queued",
                priority=Priority.ROUTINE,
                action=action,
                content=content,
                target=effect.event,
                plugin=cause.plugin,
                kind=action,
                author=cause.author,
                created_at=cause.now,
            )
            await outbox.add_row(db, row)

    async def _spoken_in(self, db: Transaction, room_id: str | None) -> str:
        room = await rooms.get_room(db, room_id) if room_id else None
        return (await self.voice.languages(Readers(db), Message("", ()), room, None))[0]


def _tells_suspended(base: Row, cause: Cause, school: School) -> bool:
    """What somebody suspended has been sent before tells them nothing new."""
    return base.recipient in school.suspended and base.recipient != cause.author


def _shell(content: dict[str, Any]) -> dict[str, Any]:
    """What still tells that the row is ours, if its call is under way, and nothing that it says."""
    return {"msgtype": "m.notice", "body": "…", "m.mentions": {}, "org.coedu": content.get("org.coedu", {})}


async def _want(db: Transaction, effect: CatchUp | Scrub, cause: Cause) -> None:
    """Keep a task, once."""
    if isinstance(effect, CatchUp):
        to = cause.now.isoformat()
        payload = {"plugin": cause.plugin, "name": effect.name, "item": effect.item, "to": to}
        await tasks.add_task(db, "catch-up", effect.item, payload, cause.now)
    elif not await tasks.has_task(db, "scrub", "database"):
        await tasks.add_task(db, "scrub", "database", {}, cause.now)


async def _in_private(db: Transaction, person: UserId, cause: Cause) -> dict[str, Any]:
    open_room = await directs.wanted(db, person, cause.now)
    return {"room_id": open_room, "recipient": person, "state": "queued" if open_room else "held"}


async def _changeable_form(db: Transaction, base: Row) -> Row | None:
    """The row that still can change: the message itself, or an edit of it that waits."""
    if base.state in _CHANGEABLE:
        return base
    waiting = [
        row
        for row in await outbox.list_dependants(db, base.ref)
        if row.action == "edit" and row.state in _CHANGEABLE
    ]
    return waiting[-1] if waiting else None


def _keep_relation(content: dict[str, Any], before: dict[str, Any]) -> None:
    if "m.relates_to" in before:
        content["m.relates_to"] = before["m.relates_to"]


def _dependant(
    base: Row, ref: str, action: str, content: dict[str, Any], kind: str, cause: Cause
) -> OutboxRow:
    return OutboxRow(
        ref=ref,
        room_id=base.room_id,
        recipient=base.recipient,
        state="held" if base.state == "held" else "queued",
        priority=base.priority,
        action=action,
        content=content,
        target_ref=base.ref,
        plugin=cause.plugin,
        kind=kind,
        item=base.item,
        author=cause.author,
        created_at=cause.now,
    )
