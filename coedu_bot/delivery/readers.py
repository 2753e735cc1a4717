"""Those who will read a batch of messages: their settings and direct rooms, asked for once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from coedu_bot.events import RoomId, UserId
from coedu_bot.rooms import Room
from coedu_bot.store import people
from coedu_bot.store.database import Row, Transaction


@dataclass(frozen=True, slots=True)
class Readers:
    """What one transaction knows of people, read in one query for all whom it `meet`s at once."""

    db: Transaction
    _settings: dict[UserId, Mapping[str, Any]] = field(default_factory=dict)
    _directs: dict[UserId, Row | None] = field(default_factory=dict)

    async def meet(self, users: Iterable[UserId]) -> None:
        """Read what is not known yet of these people."""
        wanted = set(users)
        if new := sorted(wanted - self._settings.keys()):
            self._settings.update(await people.list_settings(self.db, new))
        if new := sorted(wanted - self._directs.keys()):
            self._directs.update({**dict.fromkeys(new), **await people.list_directs(self.db, new)})

    async def settings(self, user: UserId) -> Mapping[str, Any]:
        """What somebody set by chat."""
        if user not in self._settings:
            self._settings.update(await people.list_settings(self.db, [user]))
        return self._settings[user]

    async def settings_at(self, room: Room | None, person: UserId | None) -> Mapping[str, Any]:
        """What was set by chat by the person, or for the room, that will read a message."""
        reader = person or (room.direct if room else None)
        if reader is not None:
            return await self.settings(reader)
        return room.settings if room else {}

    async def open_direct(self, user: UserId) -> RoomId | None:
        """The direct room that somebody is in, as it was when they were met."""
        await self.meet([user])
        direct = self._directs.get(user)
        return str(direct.room_id) if direct is not None and direct.state == "joined" else None
