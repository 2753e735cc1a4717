"""Somebody wants to make sure that the bot is the bot: accepted while a person waits at the bot's terminal.

Everybody else's request is declined. One at a time, in a private room or device to device; nothing that
somebody sends here can do more than end their own request.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from coedu_bot.clock import Clock
from coedu_bot.events import RoomId, UserId
from coedu_bot.homeserver import HomeserverError, SessionLost
from coedu_bot.log import logger
from coedu_bot.matrix.exchange import (
    PREFIX,
    Cancelled,
    Doors,
    Exchange,
    Heard,
    heard_by_device,
    heard_in_room,
)
from coedu_bot.matrix.json_values import Raw, items
from coedu_bot.matrix.sas import METHOD, Comparison, Party, is_usable
from coedu_bot.matrix.verification_window import Window

log = logger(__name__)

_LASTS = timedelta(minutes=10)
_AHEAD = timedelta(minutes=5)
_MOST_WAITING = 100


@dataclass(slots=True)
class Verifications:
    """Hears during the sync, answers beside it."""

    doors: Doors
    clock: Clock
    offset: timedelta = timedelta()
    may_ask: Callable[[UserId], bool] = lambda _: False
    window: Window | None = None
    _exchange: Exchange | None = None
    _heard: deque[Heard] = field(default_factory=lambda: deque(maxlen=_MOST_WAITING))
    _known: deque[str] = field(default_factory=lambda: deque(maxlen=_MOST_WAITING))
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def takes(self, sender: UserId) -> bool:
        """Whether a request of this person would be taken up now."""
        allowed = sender == self.doors.us.user or self.may_ask(sender)
        return allowed and self.window is not None and self._exchange is None

    def hear_devices(self, answer: Raw) -> None:
        """The to-device messages of one sync."""
        self._heard.extend(heard_by_device(answer))

    def hear_room(self, raw: Raw, room: RoomId) -> None:
        """One event of a room, in clear; heard again with a batch that is read again, it is nothing new."""
        id_, heard = raw.get("event_id"), heard_in_room(raw, room, self.doors.us.user)
        if isinstance(id_, str) and heard is not None and id_ not in self._known:
            self._known.append(id_)
            self._heard.append(heard)

    @property
    def has_chores(self) -> bool:
        """Whether `keep_house` would do something."""
        return bool(self._heard) or self._is_over()

    async def keep_house(self) -> None:
        """Answer what was heard; what a homeserver does not take ends the exchange."""
        while self._heard:
            heard = self._heard.popleft()
            async with self._turn:
                exchange = self._answers_to(heard)
                await self._guarded(self._answer(heard, exchange), exchange)
        if self._is_over() and self._exchange is not None:
            async with self._turn:
                await self._cancel(self._exchange, Cancelled("m.timeout", "it took longer than ten minutes"))

    async def confirm(self, matches: bool) -> None:
        """The person at the terminal has compared."""
        async with self._turn:
            if self._exchange is not None:
                await self._guarded(self._confirmed(self._exchange, matches), self._exchange)

    async def abandon(self) -> None:
        """Nobody waits at the terminal any more."""
        async with self._turn:
            self.window = None
            if self._exchange is not None:
                await self._cancel(self._exchange, Cancelled("m.user", "nobody compares any more"))

    def _is_over(self) -> bool:
        return self._exchange is not None and self.clock.now() - self._exchange.begun_at >= _LASTS

    def _answers_to(self, heard: Heard) -> Exchange | None:
        """Where an answer goes; None where there is nobody to answer."""
        if self._is_ours(heard):
            return self._exchange
        device = heard.content.get("from_device")
        if heard.kind not in ("request", "start") or not (heard.room or isinstance(device, str)):
            return None
        return Exchange(heard.id, Party(heard.sender, str(device)), heard.room, self.clock.now())

    def _is_ours(self, heard: Heard) -> bool:
        one = self._exchange
        return one is not None and (one.id, one.them.user, one.room) == (heard.id, heard.sender, heard.room)

    async def _guarded(self, work: Awaitable[None], exchange: Exchange | None) -> None:
        try:
            await work
        except Cancelled as reason:
            if exchange is not None:
                await self._cancel(exchange, reason)
        except SessionLost:
            raise
        except HomeserverError as problem:
            log.info("verification-failed", problem=type(problem).__name__)
            self._end(exchange, f"the homeserver does not answer: {problem}")

    async def _answer(self, heard: Heard, exchange: Exchange | None) -> None:
        if heard.kind == "request" and exchange is not None:
            await self._requested(heard, exchange)
        elif self._exchange is None or exchange is not self._exchange:
            if heard.kind == "start":
                raise Cancelled("m.unknown_transaction", "there is no such request")
        elif heard.kind == "cancel":
            self._end(self._exchange, f"the other side ended it ({str(heard.content.get('code'))[:40]})")
        elif heard.kind in (steps := {"start": self._started, "key": self._keyed, "mac": self._vouched}):
            await steps[heard.kind](self._exchange, heard.content)

    async def _requested(self, heard: Heard, exchange: Exchange) -> None:
        is_own = exchange.them == self.doors.us
        if exchange is self._exchange or is_own or self._is_stale(heard.sent_at):
            return
        if not isinstance(heard.content.get("from_device"), str):
            raise Cancelled("m.invalid_message", "the request names no device")
        if METHOD not in items(heard.content.get("methods")):
            raise Cancelled("m.unknown_method", f"only {METHOD} is known here")
        if not self.takes(heard.sender):
            if heard.sender == self.doors.us.user and await self.doors.others_may_answer(exchange.them):
                return  # the account's people verify their sessions with each other
            log.info("verification-declined")
            raise Cancelled("m.user", "first run coedu-bot identity --verify where the bot runs")
        self._exchange = exchange
        await self._send(exchange, "ready", {"from_device": self.doors.us.device, "methods": [METHOD]})

    def _is_stale(self, sent_at: object) -> bool:
        if not isinstance(sent_at, int | float) or not 0 <= sent_at < 1e14:
            return True
        age = self.clock.now() - self.offset - datetime.fromtimestamp(sent_at / 1000, UTC)
        return not -_AHEAD <= age <= _LASTS

    async def _started(self, exchange: Exchange, content: Raw) -> None:
        if exchange.comparison is not None:
            if exchange.comparison.start == content:
                return
            raise Cancelled("m.unexpected_message", "it has begun already")
        if content.get("from_device") != exchange.them.device:
            raise Cancelled("m.invalid_message", "it is begun by another device than asked for it")
        if not is_usable(content):
            raise Cancelled("m.unknown_method", "nothing in it that is known here")
        exchange.their_keys = await self.doors.keys_of(exchange.them)
        if not exchange.their_keys:
            raise Cancelled("m.key_mismatch", "the device has no keys")
        exchange.comparison = Comparison(self.doors.us, exchange.them, exchange.id, content)
        await self._send(exchange, "accept", exchange.comparison.accept())

    async def _keyed(self, exchange: Exchange, content: Raw) -> None:
        comparison, key = exchange.comparison, content.get("key")
        if comparison is None or comparison.their_key:
            if comparison is not None and key == comparison.their_key:
                return
            raise Cancelled("m.unexpected_message", "no key was due")
        try:
            comparison.meet(key if isinstance(key, str) else "")
        except ValueError as problem:
            raise Cancelled("m.invalid_message", "that is no key") from problem
        await self._send(exchange, "key", {"key": comparison.our_key})
        if self.window is not None:
            self.window.show(exchange.them, comparison.emoji())

    async def _vouched(self, exchange: Exchange, content: Raw) -> None:
        if exchange.comparison is None or not exchange.comparison.their_key or exchange.their_word:
            raise Cancelled("m.unexpected_message", "nothing to vouch for was due")
        exchange.their_word = content
        await self._finish(exchange)

    async def _confirmed(self, exchange: Exchange, matches: bool) -> None:
        if exchange.comparison is None or not exchange.comparison.their_key or exchange.confirmed:
            return
        if not matches:
            raise Cancelled("m.mismatched_sas", "the emoji differ")
        word = exchange.comparison.vouch(await self.doors.our_keys())
        exchange.confirmed = True
        await self._send(exchange, "mac", word)
        await self._finish(exchange)

    async def _finish(self, exchange: Exchange) -> None:
        """When both have confirmed."""
        if not exchange.confirmed or exchange.their_word is None or exchange.comparison is None:
            return
        if not exchange.comparison.vouched(exchange.their_word, exchange.their_keys):
            raise Cancelled("m.key_mismatch", "the keys are not the ones that the homeserver shows")
        await self._send(exchange, "done", {})
        await self.doors.verified(exchange.them)
        log.info("verified")
        self._end(exchange, "")

    async def _cancel(self, exchange: Exchange, reason: Cancelled) -> None:
        try:
            await self._send(exchange, "cancel", {"code": reason.code, "reason": str(reason)})
        except SessionLost:
            raise
        except HomeserverError as problem:
            log.info("verification-failed", problem=type(problem).__name__)
        self._end(exchange, str(reason))

    def _end(self, exchange: Exchange | None, problem: str) -> None:
        """Of the one under way the terminal hears how it ended; a declined one was never one."""
        if exchange is not None and exchange is self._exchange:
            self._exchange = None
            if self.window is not None:
                self.window.end(problem)
                self.window = None

    async def _send(self, exchange: Exchange, kind: str, content: dict[str, Any]) -> None:
        type_ = PREFIX + kind
        if exchange.room is not None:
            relation = {"rel_type": "m.reference", "event_id": exchange.id}
            await self.doors.to_room(exchange.room, type_, {**content, "m.relates_to": relation})
            return
        body = {**content, "transaction_id": exchange.id}
        await self.doors.to_device(type_, {"messages": {exchange.them.user: {exchange.them.device: body}}})
