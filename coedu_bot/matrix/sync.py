"""Our own sync loop: no gaps, no token moved before its batch is handled, no storm of retries."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeAlias, TypeVar

from coedu_bot.events import SyncBatch
from coedu_bot.homeserver import SessionLost, Unreachable
from coedu_bot.log import logger
from coedu_bot.matrix.backoff import Backoff
from coedu_bot.matrix.batches import BatchReader, Waiting
from coedu_bot.matrix.encryption import Encryption
from coedu_bot.matrix.http import Http, path_of
from coedu_bot.matrix.json_values import Raw
from coedu_bot.matrix.progress import Progress

log = logger(__name__)

T = TypeVar("T")
Handle: TypeAlias = Callable[[SyncBatch], Awaitable[None]]
"""Commits a batch and its token; raises to have the same batch again."""


class Housekeeper(Protocol):
    """Has work that nobody waits for."""

    @property
    def has_chores(self) -> bool: ...

    async def keep_house(self) -> None: ...


_LONG_POLL = 30
_GRACE = 30
_FIRST_SYNC = 600.0
"""Seconds; a first sync of a thousand rooms keeps a homeserver busy for ten."""


@dataclass(slots=True)
class SyncLoop:
    """Reads the account's events for ever."""

    http: Http
    reader: BatchReader
    encryption: Encryption
    backoff: Backoff
    housekeepers: Sequence[Housekeeper] = ()
    hear_devices: Callable[[Raw], None] = lambda _: None
    synced_at: datetime | None = None  # when the homeserver last answered
    progress: Progress = field(default_factory=Progress)
    _chores: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, handle: Handle, since: str | None, waiting: Waiting) -> None:
        """Sync, handle, sync on; raises SessionLost when the account is gone."""
        housekeeping = asyncio.create_task(self._keep_house())
        try:
            since = since or await self._start(handle)
            await self._go_on(handle, since, waiting)
        finally:
            housekeeping.cancel()
            await asyncio.gather(housekeeping, return_exceptions=True)

    async def _start(self, handle: Handle) -> str:
        """A new account begins now, wherever it is."""
        little = {"timeline": {"limit": 1}, "state": {"types": []}, **_NOTHING_ELSE}
        params = {"filter": json.dumps(_filter(little)), "timeout": "0"}
        answer = await self._persistently(partial(self._sync, params, _FIRST_SYNC))
        batch = self.reader.starting_point(answer)
        await self._persistently(partial(handle, batch))
        return batch.next_token

    async def _go_on(self, handle: Handle, since: str, waiting: Waiting) -> None:
        filter_id = await self._persistently(self._upload_filter)
        # a kill between a key and the token of its sync: the key will not come again
        sessions = self.encryption.readable_sessions()
        patience = 0  # the first answer comes at once: it says that we are in touch
        while True:
            params = {"filter": filter_id, "since": since}
            answer, asked_at = await self._persistently(partial(self._poll, params, patience))
            patience = _LONG_POLL
            # to-device messages first: they bring the keys that the timeline needs
            sessions += self.encryption.take(answer)
            self.hear_devices(answer)
            batch = await self._persistently(partial(self.reader.read, answer, since, sessions, waiting))
            await self._persistently(partial(handle, batch))
            self.progress.reach(asked_at)
            since, sessions = batch.next_token, []
            if any(one.has_chores for one in self.housekeepers):
                self._chores.set()

    async def _poll(self, params: dict[str, str], patience: int) -> tuple[Raw, datetime]:
        """The next answer, and when it was asked for; a long poll ends early where somebody cannot wait."""
        asked_at = self.backoff.clock.now()
        once = self._sync({**params, "timeout": str(patience * 1000)}, _LONG_POLL + _GRACE)
        waiting = asyncio.create_task(once)
        hurry = asyncio.create_task(self.progress.hurried())
        try:
            await asyncio.wait({waiting, hurry}, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done() or not patience:
                return await waiting, asked_at
        finally:
            hurry.cancel()
            if not waiting.done():
                waiting.cancel()
                await asyncio.gather(waiting, return_exceptions=True)
        asked_at = self.backoff.clock.now()
        return await self._sync({**params, "timeout": "0"}, _GRACE), asked_at

    async def _sync(self, params: dict[str, str], within: float) -> Raw:
        params = {**params, "set_presence": "offline"}  # nobody looks whether a bot is there
        answer = await self.http.call("GET", "/v3/sync", params=params, within=within)
        if not isinstance(answer.get("next_batch"), str):
            raise Unreachable("an answer without next_batch")
        self.synced_at = self.backoff.clock.now()
        return answer

    async def _upload_filter(self) -> str:
        """Nothing that we do not use; our own events are confirmed by the answers to our calls."""
        room = {
            "timeline": {"limit": 100, "not_senders": [self.reader.user_id]},
            **_NOTHING_ELSE,
        }
        path = path_of("v3", "user", self.reader.user_id, "filter")
        return str((await self.http.call("POST", path, _filter(room))).get("filter_id", ""))

    async def _persistently(self, act: Callable[[], Awaitable[T]]) -> T:
        """Do it until it is done; only SessionLost is worth giving up for."""
        while True:
            try:
                result = await act()
            except SessionLost:
                raise
            except Exception as problem:
                log.warning("sync-failed", problem=type(problem).__name__, failures=self.backoff.failures + 1)
                await self.backoff.wait(problem)
            else:
                self.backoff.reset()
                return result

    async def _keep_house(self) -> None:
        """Beside the loop: nobody's command waits for it."""
        while True:
            await self._chores.wait()
            self._chores.clear()
            try:
                for housekeeper in self.housekeepers:
                    await housekeeper.keep_house()
            except SessionLost:
                return  # the sync is told the same
            except Exception as problem:
                log.warning("housekeeping-failed", problem=type(problem).__name__)


_NOTHING: dict[str, Any] = {"types": []}
_NOTHING_ELSE = {"account_data": _NOTHING, "ephemeral": _NOTHING}


def _filter(room: dict[str, Any]) -> dict[str, Any]:
    return {"presence": _NOTHING, "account_data": _NOTHING, "room": room}
