"""Whoever must know that all was heard does not wait for the end of a long poll."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import timedelta

import pytest

from coedu_bot.homeserver import Unreachable
from coedu_bot.matrix.convert import Converter
from coedu_bot.matrix.homeserver import MatrixHomeserver
from coedu_bot.matrix.progress import Progress
from tests.unit.matrix.test_sync import ALICE, NOW, Lab, lab, said, synced

__all__ = ["lab"]


async def test_the_past_is_known_only_once_a_later_answer_has_been_handled(lab: Lab) -> None:
    progress = Progress()
    homeserver = MatrixHomeserver(ALICE, lab.http, Converter(), lab.encryption, progress)
    with pytest.raises(Unreachable):
        await homeserver.catch_up(NOW)
    progress.reach(NOW - timedelta(seconds=1))
    with pytest.raises(Unreachable):
        await homeserver.catch_up(NOW)
    progress.reach(NOW)
    await homeserver.catch_up(NOW)


async def test_somebody_who_cannot_wait_ends_a_long_poll(lab: Lab) -> None:
    lab.server.answers = deque([synced("s1", said("a"))])
    loop = lab.loop()
    run = asyncio.create_task(loop.run(lab.taken.take, "s0", lab.taken.waiting))
    try:
        await lab.taken.have(1)
        await asyncio.sleep(0.05)
        lab.clock.advance(timedelta(seconds=1))
        lab.server.answers.append(synced("s2"))
        assert not loop.progress.has_reached(lab.clock.now())
        async with asyncio.timeout(20):
            while not loop.progress.has_reached(lab.clock.now()) or lab.server.asked[-1] != "s2":
                await asyncio.sleep(0.01)
        assert lab.server.asked[-3:] == ["s1", "s1", "s2"]
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
