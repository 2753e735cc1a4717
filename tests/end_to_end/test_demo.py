"""The played morning: seen by the other side's own sync, or the demo fails."""

from __future__ import annotations

import io

from rich.console import Console

from coedu_bot.clock import SystemClock
from coedu_bot.demo.morning import Act, acts
from coedu_bot.demo.show import play, show
from coedu_bot.demo.stage import PRIVATE, Stage
from coedu_bot.demo.transcript import Transcript
from tests.end_to_end.conftest import World


async def test_every_step_of_the_morning_is_seen() -> None:
    console = Console(file=io.StringIO(), width=100)
    ended = await show(console, quick=True)
    transcript = console.file.getvalue()  # type: ignore[attr-defined]
    assert ended == 0, transcript
    for act in acts():
        assert act.title in transcript


async def test_a_step_that_nobody_sees_fails_the_demo(world: World) -> None:
    async def disappointed(stage: Stage) -> None:
        durand = stage.person("Mme Durand")
        await durand.writes(PRIVATE, "ping")
        await durand.reads(PRIVATE, "Je suis là.")
        await durand.reads(PRIVATE, "Je suis là.", within=0.5)

    console = Console(file=io.StringIO(), width=100)
    stage = Stage(await world.bot(), world.bot_id, SystemClock(), Transcript(console))
    stage.add("Mme Durand", await world.person("Mme Durand"))
    assert not await play(stage, [Act("Une attente déçue", disappointed)])
    assert "✗ Une attente déçue" in console.file.getvalue()  # type: ignore[attr-defined]
