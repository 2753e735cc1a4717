"""`coedu-bot identity`: who the bot is for other people's clients."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, TypeVar

import typer

from coedu_bot.cli import verification
from coedu_bot.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    ConfigPath,
    app,
    console,
    errors,
    loaded,
    tell_json,
)
from coedu_bot.clock import SystemClock
from coedu_bot.config import Config
from coedu_bot.homeserver import HomeserverError
from coedu_bot.matrix.lock import LockedError
from coedu_bot.matrix.secret_storage import SecretStorageError
from coedu_bot.matrix.standing import AccountStanding, IdentityDesk, identity_desk
from coedu_bot.service import login_of

T = TypeVar("T")
_New = Annotated[bool, typer.Option("--new", help="Make a recovery key, and show it once.")]
_Verify = Annotated[bool, typer.Option("--verify", help="Compare emoji with a coordinator's Element.")]
_Replace = Annotated[
    bool, typer.Option("--replace", help="Replace an identity whose keys are lost, with a new recovery key.")
]


@app.command()
def identity(
    config: ConfigPath = DEFAULT_CONFIG,
    new: _New = False,
    replace: _Replace = False,
    verify: _Verify = False,
    as_json: AsJson = False,
) -> None:
    """Show the bot's identity; make its recovery key, or a new identity; have it verified."""
    if verify:
        verification.verify(loaded(config, as_json))
        return
    act = _replaced if replace else _new if new else _shown
    try:
        standing, key = asyncio.run(_at_desk(loaded(config, as_json), act))
    except (HomeserverError, LockedError, SecretStorageError) as problem:
        if as_json:
            tell_json({"problem": str(problem)})
        else:
            errors.print(f"[red]✗[/] {problem}", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from problem
    if as_json:
        tell_json({**asdict(standing), **({"recovery_key": key} if key else {})})
    else:
        _tell(standing, key)


async def _at_desk(config: Config, act: Callable[[IdentityDesk], Awaitable[T]]) -> T:
    async with identity_desk(login_of(config), config.data, SystemClock(timedelta())) as desk:
        return await act(desk)


async def _shown(desk: IdentityDesk) -> tuple[AccountStanding, str]:
    return await desk.standing(), ""


async def _new(desk: IdentityDesk) -> tuple[AccountStanding, str]:
    await desk.signing.keep_house()
    key = await desk.signing.new_recovery_key()
    return await desk.standing(), key


async def _replaced(desk: IdentityDesk) -> tuple[AccountStanding, str]:
    await desk.signing.replace()
    key = await desk.signing.new_recovery_key()
    return await desk.standing(), key


def _tell(standing: AccountStanding, key: str) -> None:
    say = console.print
    say(f"{standing.user}", highlight=False)
    if standing.master is None:
        say("  identity: none yet; `coedu-bot run` or `coedu-bot identity --new` makes one")
    elif standing.is_ours:
        say(f"  [green]✓[/] identity: {standing.master}", highlight=False)
    else:
        say(f"  [red]✗[/] identity: {standing.master}, whose keys are not here", highlight=False)
        say("    set COEDU_RECOVERY_KEY, or make a new one with `coedu-bot identity --replace`")
    for device in standing.devices:
        mark = "[green]✓[/] signed" if device.signed else "[yellow]![/] not signed"
        this = ", this bot" if device.current else ""
        say(f"  device {device.id} ({device.name or 'without a name'}{this}): {mark}", highlight=False)
    if not standing.has_recovery_key:
        say("  no recovery key: if this machine is lost, so is the identity; `coedu-bot identity --new`")
    if key:
        say("\nRecovery key; it is not shown again and not kept here. Write it down:")
        say(f"\n    [bold]{key}[/]\n", highlight=False)
        say("A new machine takes it from COEDU_RECOVERY_KEY.")
