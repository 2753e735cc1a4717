"""A homeserver in memory that works: rooms, members, state, transaction ids; and fails when told to."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from coedu_bot.clock import Clock
from coedu_bot.events import Content, EventId, MediaFile, PollAnswered, RoomEvent, RoomId, StateEvent, UserId
from coedu_bot.homeserver import HomeserverError, NewRoom, Refused
from coedu_bot.matrix.convert import Converter

POLL_RESPONSE = "org.matrix.msc3381.poll.response"


@dataclass(slots=True)
class SentEvent:
    """One event of a room's timeline; redacted ones lose their content."""

    event_id: EventId
    sender: UserId
    type: str
    content: Content
    sent_at: datetime
    redacted: bool = False


@dataclass(slots=True)
class MemoryRoom:
    """A room: its state by type and key, its timeline in order."""

    id: RoomId
    state: dict[tuple[str, str], StateEvent] = field(default_factory=dict)
    timeline: list[SentEvent] = field(default_factory=list)

    def members(self, membership: str = "join") -> list[UserId]:
        """Who is in the room (or invited to it)."""
        return [
            key
            for (type_, key), event in self.state.items()
            if type_ == "m.room.member" and event.content.get("membership") == membership
        ]

    def event(self, id_: EventId) -> SentEvent:
        return next(event for event in self.timeline if event.event_id == id_)


@dataclass(slots=True)
class MemoryHomeserver:
    """Implements `Homeserver` for one bot; `failures` are raised, one a call, by the calls that change."""

    user_id: UserId
    clock: Clock
    rooms: dict[RoomId, MemoryRoom] = field(default_factory=dict)
    failures: deque[Exception] = field(default_factory=deque)
    account_data: dict[str, Content] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    aliases: dict[str, RoomId] = field(default_factory=dict)
    invitations: deque[tuple[RoomId, UserId]] = field(default_factory=deque)
    behind: bool = False  # True: what was sent meanwhile has not been heard yet
    _transactions: dict[tuple[RoomId, str], EventId] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1))

    def add_room(self, id_: RoomId = "") -> MemoryRoom:
        """A room without anybody in it."""
        room = MemoryRoom(id_ or f"!room{next(self._numbers)}:test")
        self.rooms[room.id] = room
        return room

    def put_state(self, room: RoomId, event: StateEvent) -> None:
        self.rooms[room].state[event.type, event.state_key] = event

    def add_event(
        self, room: RoomId, sender: UserId, type_: str, content: Content, at: datetime | None = None
    ) -> SentEvent:
        """Somebody sends an event, now or (heard of only now) at an earlier moment."""
        event = SentEvent(f"$event{next(self._numbers)}", sender, type_, content, at or self.clock.now())
        self.rooms[room].timeline.append(event)
        return event

    async def send(self, room: RoomId, type_: str, content: Content, transaction_id: str) -> EventId:
        self._check(room)
        key = (room, transaction_id)
        if key not in self._transactions:
            self._transactions[key] = self.add_event(room, self.user_id, type_, dict(content)).event_id
        return self._transactions[key]

    async def redact(self, room: RoomId, event: EventId, transaction_id: str) -> EventId:
        self._check(room)
        target = self.rooms[room].event(event)
        target.redacted, target.content = True, {}
        return f"$redaction-{transaction_id}"

    async def set_state(self, room: RoomId, type_: str, state_key: str, content: Content) -> EventId:
        self._check(room)
        self.put_state(room, StateEvent(type_, state_key, content, self.user_id))
        return f"$state{next(self._numbers)}"

    async def get_state(self, room: RoomId) -> list[StateEvent]:
        self._check(room)
        return list(self.rooms[room].state.values())

    async def find_sent(self, room: RoomId, ref: str, *, limit: int = 500) -> EventId | None:
        for event in reversed(self.rooms[room].timeline[-limit:]):
            if event.content.get("org.coedu", {}).get("ref") == ref:
                return event.event_id
        return None

    async def list_related(self, room: RoomId, event: EventId) -> list[RoomEvent]:
        self._check(room)
        converter = Converter()
        found = (converter.event(_raw(one), room) for one in self.rooms[room].timeline if not one.redacted)
        return [one for one in found if isinstance(one, PollAnswered) and one.target == event]

    async def catch_up(self, to: datetime) -> None:
        """Whatever somebody does here has been handled when it returns; not while its sync is behind."""
        if self.behind:
            raise HomeserverError

    async def create_room(self, room: NewRoom) -> RoomId:
        self._fail()
        made = self.add_room()
        create = {"room_version": room.version or "12", "org.coedu.task": room.task}
        create |= {"type": "m.space"} if room.space else {}
        self.put_state(made.id, StateEvent("m.room.create", "", create, self.user_id))
        self._set_member(made.id, self.user_id, "join")
        if room.encrypted:
            self.put_state(
                made.id, StateEvent("m.room.encryption", "", {"algorithm": "m.megolm.v1.aes-sha2"})
            )
        for event in _initial_state(room):
            self.put_state(made.id, StateEvent(event.type, event.state_key, event.content, self.user_id))
        if room.alias:
            self.aliases[room.alias] = made.id
        for user in room.invite:
            await self.invite(made.id, user)
        return made.id

    async def joined_rooms(self) -> list[RoomId]:
        return [room.id for room in self.rooms.values() if self.user_id in room.members()]

    async def join(self, room: RoomId, via: Sequence[str] = ()) -> RoomId:
        self._fail()
        named = self.aliases.get(room, room)
        if named not in self.rooms:
            raise Refused("M_NOT_FOUND", "no such room")
        self._set_member(named, self.user_id, "join")
        return named

    async def leave(self, room: RoomId) -> None:
        self._fail()
        self._set_member(room, self.user_id, "leave")

    async def invite(self, room: RoomId, user: UserId) -> None:
        self._check(room)
        self._set_member(room, user, "invite", self.user_id)
        self.invitations.append((room, user))

    async def kick(self, room: RoomId, user: UserId) -> None:
        self._check(room)
        self._set_member(room, user, "leave", self.user_id)

    async def resolve_alias(self, alias: str) -> RoomId | None:
        return self.aliases.get(alias)

    async def set_alias(self, alias: str, room: RoomId) -> None:
        self._check(room)
        if self.aliases.setdefault(alias, room) != room:
            raise Refused("M_UNKNOWN", "the alias is in use")

    async def get_account_data(self, type_: str) -> Content:
        return dict(self.account_data.get(type_, {}))

    async def set_account_data(self, type_: str, content: Content) -> None:
        self.account_data[type_] = content

    async def upload(self, data: bytes, *, mime: str, name: str, encrypt: bool) -> MediaFile:
        self._fail()
        url = f"mxc://test/{next(self._numbers)}"
        self.files[url] = data
        return MediaFile(url, name, mime, len(data), "m.image" if mime.startswith("image/") else "m.file")

    async def download(self, file: MediaFile, at_most: int) -> bytes:
        data = self.files[file.url]
        if len(data) > at_most:
            raise Refused("M_TOO_LARGE")
        return data

    async def get_json(self, path: str) -> dict[str, Any]:
        raise Refused("M_UNRECOGNIZED", path)

    def _set_member(self, room: RoomId, user: UserId, membership: str, by: UserId = "") -> None:
        event = StateEvent("m.room.member", user, {"membership": membership}, by or user)
        self.put_state(room, event)

    def _check(self, room: RoomId) -> None:
        self._fail()
        if room not in self.rooms or self.user_id not in self.rooms[room].members():
            raise Refused("M_FORBIDDEN", "not in room")

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.popleft()


def _raw(event: SentEvent) -> dict[str, Any]:
    """The event as a real homeserver would tell it."""
    at = int(event.sent_at.timestamp() * 1000)
    common = {"event_id": event.event_id, "sender": event.sender, "origin_server_ts": at}
    return {**common, "type": event.type, "content": event.content}


def _initial_state(room: NewRoom) -> list[StateEvent]:
    named = [
        StateEvent("m.room.name", "", {"name": room.name}),
        StateEvent("m.room.topic", "", {"topic": room.topic}),
        StateEvent("m.room.canonical_alias", "", {"alias": room.alias}),
        StateEvent("m.room.power_levels", "", room.power_levels or {}),
    ]
    return [*room.state, *(event for event in named if any(event.content.values()))]
