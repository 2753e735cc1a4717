"""The port to a homeserver, over HTTP; encrypted rooms by way of `Encryption`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from coedu_bot.events import Content, EventId, MediaFile, RoomEvent, RoomId, StateEvent, UserId
from coedu_bot.homeserver import NewRoom, Refused, Unreachable
from coedu_bot.matrix.convert import Converter
from coedu_bot.matrix.encryption import Encryption
from coedu_bot.matrix.files import closed_file, opened_file
from coedu_bot.matrix.http import Http, path_of
from coedu_bot.matrix.json_values import Raw, items, mapping_or_empty
from coedu_bot.matrix.progress import Progress

_ENCRYPTION: dict[str, Any] = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}
_MSGTYPES = {"image": "m.image", "audio": "m.audio", "video": "m.video"}
_PAGE = 100
_SLOW = 120.0
"""Seconds for calls that other servers have a part in."""


@dataclass(frozen=True, slots=True)
class MatrixHomeserver:
    """Implements `Homeserver` for one session."""

    user_id: UserId
    http: Http
    converter: Converter
    encryption: Encryption
    progress: Progress = field(default_factory=Progress)

    async def catch_up(self, to: datetime) -> None:
        if not self.progress.has_reached(to):
            raise Unreachable("the sync has not come so far yet")

    async def send(self, room: RoomId, type_: str, content: Content, transaction_id: str) -> EventId:
        # reactions stay in clear in encrypted rooms too, as every client sends them
        if type_ != "m.reaction" and await self.encryption.is_encrypted(room):
            content = await self.encryption.encrypted(room, type_, content)
            type_ = "m.room.encrypted"
        path = _room(room, "send", type_, transaction_id)
        return _text(await self.http.call("PUT", path, content), "event_id")

    async def redact(self, room: RoomId, event: EventId, transaction_id: str) -> EventId:
        path = _room(room, "redact", event, transaction_id)
        return _text(await self.http.call("PUT", path, {}), "event_id")

    async def set_state(self, room: RoomId, type_: str, state_key: str, content: Content) -> EventId:
        path = _room(room, "state", type_, state_key)
        event = _text(await self.http.call("PUT", path, content), "event_id")
        # our own events are not in our sync
        self.encryption.observe(room, StateEvent(type_, state_key, content, self.user_id))
        return event

    async def get_state(self, room: RoomId) -> list[StateEvent]:
        raw_events = await self.http.get_list(_room(room, "state"))
        state = [event for raw in raw_events if (event := self.converter.state(raw)) is not None]
        for event in state:
            if event.type == "m.room.encryption":
                self.encryption.observe(room, event)
        return state

    async def find_sent(self, room: RoomId, ref: str, *, limit: int = 500) -> EventId | None:
        params = {"dir": "b", "limit": str(_PAGE)}
        seen = 0
        while seen < limit:
            page = await self.http.call("GET", _room(room, "messages"), params=params)
            chunk = [event for event in items(page.get("chunk")) if isinstance(event, dict)]
            for raw in chunk:
                if raw.get("sender") == self.user_id and self._ref(raw, room) == ref:
                    return _text(raw, "event_id")
            seen += max(1, len(chunk))
            if not isinstance(page.get("end"), str) or page["end"] == params.get("from"):
                return None
            params["from"] = page["end"]
        return None

    async def list_related(self, room: RoomId, event: EventId) -> list[RoomEvent]:
        path = path_of("v1", "rooms", room, "relations", event, "m.reference")
        params = {"dir": "f", "limit": str(_PAGE)}
        related: list[RoomEvent] = []
        while True:
            page = await self.http.call("GET", path, params=params)
            for raw in items(page.get("chunk")):
                if (converted := self.converter.event(self._opened(raw, room), room)) is not None:
                    related.append(converted)
            if not isinstance(page.get("next_batch"), str) or page["next_batch"] == params.get("from"):
                return related
            params["from"] = page["next_batch"]

    def _opened(self, raw: object, room: RoomId) -> object:
        """The event in clear, or as it came where there is no key."""
        if isinstance(raw, dict) and raw.get("type") == "m.room.encrypted":
            return self.encryption.decrypted(raw, room) or raw
        return raw

    def _ref(self, raw: Raw, room: RoomId) -> object:
        if raw.get("type") == "m.room.encrypted":
            raw = self.encryption.decrypted(raw, room) or raw
        return mapping_or_empty(mapping_or_empty(raw.get("content")).get("org.coedu")).get("ref")

    async def create_room(self, room: NewRoom) -> RoomId:
        answer = await self.http.call("POST", "/v3/createRoom", _creation(room), within=_SLOW)
        return _text(answer, "room_id")

    async def joined_rooms(self) -> list[RoomId]:
        answer = await self.http.call("GET", "/v3/joined_rooms")
        return [room for room in items(answer.get("joined_rooms")) if isinstance(room, str)]

    async def join(self, room: RoomId, via: Sequence[str] = ()) -> RoomId:
        # Matrix 1.12 renamed server_name to via; servers know one or both
        params = [(name, server) for server in via for name in ("via", "server_name")]
        answer = await self.http.call("POST", path_of("v3", "join", room), {}, params=params, within=_SLOW)
        return _text(answer, "room_id")

    async def leave(self, room: RoomId) -> None:
        await self.http.call("POST", _room(room, "leave"), {})
        self.encryption.left(room)

    async def invite(self, room: RoomId, user: UserId) -> None:
        await self.http.call("POST", _room(room, "invite"), {"user_id": user})
        self.encryption.observe(room, StateEvent("m.room.member", user, {"membership": "invite"}))

    async def kick(self, room: RoomId, user: UserId) -> None:
        await self.http.call("POST", _room(room, "kick"), {"user_id": user})
        self.encryption.observe(room, StateEvent("m.room.member", user, {"membership": "leave"}))

    async def resolve_alias(self, alias: str) -> RoomId | None:
        try:
            return _text(await self.http.call("GET", path_of("v3", "directory", "room", alias)), "room_id")
        except Refused as refusal:
            if refusal.code == "M_NOT_FOUND":
                return None
            raise

    async def set_alias(self, alias: str, room: RoomId) -> None:
        if await self.resolve_alias(alias) != room:
            await self.http.call("PUT", path_of("v3", "directory", "room", alias), {"room_id": room})

    async def get_account_data(self, type_: str) -> Content:
        try:
            return await self.http.call("GET", path_of("v3", "user", self.user_id, "account_data", type_))
        except Refused as refusal:
            if refusal.code != "M_NOT_FOUND":
                raise
            return {}

    async def set_account_data(self, type_: str, content: Content) -> None:
        path = path_of("v3", "user", self.user_id, "account_data", type_)
        await self.http.call("PUT", path, content)

    async def upload(self, data: bytes, *, mime: str, name: str, encrypt: bool) -> MediaFile:
        msgtype = _MSGTYPES.get(mime.partition("/")[0], "m.file")
        if not encrypt:
            url = await self.http.upload(data, mime=mime, name=name)
            return MediaFile(url, name, mime, len(data), msgtype)
        closed, keys = closed_file(data)
        url = await self.http.upload(closed, mime="application/octet-stream")  # the name is secret too
        return MediaFile(url, name, mime, len(data), msgtype, encryption={**keys, "url": url})

    async def download(self, file: MediaFile, at_most: int) -> bytes:
        data = await self.http.download(file.url, at_most)
        return opened_file(data, file.encryption) if file.encryption else data

    async def get_json(self, path: str) -> dict[str, Any]:
        return await self.http.call("GET", path)


def _room(room: RoomId, *parts: str) -> str:
    return path_of("v3", "rooms", room, *parts)


def _text(answer: Raw, key: str) -> str:
    value = answer.get(key)
    if not isinstance(value, str):
        raise Unreachable(f"an answer without {key}")  # a proxy's idea of success
    return value


def _creation(room: NewRoom) -> dict[str, Any]:
    state = [{"type": s.type, "state_key": s.state_key, "content": s.content} for s in room.state]
    creation = {"org.coedu.task": room.task} | ({"type": "m.space"} if room.space else {})
    wanted = {
        "name": room.name,
        "topic": room.topic,
        "room_version": room.version,
        "room_alias_name": room.alias.removeprefix("#").partition(":")[0],
        "power_level_content_override": room.power_levels,
    }
    return {
        "preset": "private_chat",
        "invite": list(room.invite),
        "is_direct": room.direct,
        "creation_content": creation,
        "initial_state": [*state, *([_ENCRYPTION] if room.encrypted else [])],
        **{key: value for key, value in wanted.items() if value},
    }
