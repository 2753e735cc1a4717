"""Room keys that did not come are asked for, once, of the one who has them: the sender's own devices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from coedu_bot.clock import Clock
from coedu_bot.events import RoomId, UserId
from coedu_bot.matrix.json_values import Raw, mapping_or_empty
from coedu_bot.matrix.keys import Keys
from coedu_bot.matrix.olm import GuardedOlm

_PATIENCE = timedelta(seconds=5)
"""Most keys come with the sync that brings their message, or with the next."""
_MOST = 1_000


@dataclass(slots=True)
class KeyRequests:
    """What is missing, by session; the answers are taken by `GuardedOlm` from those that were asked."""

    olm: GuardedOlm
    keys: Keys
    clock: Clock
    _missing: dict[str, tuple[datetime, RoomId, UserId, Raw]] = field(default_factory=dict, init=False)

    def miss(self, raw: Raw, room: RoomId) -> None:
        """An event could not be read for want of its key."""
        content = mapping_or_empty(raw.get("content"))
        session, sender = content.get("session_id"), raw.get("sender")
        asked = self.olm.asked_for
        if not isinstance(session, str) or not isinstance(sender, str) or session in asked:
            return
        if len(asked) < _MOST:
            self._missing.setdefault(session, (self.clock.now(), room, sender, content))

    @property
    def are_due(self) -> bool:
        return any(self._is_due(since) for since, *_ in self._missing.values())

    async def send(self) -> None:
        """Ask for what has not come meanwhile; a call that fails is repeated."""
        for session, (since, room, sender, content) in list(self._missing.items()):
            if not self._is_due(since):
                continue
            if session not in self.olm.session_ids():
                await self._ask(session, room, sender, content)
                self.olm.asked_for[session] = (room, sender)
            del self._missing[session]

    def _is_due(self, since: datetime) -> bool:
        return self.clock.now() - since >= _PATIENCE

    async def _ask(self, session: str, room: RoomId, sender: UserId, content: Raw) -> None:
        body = {"algorithm": content.get("algorithm"), "room_id": room, "session_id": session}
        if isinstance(content.get("sender_key"), str):
            body["sender_key"] = content["sender_key"]
        request = {
            "action": "request",
            "body": body,
            "request_id": uuid4().hex,
            "requesting_device_id": self.olm.device_id,
        }
        await self.keys.send("m.room_key_request", {"messages": {sender: {"*": request}}})
