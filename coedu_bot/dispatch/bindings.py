"""Which Matrix room is which room of the YAML: by id, by alias, and for ever once it is known."""

from __future__ import annotations

from datetime import datetime

from coedu_bot.delivery import tasks
from coedu_bot.events import RoomId
from coedu_bot.school.school import School, SchoolRoom
from coedu_bot.store import rooms
from coedu_bot.store.database import Transaction


async def want_bindings(db: Transaction, school: School, now: datetime) -> None:
    """After a start: have every room of the YAML looked up that is not known yet, or is another one now."""
    for named in school.rooms.values():
        if not (named.room_id or named.alias) or await _is_bound(db, named):
            continue
        if not await tasks.has_task(db, "bind-room", named.binding):
            await tasks.add_task(db, "bind-room", named.binding, {}, now)


async def bind(db: Transaction, binding: str, room_id: RoomId, now: datetime) -> None:
    """This room is `6B/class` (say) from now on; whichever was before no longer is."""
    before = await rooms.get_bound_room(db, binding)
    if before is not None and before.id != room_id:
        await rooms.mark_room(db, before.id, now, binding=None)
    await rooms.mark_room(db, room_id, now, binding=binding)


async def _is_bound(db: Transaction, named: SchoolRoom) -> bool:
    room = await rooms.get_bound_room(db, named.binding)
    if room is None:
        return False
    # an upgraded room keeps its place though the YAML still has the old id
    return named.room_id in (None, room.id) or await rooms.is_successor(db, str(named.room_id), room.id)
