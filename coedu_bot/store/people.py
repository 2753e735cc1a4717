"""What people chose for themselves by chat, and where the bot talks to them privately."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from coedu_bot.events import RoomId, UserId
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import direct_room, person_setting
from coedu_bot.store.types import upsert

_SETTING = select(person_setting.c.value).where(
    person_setting.c.user_id == bindparam("user"), person_setting.c.name == bindparam("name")
)
_SETTINGS = select(person_setting).where(person_setting.c.user_id.in_(bindparam("users", expanding=True)))
_REMOVE = delete(person_setting).where(
    person_setting.c.user_id == bindparam("user"), person_setting.c.name == bindparam("name")
)
_SET = upsert(person_setting, key=["user_id", "name"], update=["value"])
_DIRECT = select(direct_room).where(direct_room.c.user_id == bindparam("user"))
_DIRECTS = select(direct_room).where(direct_room.c.user_id.in_(bindparam("users", expanding=True)))
_DIRECT_BY_ROOM = select(direct_room).where(direct_room.c.room_id == bindparam("room"))
_ALL_DIRECT = select(direct_room.c.user_id, direct_room.c.room_id).where(
    direct_room.c.room_id.is_not(None), direct_room.c.state != "left"
)
_SET_DIRECT = upsert(direct_room, key=["user_id"], update=["room_id", "state", "updated_at"])
_MARK_DIRECT = (
    update(direct_room)
    .where(direct_room.c.user_id == bindparam("user"))
    .values(state=bindparam("new_state"), updated_at=bindparam("now"))
)


async def get_setting(db: Transaction, user: UserId, name: str) -> Any:
    """A person's own setting, or None."""
    row = await db.one(_SETTING, user=user, name=name)
    return row.value if row else None


async def mark_setting(db: Transaction, user: UserId, name: str, value: Any) -> None:
    await db.run(_SET, user_id=user, name=name, value=value)


async def list_settings(db: Transaction, users: Iterable[UserId]) -> dict[UserId, dict[str, Any]]:
    """All settings of these people, in one query."""
    found: dict[UserId, dict[str, Any]] = {user: {} for user in users}
    for row in await db.all(_SETTINGS, users=list(found)) if found else ():
        found[row.user_id][row.name] = row.value
    return found


async def remove_setting(db: Transaction, user: UserId, name: str) -> None:
    """What the school or the YAML says counts again."""
    await db.run(_REMOVE, user=user, name=name)


async def list_directs(db: Transaction, users: Iterable[UserId]) -> dict[UserId, Row]:
    """The rows of the direct rooms with these people, in one query."""
    wanted = list(users)
    rows = await db.all(_DIRECTS, users=wanted) if wanted else ()
    return {row.user_id: row for row in rows}


async def get_direct(db: Transaction, user: UserId) -> Row | None:
    """The row (`room_id`, `state`) of the direct room with a person."""
    return await db.one(_DIRECT, user=user)


async def get_direct_by_room(db: Transaction, room: RoomId) -> Row | None:
    return await db.one(_DIRECT_BY_ROOM, room=room)


async def list_direct_rooms(db: Transaction) -> dict[UserId, list[RoomId]]:
    """In the shape of `m.direct`."""
    return {row.user_id: [row.room_id] for row in await db.all(_ALL_DIRECT)}


async def mark_direct(
    db: Transaction, user: UserId, *, room: RoomId | None, state: str, now: datetime
) -> None:
    await db.run(_SET_DIRECT, user_id=user, room_id=room, state=state, updated_at=now)


async def mark_direct_state(db: Transaction, user: UserId, state: str, now: datetime) -> None:
    await db.run(_MARK_DIRECT, user=user, new_state=state, now=now)
