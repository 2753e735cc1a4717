"""From what is on the disk to a signed device: each step may be done again after a kill."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from coedu_bot.clock import Clock
from coedu_bot.homeserver import RateLimited, Unreachable
from coedu_bot.log import logger
from coedu_bot.matrix.account import Login, Session, SessionFile, open_new_device, open_session
from coedu_bot.matrix.cross_signing import CrossSigning, Standing
from coedu_bot.matrix.encryption import Encryption
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.old_devices import earlier_devices, remove_devices

log = logger(__name__)

T = TypeVar("T")

_PATIENCE = (1, 2, 4, 8, 15, 30)
"""Seconds between attempts at the start: homeserver and bot may be started together."""


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """A device that is logged in, with its crypto store and its identity."""

    session: Session
    encryption: Encryption
    signing: CrossSigning


async def open_account(login: Login, http: Http, file: SessionFile, clock: Clock) -> OpenAccount:
    """Go on with the last device, or begin a new one where its keys are lost. Raises SessionLost."""
    session = await _patiently(partial(open_session, login, http, file), clock)
    encryption = _encryption(login, http, file, session, clock)
    try:
        problem = await _patiently(encryption.misfit, clock)
        if problem is not None:
            log.warning("device-left-behind", device=session.device_id, why=problem)
            encryption.close()
            session = await open_new_device(login, http, file, session, problem)
            encryption = _encryption(login, http, file, session, clock)
        await encryption.keep_house()
        signing = CrossSigning(http, session.device_id, file.identity, login)
        await signing.keep_house()
        session = await _clear_up(login, http, file, session, signing)
    except BaseException:
        encryption.close()
        raise
    return OpenAccount(session, encryption, signing)


def _encryption(login: Login, http: Http, file: SessionFile, session: Session, clock: Clock) -> Encryption:
    path = file.store_of(session.device_id)
    return Encryption.open(http, session, path, clock, only_signed=login.only_signed_devices)


async def _clear_up(
    login: Login, http: Http, file: SessionFile, session: Session, signing: CrossSigning
) -> Session:
    """Remove the devices this one takes the place of, once others can trust this one."""
    if signing.standing is not Standing.SIGNED:
        return session
    left = list(session.left_behind)
    if signing.restored:  # another machine's, whose folder is not here
        left += [device for device in await earlier_devices(http, session) if device not in left]
    if left and await remove_devices(http, login, session, left):
        session = replace(session, left_behind=())
        file.save(session)
    return session


async def _patiently(act: Callable[[], Awaitable[T]], clock: Clock) -> T:
    for wait in _PATIENCE:
        try:
            return await act()
        except (Unreachable, RateLimited) as problem:
            log.info("homeserver-not-there-yet", problem=str(problem))
            await clock.sleep(problem.retry_after if isinstance(problem, RateLimited) else wait)
    return await act()
