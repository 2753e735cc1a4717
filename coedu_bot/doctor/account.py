"""The account as other people's clients see it: identity, devices, keys at the homeserver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from coedu_bot.clock import Clock
from coedu_bot.config import Config
from coedu_bot.doctor.report import Line, Part, State
from coedu_bot.homeserver import HomeserverError, SessionLost
from coedu_bot.matrix import Login
from coedu_bot.matrix.account import SessionFile
from coedu_bot.matrix.cross_signing import Standing
from coedu_bot.matrix.standing import AccountStanding, Device, identity_desk

_FEW_KEYS = 10


async def examine_account(config: Config, clock: Clock, pulse: Mapping[str, Any]) -> Part:
    """Asks the homeserver with the saved session; a folder without one is not logged in for this."""
    try:
        if SessionFile(config.data).load() is None:
            line = Line("the bot has never logged in from here", State.NOTE, "start it with coedu-bot run")
            return Part("identity", [line], {"user": config.login.user})
        said = config.login
        login = Login(said.homeserver, said.user, said.password, said.access_token, said.recovery_key)
        async with identity_desk(login, config.data, clock) as desk:
            standing, keys = await desk.standing(), await desk.count_one_time_keys()
    except SessionLost as problem:
        line = Line(
            f"the session is lost: {problem}", State.ILL, "set COEDU_PASSWORD and start the bot again"
        )
        return Part("identity", [line], {"user": config.login.user})
    except HomeserverError as problem:
        line = Line(f"the homeserver does not answer: {problem}", State.ILL, "is it there? coedu-bot check")
        return Part("identity", [line], {"user": config.login.user})
    lines = [*_identity(standing, pulse), *map(_device, standing.devices), _one_time_keys(keys, pulse)]
    return Part("identity", lines, {**asdict(standing), "one_time_keys": keys})


def _identity(standing: AccountStanding, pulse: Mapping[str, Any]) -> Iterator[Line]:
    if standing.master is None:
        yield Line(f"{standing.user} has no identity yet", State.NOTE, "coedu-bot run makes one")
    elif standing.is_ours:
        yield Line(f"{standing.user}: the identity is {standing.master}, its keys are here")
    else:
        yield Line(f"{standing.user}: the identity {standing.master} is not ours", State.ILL, _FOREIGN)
    if not standing.has_recovery_key:
        mend = "coedu-bot identity --new"
        yield Line("no recovery key: if this machine is lost, so is the identity", State.NOTE, mend)
    said = str(pulse.get("signed"))
    if said in Standing.__members__ and said not in ("SIGNED", "UNKNOWN", "FOREIGN"):
        yield Line(f"the running bot says: {Standing[said].value}", State.ILL)


_FOREIGN = Standing.FOREIGN.value.partition(": ")[2]


def _device(device: Device) -> Line:
    who = f"device {device.id} ({device.name or 'without a name'}{', this bot' if device.current else ''})"
    if device.signed:
        return Line(f"{who}: signed")
    if not device.encrypts:
        return Line(f"{who}: has no keys", State.ILL if device.current else State.WELL, _restart(device))
    state = State.ILL if device.current else State.NOTE
    return Line(f"{who}: not signed; Element shows a red shield", state, _restart(device))


def _restart(device: Device) -> str:
    return "start the bot again" if device.current else "log that device out if nobody uses it"


def _one_time_keys(count: int, pulse: Mapping[str, Any]) -> Line:
    unused = pulse.get("keys", {}).get("fallback_unused")
    fallback = {True: ", a fallback key beside them", False: ", the fallback key is in use"}.get(unused, "")
    state = State.NOTE if count < _FEW_KEYS else State.WELL
    mend = "the running bot brings more by itself" if state is State.NOTE else ""
    return Line(f"{count} one-time keys at the homeserver{fallback}", state, mend)
