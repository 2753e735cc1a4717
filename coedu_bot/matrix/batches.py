"""From the JSON of one sync to a `SyncBatch`: gaps filled, events decrypted, late keys used."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from coedu_bot.events import (
    Content,
    Invitation,
    JoinedRoom,
    RoomEvent,
    RoomId,
    StateChanged,
    SyncBatch,
    Undecryptable,
    UserId,
    VerificationAsked,
)
from coedu_bot.homeserver import Refused
from coedu_bot.log import logger
from coedu_bot.matrix.convert import Converter
from coedu_bot.matrix.encryption import Encryption
from coedu_bot.matrix.http import Http, path_of
from coedu_bot.matrix.json_values import Raw, items, mapping_or_empty
from coedu_bot.matrix.verification import Verifications

log = logger(__name__)

Waiting: TypeAlias = Callable[[Sequence[str]], Awaitable[list[tuple[RoomId, Content]]]]
"""Undecrypted events, as they came, that wait for one of these sessions."""

_PAGE = "100"
_SESSIONS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class BatchReader:
    """Reads syncs for one account; reading the same twice gives the same."""

    user_id: UserId
    http: Http
    converter: Converter
    encryption: Encryption
    verifications: Verifications

    def starting_point(self, answer: Raw) -> SyncBatch:
        """The first sync of an account: where it is and is asked to be, nothing of what was said before."""
        rooms = mapping_or_empty(answer.get("rooms"))
        joined = tuple(JoinedRoom(room) for room in _rooms(rooms, "join"))
        return SyncBatch(str(answer["next_batch"]), joined=joined, invited=self._invited(rooms))

    async def read(self, answer: Raw, since: str, sessions: Sequence[str], waiting: Waiting) -> SyncBatch:
        """A later sync; `sessions` are those whose keys have just come."""
        rooms = mapping_or_empty(answer.get("rooms"))
        left = tuple(_rooms(rooms, "leave"))
        for room in left:
            self.encryption.left(room)
        joined = [await self._joined(room, raw, since) for room, raw in _rooms(rooms, "join").items()]
        return SyncBatch(
            next_token=str(answer["next_batch"]),
            joined=tuple(room for room in joined if room.state or room.events),
            invited=self._invited(rooms),
            left=left,
            late=tuple(await self._late(sessions, waiting)),
            withheld=self.encryption.withheld(answer),
        )

    def _invited(self, rooms: Raw) -> tuple[Invitation, ...]:
        invited = _rooms(rooms, "invite").items()
        found = [self.converter.invitation(raw, room, self.user_id) for room, raw in invited]
        return tuple(invitation for invitation in found if invitation is not None)

    async def _joined(self, room: RoomId, raw: Raw, since: str) -> JoinedRoom:
        raw_state = items(mapping_or_empty(raw.get("state")).get("events"))
        state = [event for one in raw_state if (event := self.converter.state(one)) is not None]
        for event in state:
            self.encryption.observe(room, event)
        timeline = mapping_or_empty(raw.get("timeline"))
        raw_events = items(timeline.get("events"))
        before = timeline.get("prev_batch")
        if timeline.get("limited") is True and isinstance(before, str):
            events = await self._filled(room, before, since, raw_events)
            self.encryption.missed_some(room)  # pages came newest first: members are asked for anew
            return JoinedRoom(room, tuple(state), events)
        return JoinedRoom(room, tuple(state), self._events(room, raw_events))

    async def _filled(
        self, room: RoomId, before: str, since: str, newest: list[Any]
    ) -> tuple[RoomEvent, ...]:
        """The events of a timeline and of the gap before it, oldest first.

        Each page is converted at once: a long gap must not be kept in memory as JSON.
        """
        pages = [self._events(room, newest)]
        token: str | None = before
        while token is not None:
            chunk, token = await self._page(room, token, since)
            pages.append(self._events(room, reversed(chunk)))
        events = {event.event_id: event for page in reversed(pages) for event in page}
        return tuple(events.values())

    async def _page(self, room: RoomId, start: str, since: str) -> tuple[list[Any], str | None]:
        """What came before `start`, newest first, and where to go on."""
        chosen = json.dumps({"lazy_load_members": True, "not_senders": [self.user_id]})
        params = {"dir": "b", "from": start, "to": since, "limit": _PAGE, "filter": chosen}
        try:
            page = await self.http.call("GET", path_of("v3", "rooms", room, "messages"), params=params)
        except Refused as refusal:  # put out of the room meanwhile: what we may not see is not for us
            log.warning("gap-not-filled", room=room, code=refusal.code)
            return [], None
        end = page.get("end")
        return items(page.get("chunk")), end if isinstance(end, str) and end != start else None

    def _events(self, room: RoomId, raw_events: Iterable[Any]) -> tuple[RoomEvent, ...]:
        """The events as ours, none of our own, none from before we joined."""
        found = [self._event(raw, room) for raw in raw_events if _seen_as_member(raw)]
        return tuple(event for event in found if event is not None and event.sender != self.user_id)

    def _event(self, raw: Any, room: RoomId) -> RoomEvent | None:
        event = self.converter.event(raw, room)
        if isinstance(event, StateChanged):
            self.encryption.observe(room, event)
        if isinstance(event, Undecryptable):
            clear = self.encryption.decrypted(raw, room)
            return event if clear is None else self._clear(clear, room, self.converter.event(clear, room))
        return self._clear(mapping_or_empty(raw), room, event)

    def _clear(self, raw: Raw, room: RoomId, event: RoomEvent | None) -> RoomEvent | None:
        """The event, unless it is a request for verification that is taken up, or not for us."""
        taken = self.verifications.takes(event.sender) if event is not None else False
        self.verifications.hear_room(raw, room)
        if isinstance(event, VerificationAsked) and (taken or event.of != self.user_id):
            return None
        return event

    async def _late(self, sessions: Sequence[str], waiting: Waiting) -> list[RoomEvent]:
        """Events of earlier batches whose keys came with this one, by their own time."""
        late = []
        for first in range(0, len(sessions), _SESSIONS_AT_ONCE):
            for room, raw in await waiting(sessions[first : first + _SESSIONS_AT_ONCE]):
                event = self._event(raw, room)
                if event is not None and not isinstance(event, Undecryptable):
                    late.append(event)
        return sorted(late, key=lambda event: event.sent_at)


def _seen_as_member(raw: Any) -> bool:
    """Whether we were in the room when it was sent; servers that do not say are believed to mean yes."""
    return mapping_or_empty(mapping_or_empty(raw).get("unsigned")).get("membership") in (None, "join")


def _rooms(rooms: Raw, kind: str) -> dict[RoomId, Raw]:
    found = mapping_or_empty(rooms.get(kind))
    return {room: mapping_or_empty(raw) for room, raw in found.items() if room.startswith("!")}
