"""Tells a crypto store that was put back from a backup: its sessions have moved on without it.

A mark is left in the folder and at the homeserver, and changed each time before keys are given out with the
store, and now and then; a store that does not know the homeserver's mark is older than what was sent with it.
Two are kept, for a kill between the two places.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from coedu_bot.clock import Clock
from coedu_bot.homeserver import Refused
from coedu_bot.matrix.http import Http, path_of
from coedu_bot.matrix.json_values import items, mapping_or_empty
from coedu_bot.matrix.private_file import write_private

_TYPE = "org.coedu.store"
_EVERY = timedelta(minutes=10)


@dataclass(slots=True)
class StoreMarks:
    """The marks of one device's store, in a file beside it."""

    http: Http
    user: str
    device: str
    path: Path
    clock: Clock
    _left_at: datetime | None = field(default=None, init=False)
    _moves: bool = field(default=False, init=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    @property
    def is_due(self) -> bool:
        return self._moves or self._left_at is None or self.clock.now() - self._left_at >= _EVERY

    async def fit(self) -> bool:
        """Whether this store is the one that was used last."""
        try:
            kept = await self.http.call("GET", self._address())
        except Refused:
            return True  # none was ever left
        mark = kept.get(self.device)
        return mark is None or mark in self._known()

    async def leave(self) -> None:
        """A new mark, here first."""
        async with self._turn:
            new = secrets.token_hex(8)
            write_private(self.path, json.dumps({"marks": [*self._known()[-1:], new]}))
            await self.http.call("PUT", self._address(), {self.device: new})
            self._left_at, self._moves = self.clock.now(), False

    async def move_on(self) -> None:
        """Sessions are about to be used: copies made before are old now, and those made meanwhile soon."""
        await self.leave()
        self._moves = True

    def _known(self) -> list[str]:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return []
        return [mark for mark in items(mapping_or_empty(kept).get("marks")) if isinstance(mark, str)]

    def _address(self) -> str:
        return path_of("v3", "user", self.user, "account_data", _TYPE)
