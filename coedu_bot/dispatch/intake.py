"""One answer of /sync after the other: rooms, invitations, events; the token only when all is committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from coedu_bot.clock import Clock
from coedu_bot.delivery import directs, tasks
from coedu_bot.dispatch import room_state
from coedu_bot.dispatch.dispatcher import Dispatcher
from coedu_bot.dispatch.invitations import InvitationRule
from coedu_bot.effects import Post, Wake
from coedu_bot.events import (
    Content,
    Invitation,
    JoinedRoom,
    KeyWithheld,
    RoomEvent,
    RoomId,
    StateChanged,
    StateEvent,
    SyncBatch,
    UserId,
)
from coedu_bot.message import Message, says
from coedu_bot.plugin import JOINED
from coedu_bot.store import intake, rooms, withheld
from coedu_bot.store.database import Database, Transaction
from coedu_bot.timers import store as timers


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes batches in; every step may be done again after a kill, none has its effect twice."""

    dispatcher: Dispatcher
    database: Database
    clock: Clock
    rule: InvitationRule
    tables: Sequence[Table]

    async def take(self, batch: SyncBatch) -> None:
        """Handle a batch, then keep its token; raises DatabaseUnavailable to have it again."""
        for room in batch.left:
            await self._left(room)
        for joined in batch.joined:
            await self._room(joined)
        for invitation in batch.invited:  # who came into a room of the school meanwhile is one of it
            await self._invited(invitation)
        await self._withheld(batch.withheld)
        for event in batch.late:
            await self._late(event)
        async with self.database.transaction() as db:
            await intake.mark_token(db, self.dispatcher.desk.ears.user_id, batch.next_token)

    async def _withheld(self, keys: Sequence[KeyWithheld]) -> None:
        if keys:
            async with self.database.transaction() as db:
                for key in keys:
                    await withheld.mark_withheld(db, key, self.clock.now())

    async def waiting_for_keys(self, sessions: Sequence[str]) -> list[tuple[RoomId, Content]]:
        """The undecrypted events, as they came, that one of these keys may open."""
        async with self.database.reading() as db:
            rows = await intake.list_undecrypted(db, sessions)
        return [(row.event_room_id, row.source) for row in rows]

    async def token(self) -> str | None:
        """Where to go on."""
        async with self.database.reading() as db:
            return await intake.get_token(db, self.dispatcher.desk.ears.user_id)

    async def _room(self, joined: JoinedRoom) -> None:
        if joined.state or not await self._is_known(joined.room_id):
            await self._learn(joined)
        for event in joined.events:
            if isinstance(event, StateChanged):
                await self._state_changed(event)
            else:
                await self.dispatcher.handle(event)

    async def _is_known(self, room_id: RoomId) -> bool:
        async with self.database.reading() as db:
            return await rooms.is_known(db, room_id)

    async def _learn(self, joined: JoinedRoom) -> None:
        """A new room: keep what the sync says of it, read the rest (all members) soon."""
        now = self.clock.now()
        async with self.database.transaction() as db:
            await rooms.add_room(db, joined.room_id, now)
            room = await rooms.get_room(db, joined.room_id)
            await rooms.mark_room(db, joined.room_id, now, membership="join")
            known = room is not None and room.members_known
            missed = await self._missed_joins(db, joined) if known else []
            for event in joined.state:
                await room_state.apply(db, joined.room_id, event, now)
            for user in missed:
                await self._announce(db, joined.room_id, user)
            if not known:
                await self._read_whole(db, joined.room_id)

    async def _missed_joins(self, db: Transaction, joined: JoinedRoom) -> list[UserId]:
        """Who has come in by the state of a room, and by no event that we get to see."""
        shown = {event.state_key for event in joined.events if isinstance(event, StateChanged)}
        members = {event.state_key: event.content for event in joined.state if event.type == "m.room.member"}
        came = [one for one, content in members.items() if content.get("membership") == "join"]
        unseen = [one for one in came if one not in shown]
        return [one for one in unseen if not await rooms.is_member(db, joined.room_id, one)]

    async def _read_whole(self, db: Transaction, room: RoomId) -> None:
        if not await tasks.has_task(db, "learn-room", room):
            await tasks.add_task(db, "learn-room", room, {}, self.clock.now())

    async def _state_changed(self, event: StateChanged) -> None:
        now = self.clock.now()
        state = StateEvent(event.type, event.state_key, event.content, event.sender)
        async with self.database.transaction() as db:
            if not await intake.mark_handled(db, event.event_id, now):
                return
            await room_state.apply(db, event.room_id, state, now)
            if event.type == "m.room.tombstone":
                await self._follow(db, event)
            if event.type == "m.room.member":
                await self._mind_company(db, event)
                await self._announce_join(db, event)
        self.dispatcher.committed()

    async def _mind_company(self, db: Transaction, event: StateChanged) -> None:
        """A third person in a direct room: the bot goes on in a new one, and says so there."""
        room = await rooms.get_room(db, event.room_id)
        coming = event.content.get("membership") in ("invite", "join")
        if not coming or room is None or event.state_key in (room.direct, self.dispatcher.desk.ears.user_id):
            return
        now = self.clock.now()
        person = await directs.overheard(db, event.room_id, now)
        if person is not None:
            message = Message("reply", (says("direct-moved"),), rings=True)
            await self.dispatcher.desk.put(db, Post(person=person, message=message), "core", event, now)

    async def _announce_join(self, db: Transaction, event: StateChanged) -> None:
        now_in, was_in = (one.get("membership") == "join" for one in (event.content, event.before))
        if now_in and not was_in:
            await self._announce(db, event.room_id, event.state_key)

    async def _announce(self, db: Transaction, room_id: RoomId, user: UserId) -> None:
        """Plugins that greet hear of who came in."""
        desk, room = self.dispatcher.desk, await rooms.get_room(db, room_id)
        if room is None or room.direct is not None or desk.is_bot(user):
            return
        wake = Wake(name=JOINED, at=self.clock.now(), payload={"room": room.id, "person": user})
        for plugin in desk.registry.plugins.values():
            if JOINED in plugin.timers and not desk.school.does_without(plugin.name, room):
                await timers.add_timer(db, wake, plugin.name)

    async def _follow(self, db: Transaction, event: StateChanged) -> None:
        """The room was upgraded: join the new one; settings and items move once the bot is in."""
        new = event.content.get("replacement_room")
        if not isinstance(new, str) or not new.startswith("!"):
            return
        now = self.clock.now()
        await rooms.mark_room(db, event.room_id, now, replaced_by=new)
        via = [event.sender.partition(":")[2]]
        await tasks.add_task(db, "join", new, {"via": via, "old": event.room_id}, now)

    async def _late(self, event: RoomEvent) -> None:
        """Its key came: handled by its own time, and then what waited for it."""
        await self.dispatcher.handle(event)
        async with self.database.transaction() as db:
            await intake.remove_undecrypted(db, event.event_id)
        await self.dispatcher.replay(event.event_id)

    async def _left(self, room: RoomId) -> None:
        async with self.database.transaction() as db:
            if await rooms.get_room(db, room) is not None:
                await room_state.leave(db, room, self.clock.now())

    async def _invited(self, invitation: Invitation) -> None:
        now = self.clock.now()
        async with self.database.transaction() as db:
            old = await rooms.get_room_replaced_by(db, invitation.room_id)
            kind = "join" if old or await self.rule.allows(db, invitation) else "reject"
            payload: dict[str, Any] = {
                "via": [],
                "old": old.id if old else None,
                "direct": invitation.sender if invitation.direct else None,
            }
            if not await tasks.has_task(db, kind, invitation.room_id):
                await tasks.add_task(db, kind, invitation.room_id, payload, now)
