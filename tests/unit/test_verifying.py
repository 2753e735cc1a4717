"""The terminal's side of a verification: what it is told, and terminals whose person goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from coedu_bot.control import Refusal
from coedu_bot.verifying import VerifyVerb
from tests.unit.matrix.asking_device import KEYS, THEM, Other


@dataclass
class Terminal:
    """Waits for something to compare; `is_gone` once nobody sits there."""

    verb: VerifyVerb
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    is_gone: bool = False

    async def tell(self, _: Mapping[str, Any]) -> None:
        if self.is_gone:
            raise ConnectionError
        self.waits.set()

    async def shown(self, other: Other) -> Mapping[str, Any]:
        waiting = asyncio.create_task(self.verb({}, self.tell))
        await self.waits.wait()
        await other.until_shown(other.doors.window)
        return await waiting


async def test_it_shows_who_asks_and_what_they_see_and_tells_the_end() -> None:
    other = Other()
    verb = VerifyVerb(other.doors)
    shown = await Terminal(verb).shown(other)
    assert (shown["user"], shown["device"], len(shown["emoji"])) == (THEM.user, THEM.device, 7)
    await other.say("mac", other.word(KEYS))
    assert await verb({"matches": True}, Terminal(verb).tell) == {"verified": THEM.user}


async def test_emoji_that_differ_are_told_as_such() -> None:
    other = Other()
    verb = VerifyVerb(other.doors)
    await Terminal(verb).shown(other)
    with pytest.raises(Refusal, match="differ"):
        await verb({"matches": False}, Terminal(verb).tell)
    with pytest.raises(Refusal, match="differ"):
        await verb({"matches": True}, Terminal(verb).tell)
    assert other.verified == []


async def test_without_anything_shown_there_is_nothing_to_compare() -> None:
    verb = VerifyVerb(Other().doors)
    with pytest.raises(Refusal, match="begin again"):
        await verb({"matches": True}, Terminal(verb).tell)


async def test_a_terminal_that_goes_away_closes_the_door() -> None:
    other = Other()
    with pytest.raises(ConnectionError):
        await VerifyVerb(other.doors)({}, Terminal(VerifyVerb(other.doors), is_gone=True).tell)
    assert not other.doors.takes(THEM.user)


async def test_the_next_terminal_takes_over_from_one_that_left_in_the_middle() -> None:
    other = Other()
    verb = VerifyVerb(other.doors)
    await Terminal(verb).shown(other)
    next_ = Terminal(verb)
    waiting = asyncio.create_task(verb({}, next_.tell))
    await next_.waits.wait()
    assert other.answer("cancel")["code"] == "m.user"
    assert other.doors.takes(THEM.user)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
