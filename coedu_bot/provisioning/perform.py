"""Doing a plan's steps, each written so that doing it twice does no harm; a limit is waited for."""

from __future__ import annotations

import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from coedu_bot.clock import Clock
from coedu_bot.dispatch import bindings, room_state
from coedu_bot.events import RoomId, StateEvent
from coedu_bot.homeserver import Homeserver, NewRoom, Refused
from coedu_bot.provisioning.patience import patiently
from coedu_bot.provisioning.plan import PICTURE_DIGEST, resolved, resolved_state
from coedu_bot.provisioning.powers import APPLIED
from coedu_bot.provisioning.steps import (
    Bind,
    Create,
    Invite,
    Join,
    Remove,
    SetAlias,
    SetPicture,
    SetState,
    Step,
)
from coedu_bot.provisioning.survey import task_of
from coedu_bot.provisioning.wanted import reference
from coedu_bot.store import rooms
from coedu_bot.store.database import Database

T = TypeVar("T")


@dataclass(slots=True)
class Performer:
    """Does steps on the homeserver and keeps in the database what they changed."""

    homeserver: Homeserver
    database: Database
    clock: Clock
    folder: Path
    ids: dict[str, RoomId] = field(default_factory=dict)  # by reference

    async def perform(self, step: Step) -> None:
        """Do one step; raises HomeserverError if it cannot be done."""
        match step:
            case Create():
                await self._create(step)
            case Join(room=room):
                self._know(step.binding, await self._patiently(lambda: self.homeserver.join(room)))
                await self._remember(step.binding)
            case Bind():
                self._know(step.binding, step.room)
                await self._remember(step.binding)
            case SetState():
                await self._set_state(step.binding, step.type, step.key, step.content)
            case SetAlias(alias=alias):
                room = self._room(step.binding)
                await self._patiently(lambda: self.homeserver.set_alias(alias, room))
            case SetPicture():
                await self._set_picture(step)
            case Invite() | Remove():
                await self._people(step)

    async def _create(self, step: Create) -> None:
        wanted = step.room
        state = [
            StateEvent(type_, key, content)
            for (type_, key), content in resolved_state(wanted, self.ids).items()
            if type_ not in ("m.room.name", "m.room.topic", "m.room.canonical_alias", "m.room.encryption")
        ]
        new = NewRoom(
            task=task_of(step.binding),
            name=wanted.name,
            topic=wanted.topic,
            alias=wanted.alias or "",
            version=wanted.version,
            space=wanted.space,
            encrypted=wanted.encrypted,
            power_levels=step.levels,
            state=[*state, StateEvent(APPLIED, "", {"powers": dict(wanted.powers)})],
        )
        # no second try after an answer that was lost: the next run finds the room by its mark
        room = await patiently(self.clock, lambda: self.homeserver.create_room(new), again=False)
        self._know(step.binding, room)
        await self._remember(step.binding)

    def _know(self, binding: str, room: RoomId) -> None:
        self.ids[reference(binding)] = room

    def _room(self, binding: str) -> RoomId:
        if reference(binding) not in self.ids:
            raise Refused("M_NOT_FOUND", f"{binding} is not there")
        return self.ids[reference(binding)]

    async def _remember(self, binding: str) -> None:
        """Keep the room's whole state, and that it is this one."""
        room = self._room(binding)
        state = await self._patiently(lambda: self.homeserver.get_state(room))
        now = self.clock.now()
        async with self.database.transaction() as db:
            await room_state.learn(db, room, state, now)
            await bindings.bind(db, binding, room, now)

    async def _set_state(self, binding: str, type_: str, key: str, content: Mapping[str, Any]) -> None:
        room = self._room(binding)
        key = self.ids.get(key, key)
        if "\u0000" in key:
            raise Refused("M_NOT_FOUND", "a room it speaks of is not there")
        full = resolved(content, self.ids)
        await self._patiently(lambda: self.homeserver.set_state(room, type_, key, full))
        async with self.database.transaction() as db:  # our own events are not in our sync
            await room_state.apply(db, room, StateEvent(type_, key, full), self.clock.now())

    async def _set_picture(self, step: SetPicture) -> None:
        path = self.folder / step.file
        mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        data = path.read_bytes()
        file = await self._patiently(
            lambda: self.homeserver.upload(data, mime=mime, name=path.name, encrypt=False)
        )
        content = {"url": file.url, PICTURE_DIGEST: step.digest}
        await self._set_state(step.binding, "m.room.avatar", "", content)

    async def _people(self, step: Invite | Remove) -> None:
        room = self._room(step.binding)
        if isinstance(step, Invite):
            await self._patiently(lambda: self.homeserver.invite(room, step.user))
            membership = "invite"
        else:
            await self._patiently(lambda: self.homeserver.kick(room, step.user))
            membership = "leave"
        async with self.database.transaction() as db:
            await rooms.mark_member(db, room, step.user, membership, "")

    async def _patiently(self, call: Callable[[], Awaitable[T]]) -> T:
        return await patiently(self.clock, call)
