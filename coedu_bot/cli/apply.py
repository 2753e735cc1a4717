"""`coedu-bot apply`: makes the school's rooms as the configuration has them; only the difference."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from coedu_bot import log
from coedu_bot.cli.common import (
    DEFAULT_CONFIG,
    WRONG_CONFIG,
    AsJson,
    ConfigPath,
    app,
    console,
    errors,
    loaded,
    tell_json,
)
from coedu_bot.config import Config
from coedu_bot.control import NotRunning, Refusal, ask
from coedu_bot.homeserver import HomeserverError
from coedu_bot.matrix.lock import LockedError

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Prune = Annotated[bool, typer.Option("--prune", help="Also remove people and rooms that are not named.")]
OnlyPlan = Annotated[bool, typer.Option("--plan", help="Show what would be done, and stop.")]

Shown = dict[str, Any]
Progressed = Callable[[Mapping[str, Any]], None]


class Doer(Protocol):
    """Who plans and performs: the running bot, or this process."""

    async def __call__(self, request: Mapping[str, Any], progress: Progressed) -> Shown: ...


@app.command()
def apply(
    config: ConfigPath = DEFAULT_CONFIG,
    yes: Yes = False,
    only_plan: OnlyPlan = False,
    prune: Prune = False,
    as_json: AsJson = False,
) -> None:
    """Make the school's spaces and rooms: shows the plan, asks, does only the difference."""
    found = loaded(config, as_json)
    try:
        code = asyncio.run(_apply(config, found, yes, only_plan, prune, as_json))
    except (HomeserverError, LockedError, NotRunning, Refusal) as problem:
        errors.print(f"[red]✗[/] {problem}", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from problem
    raise typer.Exit(code)


async def _apply(path: Path, config: Config, yes: bool, only_plan: bool, prune: bool, as_json: bool) -> int:
    async with _doer(path, config) as do:
        plan = await do({"prune": prune}, lambda _: None)
        if not plan.get("ok", True):
            return _told_refusal(plan)
        _tell_plan(plan, as_json)
        if only_plan or not plan["steps"]:
            return 0
        if not (yes or typer.confirm("Do this?", err=True)):
            return 1
        return await _perform(do, prune, len(plan["steps"]), as_json)


async def _perform(do: Doer, prune: bool, steps: int, as_json: bool) -> int:
    failed: list[Mapping[str, Any]] = []
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=errors) as bar:
        task = bar.add_task("", total=steps)

        def progressed(line: Mapping[str, Any]) -> None:
            bar.update(task, advance=1, description=f"{line['room']}: {line['says']}")
            if line["problem"]:
                failed.append(line)

        answer = await do({"do": True, "prune": prune}, progressed)
    if not answer.get("ok", True):
        return _told_refusal(answer)
    _tell_outcome(failed, as_json)
    return 1 if failed else 0


def _tell_plan(plan: Shown, as_json: bool) -> None:
    if as_json:
        tell_json({"steps": plan["steps"], "notes": plan["notes"]})
        return
    for line in plan["steps"]:
        console.print(f"{line['room']}: {line['says']}", markup=False, highlight=False, soft_wrap=True)
    for line in plan["notes"]:
        console.print(f"({line['room']}: {line['says']})", markup=False, highlight=False, soft_wrap=True)
    if not plan["steps"]:
        console.print("[green]✓[/] nothing to do: the rooms are as the configuration has them")


def _tell_outcome(failed: list[Mapping[str, Any]], as_json: bool) -> None:
    if as_json:
        tell_json({"failed": [dict(line) for line in failed]})
        return
    for line in failed:
        text = f"{line['room']}: {line['says']}: {line['problem']}"
        errors.print(f"✗ {text}", markup=False, highlight=False, soft_wrap=True)
    if not failed:
        console.print("[green]✓[/] done")


def _told_refusal(answer: Shown) -> int:
    for line in (answer["problem"], *answer.get("problems", ())):
        errors.print(line, markup=False, highlight=False, soft_wrap=True)
    return WRONG_CONFIG if "problems" in answer else 1


@asynccontextmanager
async def _doer(path: Path, config: Config) -> AsyncIterator[Doer]:
    try:
        # what the files say now is what is applied, also by a bot that runs
        answer = await asyncio.to_thread(ask, config.data, "reload")
    except NotRunning:
        async with _here(config) as doer:
            yield doer
        return
    if not answer["ok"]:
        raise Refusal("\n".join([answer["problem"], *answer.get("problems", ())]))

    async def by_the_bot(request: Mapping[str, Any], progress: Progressed) -> Shown:
        return await asyncio.to_thread(ask, config.data, "apply", request, progress=progress)

    yield by_the_bot


@asynccontextmanager
async def _here(config: Config) -> AsyncIterator[Doer]:
    """No bot runs: this process takes its place, and its lock, for as long as it takes."""
    from coedu_bot.clock import SystemClock
    from coedu_bot.provisioning.control import ApplyVerb
    from coedu_bot.service import provision_of, started

    log.configure(json=False, quiet=True)
    async with started(config, SystemClock()) as (bot, client):
        verb = ApplyVerb(lambda: provision_of(config, bot, client.homeserver))

        async def here(request: Mapping[str, Any], progress: Progressed) -> Shown:
            async def tell(line: Mapping[str, Any]) -> None:
                progress(line)

            return dict(await verb(request, tell))

        yield here
