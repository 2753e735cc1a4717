"""What the state events of a room tell the platform: names, members, power, encryption, upgrades."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table

from coedu_bot.delivery import directs
from coedu_bot.events import Content, RoomId, StateEvent, UserId
from coedu_bot.store import mover, people, rooms
from coedu_bot.store.database import Transaction


async def learn(db: Transaction, room_id: RoomId, state: Sequence[StateEvent], now: datetime) -> None:
    """Take a room's whole state; what was known of its members is replaced."""
    await rooms.add_room(db, room_id, now)
    await rooms.mark_room(db, room_id, now, membership="join", members_known=True)
    for event in state:
        if event.type != "m.room.member":
            await apply(db, room_id, event, now)
    members = [_member(event) for event in state if event.type == "m.room.member"]
    await rooms.mark_members(db, room_id, members)


async def apply(db: Transaction, room_id: RoomId, event: StateEvent, now: datetime) -> None:
    """Take one state event of a known room; anything malformed counts as empty."""
    if event.type == "m.room.member":
        await _apply_member(db, room_id, event, now)
    elif changes := _changes(event):
        await rooms.mark_room(db, room_id, now, **changes)


def _changes(event: StateEvent) -> dict[str, Any]:
    content = event.content
    match event.type:
        case "m.room.name":
            return {"name": _text(content, "name")}
        case "m.room.canonical_alias":
            return {"alias": _text(content, "alias")}
        case "m.room.power_levels":
            return {"power_levels": dict(content)}
        case "m.room.encryption":
            return {"encrypted": True}  # never taken back: a room once encrypted stays so
        case "m.room.pinned_events":
            pinned = content.get("pinned")
            return {"pinned": [p for p in pinned if isinstance(p, str)] if isinstance(pinned, list) else []}
        case "m.room.create":
            return {
                "version": _text(content, "room_version") or "1",
                "creators": _creators(event),
                "space": content.get("type") == "m.space",
            }
    return {}


def _creators(event: StateEvent) -> list[UserId]:
    more = event.content.get("additional_creators")
    named = [user for user in more if isinstance(user, str)] if isinstance(more, list) else []
    return [user for user in (event.sender, *named) if user]


def _text(content: Content, key: str) -> str:
    value = content.get(key)
    return value[:500] if isinstance(value, str) else ""


def _member(event: StateEvent) -> tuple[UserId, str, str]:
    return event.state_key, _text(event.content, "membership") or "leave", _text(event.content, "displayname")


async def _apply_member(db: Transaction, room_id: RoomId, event: StateEvent, now: datetime) -> None:
    user, membership, name = _member(event)
    await rooms.mark_member(db, room_id, user, membership, name)
    direct = await people.get_direct_by_room(db, room_id)
    if direct is None or direct.user_id != user:
        return
    if membership == "join" and direct.state != "joined":
        await directs.opened(db, user, room_id, now)
    elif membership in ("leave", "ban") and direct.state == "joined":
        await directs.closed(db, user, now)


async def open_joined_direct(db: Transaction, room_id: RoomId, now: datetime) -> None:
    """After reading a direct room anew: its person may be in it already."""
    direct = await people.get_direct_by_room(db, room_id)
    if direct is not None and direct.state != "joined" and await rooms.is_member(db, room_id, direct.user_id):
        await directs.opened(db, direct.user_id, room_id, now)


async def leave(db: Transaction, room_id: RoomId, now: datetime) -> None:
    """The bot is out of a room: it learns it anew if it comes back."""
    await rooms.mark_room(db, room_id, now, membership="leave", members_known=False)
    direct = await people.get_direct_by_room(db, room_id)
    if direct is not None:
        await people.mark_direct(db, direct.user_id, room=None, state="left", now=now)


async def move(db: Transaction, tables: Sequence[Table], old: RoomId, new: RoomId, now: datetime) -> None:
    """An upgraded room: settings, open items, timers and what is unsent go on in the new one."""
    before = await rooms.get_room(db, old)
    if before is None or before.moved_to is not None or old == new:
        return
    inherited = {"languages": list(before.languages), "settings": before.settings}
    await rooms.mark_room(db, new, now, moved_from=old, binding=before.binding, **inherited)
    await rooms.mark_room(db, old, now, moved_to=new, binding=None)
    await mover.move_everything(db, tables, old, new)
