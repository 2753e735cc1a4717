"""Our own sync loop: no gaps, no token moved before its batch is handled, no storm of retries."""

from __future__ import annotations

import json
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from coedu_bot.clock import Clock
from coedu_bot.events import Invitation, JoinedRoom, RoomEvent, RoomId, StateChanged, SyncBatch, Undecryptable
from coedu_bot.homeserver import RateLimited, SessionLost, Unreachable
from coedu_bot.log import logger
from coedu_bot.matrix.convert import Converter, Raw
from coedu_bot.matrix.encryption import Encryption
from coedu_bot.matrix.http import Http

log = logger(__name__)

Handle = Callable[[SyncBatch], Awaitable[None]]
"""Commits a batch and its token; raises to have the same batch again."""
Waiting = Callable[[Sequence[str]], Awaitable[list[tuple[RoomId, Raw]]]]
"""Undecrypted events, as they came, that wait for one of these sessions."""

_LONG_POLL = 30.0
_LONGEST_BACKOFF = 60.0
_PAGE = 100


@dataclass(slots=True)
class SyncLoop:
    """Reads the account's events for ever."""

    http: Http
    converter: Converter
    encryption: Encryption
    clock: Clock
    user_id: str

    async def run(self, handle: Handle, since: str | None, waiting: Waiting) -> None:
        """Sync, handle, sync on; raises SessionLost when the account is gone."""
        failures = 0
        while True:
            try:
                since = await self._round(handle, since, waiting)
                failures = 0
            except SessionLost:
                raise
            except RateLimited as asked:
                await self.clock.sleep(asked.retry_after)
            except Exception as problem:
                failures += 1
                log.warning("sync-failed", problem=type(problem).__name__, failures=failures)
                await self.clock.sleep(_backoff(failures))

    async def _round(self, handle: Handle, since: str | None, waiting: Waiting) -> str:
        answer = await self._sync(since)
        # to-device messages first: they bring the keys that the timeline needs
        sessions = await self.encryption.take(answer)
        batch = await self._batch(answer, since, sessions, waiting)
        await handle(batch)
        await self.encryption.keep_house()
        return batch.next_token

    async def _sync(self, since: str | None) -> dict[str, Any]:
        params = {"filter": self._filter, "timeout": "0"}
        if since is not None:
            params |= {"since": since, "timeout": str(int(_LONG_POLL * 1000))}
        answer = await self.http.call(
            "GET", "/v3/sync", params=params, within=2 * _LONG_POLL if since else 600
        )
        if not isinstance(answer.get("next_batch"), str):
            raise Unreachable("an answer without next_batch")
        return answer

    @property
    def _filter(self) -> str:
        """Nothing that we do not use; our own events are confirmed by the answers to our calls."""
        nothing: dict[str, Any] = {"types": []}
        room = {
            "timeline": {"limit": _PAGE, "not_senders": [self.user_id]},
            "state": {"lazy_load_members": True},
            "account_data": nothing,
            "ephemeral": nothing,
        }
        return json.dumps({"presence": nothing, "account_data": nothing, "room": room})

    async def _batch(
        self, answer: Raw, since: str | None, sessions: Sequence[str], waiting: Waiting
    ) -> SyncBatch:
        rooms = _dict(answer, "rooms")
        joined = [await self._joined(id_, room, since) for id_, room in _rooms(rooms, "join")]
        return SyncBatch(
            next_token=str(answer["next_batch"]),
            joined=tuple(joined),
            invited=tuple(self._invitation(id_, room) for id_, room in _rooms(rooms, "invite")),
            left=tuple(id_ for id_, _ in _rooms(rooms, "leave")),
            late=tuple(await self._late(sessions, waiting)),
        )

    async def _joined(self, room_id: RoomId, room: Raw, since: str | None) -> JoinedRoom:
        timeline = _dict(room, "timeline")
        state = [
            found for raw in _list(_dict(room, "state"), "events") if (found := self.converter.state(raw))
        ]
        await self.encryption.learn(room_id, state)
        if since is None:
            return JoinedRoom(room_id, state=tuple(state))  # a new account's starting point
        raw_events = _list(timeline, "events")
        if timeline.get("limited") is True and isinstance(timeline.get("prev_batch"), str):
            raw_events = [*await self._gap(room_id, timeline["prev_batch"], since), *raw_events]
        return JoinedRoom(room_id, state=tuple(state), events=tuple(self._events(room_id, raw_events)))

    async def _gap(self, room_id: RoomId, start: str, since: str) -> list[Any]:
        """What lies between the last sync and this one's timeline, oldest first."""
        path = f"/v3/rooms/{quote(room_id)}/messages"
        chosen = json.dumps({"lazy_load_members": True, "not_senders": [self.user_id]})
        newest_first: list[Any] = []
        while True:
            params = {"dir": "b", "from": start, "to": since, "limit": str(_PAGE), "filter": chosen}
            page = await self.http.call("GET", path, params=params)
            newest_first += _list(page, "chunk")
            end = page.get("end")
            if not isinstance(end, str) or end == start:
                return newest_first[::-1]
            start = end

    def _events(self, room_id: RoomId, raw_events: Iterable[Any]) -> list[RoomEvent]:
        """The events as ours, each once, none from before we joined."""
        events: dict[str, RoomEvent] = {}
        for raw in raw_events:
            event = self._event(raw, room_id) if _seen_as_member(raw) else None
            if event is None or event.sender == self.user_id:
                continue
            if isinstance(event, StateChanged):
                self.encryption.observe(event)
            events.setdefault(event.event_id, event)
        return list(events.values())

    def _event(self, raw: Any, room_id: RoomId) -> RoomEvent | None:
        event = self.converter.event(raw, room_id)
        if isinstance(event, Undecryptable):
            clear = self.encryption.decrypted(raw, room_id)
            return event if clear is None else self.converter.event(clear, room_id)
        return event

    async def _late(self, sessions: Sequence[str], waiting: Waiting) -> list[RoomEvent]:
        """Events of earlier batches whose keys came with this one, by their own time."""
        late = []
        for room_id, raw in await waiting(sessions) if sessions else []:
            event = self._event(raw, room_id)
            if event is not None and not isinstance(event, Undecryptable):
                late.append(event)
        return sorted(late, key=lambda event: event.sent_at)

    def _invitation(self, room_id: RoomId, room: Raw) -> Invitation:
        state = [
            found
            for raw in _list(_dict(room, "invite_state"), "events")
            if (found := self.converter.state(raw))
        ]
        ours = [one for one in state if (one.type, one.state_key) == ("m.room.member", self.user_id)]
        create = next((one.content for one in state if one.type == "m.room.create"), {})
        predecessor = _dict(create, "predecessor").get("room_id")
        return Invitation(
            room_id,
            ours[-1].sender if ours else "",
            direct=bool(ours) and ours[-1].content.get("is_direct") is True,
            upgraded_from=predecessor if isinstance(predecessor, str) else None,
        )


def _seen_as_member(raw: Any) -> bool:
    """Whether we were in the room when it was sent; servers that do not say are believed to mean yes."""
    unsigned = raw.get("unsigned") if isinstance(raw, dict) else None
    membership = unsigned.get("membership") if isinstance(unsigned, dict) else None
    return membership in (None, "join")


def _rooms(rooms: Raw, kind: str) -> list[tuple[RoomId, Raw]]:
    return [(id_, room) for id_, room in _dict(rooms, kind).items() if isinstance(room, dict)]


def _dict(raw: Raw, key: str) -> Raw:
    value = raw.get(key)
    return value if isinstance(value, dict) else {}


def _list(raw: Raw, key: str) -> list[Any]:
    value = raw.get(key)
    return value if isinstance(value, list) else []


def _backoff(failures: int) -> float:
    longest: float = min(_LONGEST_BACKOFF, 2.0 ** min(failures, 6))
    return longest * random.uniform(0.5, 1)
