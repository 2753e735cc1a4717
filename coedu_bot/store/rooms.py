"""Rooms and their members in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, delete, func, select, update

from coedu_bot.events import RoomId, UserId
from coedu_bot.rooms import Member, Room
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import direct_room, room, room_member
from coedu_bot.store.types import insert_or_ignore, upsert

_WITH_DIRECT = select(room, direct_room.c.user_id.label("direct")).outerjoin(
    direct_room, direct_room.c.room_id == room.c.id
)
_GET = _WITH_DIRECT.where(room.c.id == bindparam("id"))
_STANDING = select(room.c.membership, room.c.members_known).where(room.c.id == bindparam("id"))
_JOINED = _WITH_DIRECT.where(room.c.membership == "join").order_by(room.c.name, room.c.id)
_OF_MEMBER = (
    _WITH_DIRECT.join(room_member, room_member.c.in_room == room.c.id)
    .where(
        room_member.c.user_id == bindparam("user"),
        room_member.c.membership == "join",
        room.c.membership == "join",
        direct_room.c.user_id.is_(None),
        room.c.space.is_not(True),
    )
    .order_by(room.c.name, room.c.id)
)
_BOUND = _WITH_DIRECT.where(room.c.binding == bindparam("name"))
_ALL_BOUND = _WITH_DIRECT.where(room.c.binding.is_not(None))
_REPLACED = _WITH_DIRECT.where(room.c.replaced_by == bindparam("new"), room.c.moved_to.is_(None))
_ADD = insert_or_ignore(room)
_MEMBERS = (
    select(room_member.c.user_id, room_member.c.display_name)
    .where(room_member.c.in_room == bindparam("room"), room_member.c.membership == "join")
    .order_by(func.lower(room_member.c.display_name), room_member.c.user_id)
)
_MEMBER = select(room_member.c.membership, room_member.c.display_name).where(
    room_member.c.in_room == bindparam("room"), room_member.c.user_id == bindparam("user")
)
_NAME_ANYWHERE = select(room_member.c.display_name).where(
    room_member.c.user_id == bindparam("user"), room_member.c.display_name != ""
)
_COMPANY = select(room_member.c.user_id).where(
    room_member.c.in_room == bindparam("room"), room_member.c.membership.in_(["join", "invite"])
)
_SET_MEMBER = upsert(room_member, key=["in_room", "user_id"], update=["membership", "display_name"])
_FORGET_MEMBERS = delete(room_member).where(room_member.c.in_room == bindparam("room"))


def _room(row: Row) -> Room:
    return Room(
        id=row.id,
        name=row.name,
        alias=row.alias,
        binding=row.binding,
        membership=row.membership,
        version=row.version,
        creators=tuple(row.creators),
        power_levels=row.power_levels,
        encrypted=row.encrypted,
        pinned=tuple(row.pinned),
        members_known=row.members_known,
        moved_to=row.moved_to,
        direct=row.direct,
        languages=tuple(row.languages),
        settings=row.settings or {},
        space=bool(row.space),
    )


async def get_room(db: Transaction, room_id: RoomId) -> Room | None:
    row = await db.one(_GET, id=room_id)
    return _room(row) if row else None


async def is_known(db: Transaction, room_id: RoomId) -> bool:
    """Whether the bot is in the room and knows who else is."""
    row = await db.one(_STANDING, id=room_id)
    return row is not None and row.membership == "join" and bool(row.members_known)


async def get_bound_room(db: Transaction, binding: str) -> Room | None:
    """The room that is `6B/class` (say) of the YAML."""
    row = await db.one(_BOUND, name=binding)
    return _room(row) if row else None


async def get_room_replaced_by(db: Transaction, new: RoomId) -> Room | None:
    """The room whose tombstone names this one, while the bot is not there yet."""
    row = await db.one(_REPLACED, new=new)
    return _room(row) if row else None


async def list_joined_rooms(db: Transaction) -> list[Room]:
    return [_room(row) for row in await db.all(_JOINED)]


async def list_bound_rooms(db: Transaction) -> list[Room]:
    """The rooms that are, or were, named by the YAML."""
    return [_room(row) for row in await db.all(_ALL_BOUND)]


async def is_successor(db: Transaction, old: RoomId, new: RoomId) -> bool:
    """Whether a room became another by upgrades, however many."""
    seen: set[RoomId] = set()
    room = await get_room(db, old)
    while room is not None and room.moved_to is not None and room.id not in seen:
        if room.moved_to == new:
            return True
        seen.add(room.id)
        room = await get_room(db, room.moved_to)
    return False


async def list_rooms_of(db: Transaction, user: UserId) -> list[Room]:
    """The rooms, direct ones aside, where both the bot and this person are."""
    return [_room(row) for row in await db.all(_OF_MEMBER, user=user)]


async def add_room(db: Transaction, room_id: RoomId, now: datetime) -> None:
    """Make a room known; nothing happens if it is."""
    await db.run(
        _ADD,
        id=room_id,
        membership="join",
        name="",
        alias="",
        version="1",
        creators=[],
        power_levels={},
        encrypted=False,
        pinned=[],
        members_known=False,
        languages=[],
        updated_at=now,
    )


async def mark_room(db: Transaction, room_id: RoomId, now: datetime, **changes: Any) -> None:
    """Set columns of a room that is known."""
    values = {f"new_{name}": value for name, value in changes.items()}
    await db.run(_set(tuple(changes)), room=room_id, now=now, **values)


@cache
def _set(names: tuple[str, ...]) -> Update:
    """One statement for each set of columns: to make one costs more than to run it."""
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return update(room).where(room.c.id == bindparam("room")).values(updated_at=bindparam("now"), **new)


async def list_members(db: Transaction, room_id: RoomId) -> list[Member]:
    """Who is in the room now, by name."""
    return [Member(r.user_id, r.display_name) for r in await db.all(_MEMBERS, room=room_id)]


async def is_member(db: Transaction, room_id: RoomId, user: UserId) -> bool:
    row = await db.one(_MEMBER, room=room_id, user=user)
    return row is not None and row.membership == "join"


async def list_company(db: Transaction, room_id: RoomId) -> set[UserId]:
    """Who is in the room or invited into it."""
    return {row.user_id for row in await db.all(_COMPANY, room=room_id)}


async def is_alone(db: Transaction, one: Room, user: UserId, bot: UserId) -> bool:
    """Whether a room without a name is this person's and the bot's only."""
    if one.name or one.alias or one.binding or not one.members_known:
        return False
    return await list_company(db, one.id) == {user, bot}


async def get_display_name(db: Transaction, room_id: RoomId, user: UserId) -> str:
    """The name the person shows in this room, else anywhere, else the local part of the Matrix ID."""
    row = await db.one(_MEMBER, room=room_id, user=user)
    if row is not None and row.display_name:
        return str(row.display_name)
    elsewhere = await db.one(_NAME_ANYWHERE, user=user)
    return str(elsewhere.display_name) if elsewhere else user[1:].partition(":")[0]


async def list_display_names(db: Transaction, user: UserId) -> list[str]:
    """How somebody shows themselves, in all rooms."""
    return [str(row.display_name) for row in await db.all(_NAME_ANYWHERE, user=user)]


async def mark_member(
    db: Transaction, room_id: RoomId, user: UserId, membership: str, display_name: str
) -> None:
    await db.run(_SET_MEMBER, in_room=room_id, user_id=user, membership=membership, display_name=display_name)


async def mark_members(db: Transaction, room_id: RoomId, members: Sequence[tuple[UserId, str, str]]) -> None:
    """Replace what is known of the members by (user, membership, display name)."""
    await db.run(_FORGET_MEMBERS, room=room_id)
    rows = [{"in_room": room_id, "user_id": u, "membership": m, "display_name": n} for u, m, n in members]
    if rows:
        await db.run_many(_SET_MEMBER, rows)
