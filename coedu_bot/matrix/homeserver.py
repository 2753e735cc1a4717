"""The port to a homeserver, over HTTP; encrypted rooms by way of `Encryption`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from coedu_bot.events import Content, EventId, MediaFile, RoomId, StateEvent, UserId
from coedu_bot.homeserver import NewRoom, Unreachable
from coedu_bot.matrix.convert import Converter
from coedu_bot.matrix.encryption import Encryption
from coedu_bot.matrix.http import Http

_ENCRYPTION: dict[str, Any] = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}
_MSGTYPES = {"image": "m.image", "audio": "m.audio", "video": "m.video"}
_PAGE = 100


@dataclass(frozen=True, slots=True)
class MatrixHomeserver:
    """Implements `Homeserver` for one session."""

    user_id: UserId
    http: Http
    converter: Converter
    encryption: Encryption

    async def send(self, room: RoomId, type_: str, content: Content, transaction_id: str) -> EventId:
        # reactions stay in clear in encrypted rooms too, as every client sends them
        if type_ != "m.reaction" and await self.encryption.is_encrypted(room):
            type_, content = await self.encryption.encrypted(room, type_, content)
        path = f"{_room(room)}/send/{quote(type_)}/{quote(transaction_id)}"
        return _text(await self.http.call("PUT", path, content), "event_id")

    async def redact(self, room: RoomId, event: EventId, transaction_id: str) -> EventId:
        path = f"{_room(room)}/redact/{quote(event)}/{quote(transaction_id)}"
        return _text(await self.http.call("PUT", path, {}), "event_id")

    async def set_state(self, room: RoomId, type_: str, state_key: str, content: Content) -> EventId:
        path = f"{_room(room)}/state/{quote(type_)}/{quote(state_key)}"
        return _text(await self.http.call("PUT", path, content), "event_id")

    async def get_state(self, room: RoomId) -> list[StateEvent]:
        raw_events = await self.http.get_list(f"{_room(room)}/state")
        state = [event for raw in raw_events if (event := self.converter.state(raw)) is not None]
        await self.encryption.learn(room, state, whole=True)
        return state

    async def find_sent(self, room: RoomId, ref: str, *, limit: int = 500) -> EventId | None:
        start: str | None = None
        seen = 0
        while seen < limit:
            params = {"dir": "b", "limit": str(_PAGE)} | ({"from": start} if start else {})
            page = await self.http.call("GET", f"{_room(room)}/messages", params=params)
            for raw in page.get("chunk", []):
                if raw.get("sender") == self.user_id and self._ref(raw, room) == ref:
                    return _text(raw, "event_id")
            seen += len(page.get("chunk", []))
            start = page.get("end")
            if not start:
                return None
        return None

    def _ref(self, raw: dict[str, Any], room: RoomId) -> str | None:
        if raw.get("type") == "m.room.encrypted":
            raw = self.encryption.decrypted(raw, room) or raw
        coedu = raw.get("content", {}).get("org.coedu")
        return coedu.get("ref") if isinstance(coedu, dict) else None

    async def create_room(self, room: NewRoom) -> RoomId:
        answer = await self.http.call("POST", "/v3/createRoom", _creation(room), within=60)
        return _text(answer, "room_id")

    async def joined_rooms(self) -> list[RoomId]:
        answer = await self.http.call("GET", "/v3/joined_rooms")
        return [room for room in answer.get("joined_rooms", []) if isinstance(room, str)]

    async def join(self, room: RoomId, via: Sequence[str] = ()) -> RoomId:
        path = f"/v3/join/{quote(room)}"
        if via:
            path += "?" + "&".join(f"via={quote(server)}&server_name={quote(server)}" for server in via)
        return _text(await self.http.call("POST", path, {}, within=60), "room_id")

    async def leave(self, room: RoomId) -> None:
        await self.http.call("POST", f"{_room(room)}/leave", {})

    async def invite(self, room: RoomId, user: UserId) -> None:
        await self.http.call("POST", f"{_room(room)}/invite", {"user_id": user})

    async def set_account_data(self, type_: str, content: Content) -> None:
        await self.http.call("PUT", f"/v3/user/{quote(self.user_id)}/account_data/{quote(type_)}", content)

    async def upload(self, data: bytes, *, mime: str, name: str, encrypt: bool) -> MediaFile:
        msgtype = _MSGTYPES.get(mime.partition("/")[0], "m.file")
        if not encrypt:
            url = await self.http.upload(data, mime=mime, name=name)
            return MediaFile(url, name, mime, len(data), msgtype)
        closed, keys = self.encryption.encrypted_file(data)
        url = await self.http.upload(closed, mime="application/octet-stream", name="file")
        return MediaFile(url, name, mime, len(data), msgtype, encryption={**keys, "url": url})

    async def download(self, file: MediaFile) -> bytes:
        data = await self.http.download(file.url)
        return self.encryption.decrypted_file(data, file.encryption) if file.encryption else data

    async def get_json(self, path: str) -> dict[str, Any]:
        return await self.http.call("GET", path)


def _room(room: RoomId) -> str:
    return f"/v3/rooms/{quote(room)}"


def _text(answer: dict[str, Any], key: str) -> str:
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
