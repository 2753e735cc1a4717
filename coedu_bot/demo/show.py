"""`coedu-bot demo`: opens the school, plays the morning, and stays up for whoever wants to look around."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from coedu_bot.demo import morning, school
from coedu_bot.demo.client import NotSeenError
from coedu_bot.demo.morning import Act
from coedu_bot.demo.opening import opened
from coedu_bot.demo.stage import Stage
from coedu_bot.demo.transcript import Transcript

_PACE = 1.5
"""Seconds a step stays alone on the screen, for people to read."""


async def show(console: Console, *, quick: bool, acts: Sequence[Act] | None = None) -> int:
    """0 if every step was seen by the other side's own sync, else 1; without `quick` ends when told to."""
    transcript = Transcript(console)
    async with opened(transcript, 0.0 if quick else _PACE) as (stage, synapse):
        seen = await play(stage, morning.acts() if acts is None else acts)
        if not quick:
            people = [(name, one.client.user_id) for name, one in stage.people.items()]
            transcript.how_to_log_in(synapse.base_url, people, school.PASSWORD)
            await _until_told()
    return 0 if seen else 1


async def play(stage: Stage, acts: Sequence[Act]) -> bool:
    """Play these acts; False at the first step that was not seen."""
    for act in acts:
        stage.transcript.act(act.title)
        try:
            await act.play(stage)
        except NotSeenError as problem:
            stage.transcript.console.print(Text(f"✗ {act.title}: {problem}", "bold red"))
            return False
    stage.transcript.console.print(Text(f"\n✓ {len(acts)} acts played; every step was seen.", "bold green"))
    return True


async def _until_told() -> None:
    told = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, told.set)
    await told.wait()
