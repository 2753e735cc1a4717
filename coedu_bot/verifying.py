"""`coedu-bot identity --verify`, inside the running bot: the door opens, emoji are shown and compared."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coedu_bot.control import Refusal, Tell
from coedu_bot.matrix.verification import Verifications
from coedu_bot.matrix.verification_window import Window

_WAITS = 600
_ENDS_WITHIN = 60.0
"""Seconds: for somebody to ask, and for the other side to confirm."""


@dataclass(slots=True)
class VerifyVerb:
    """Asked twice: first for what to compare, then with whether it `matches`."""

    verifications: Verifications
    _window: Window | None = None

    async def __call__(self, request: Mapping[str, Any], tell: Tell) -> Mapping[str, Any]:
        if "matches" in request:
            return await self._compared(request["matches"] is True)
        await self.verifications.abandon()  # of another terminal, whose person went away
        window = self.verifications.window = self._window = Window()
        try:
            await self._wait(window, tell)
        except BaseException:
            if self.verifications.window is window:
                await self.verifications.abandon()
            raise
        assert window.what is not None
        them = window.what.them
        return {"user": them.user, "device": them.device, "emoji": list(window.what.emoji)}

    async def _wait(self, window: Window, tell: Tell) -> None:
        """Something to write each second tells when the terminal is gone."""
        for waited in range(_WAITS):
            await tell({"waited": waited})
            try:
                await asyncio.wait_for(window.shown.wait(), 1)
                break
            except TimeoutError:
                continue
        if window.what is None or window.over.is_set():
            raise Refusal(window.problem or "nobody asked within ten minutes")

    async def _compared(self, matches: bool) -> Mapping[str, Any]:
        window = self._window
        if window is None or window.what is None:
            raise Refusal("there is nothing to compare: begin again")
        if not window.over.is_set():
            await self.verifications.confirm(matches)
        try:
            await asyncio.wait_for(window.over.wait(), _ENDS_WITHIN)
        except TimeoutError as late:
            await self.verifications.abandon()
            raise Refusal("the other side did not confirm in time") from late
        if window.problem:
            raise Refusal(window.problem)
        return {"verified": window.what.them.user}
