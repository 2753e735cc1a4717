"""The bot as a process: start, run until told to stop, end within five seconds, never logging out."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from coedu_bot import log, memory
from coedu_bot.app import Account, Bot, assemble, branches, load_registry
from coedu_bot.clock import Clock, SystemClock
from coedu_bot.config import Config, ConfigError, load_config
from coedu_bot.control import ControlServer
from coedu_bot.delivery.directs import want_directs
from coedu_bot.dispatch.verifying import may_verify
from coedu_bot.doctor.pulse import PulseVerb
from coedu_bot.events import SyncBatch
from coedu_bot.family_files import FilesBesideConfig
from coedu_bot.homeserver import Homeserver, HomeserverError, SessionLost
from coedu_bot.matrix import Login, MatrixClient, open_client
from coedu_bot.matrix.lock import DataFolderLock, LockedError
from coedu_bot.provisioning.control import ApplyVerb, ShutOut
from coedu_bot.provisioning.provision import Provision
from coedu_bot.provisioning.steps import Step
from coedu_bot.reloading import Reloader
from coedu_bot.store import suspensions
from coedu_bot.store.database import Database, open_database
from coedu_bot.store.migrate import NewerDatabase, migrate
from coedu_bot.systemd import Supervisor
from coedu_bot.verifying import VerifyVerb
from coedu_bot.web.vitals import Examination

logger = log.logger(__name__)

Loop: TypeAlias = Coroutine[Any, Any, None]

_TO_FINISH = 3.0
"""Seconds that what is being sent has to end, once the process is told to stop."""

_TO_ANSWER = 0.3
_OUT_OF_TOUCH = 5.0
"""Seconds after a start until everything runs: after the first sync was taken; without one."""


def main(arguments: Sequence[str]) -> int:
    """`coedu-bot run`: 0 after a stop that was asked for, 2 for a wrong configuration, 1 for the rest."""
    options = _options(arguments)
    log.configure(debug=options.debug, json=not sys.stderr.isatty())
    path = Path(options.config)
    try:
        config = load_config(path, env=os.environ)
    except ConfigError as problems:
        print(problems, file=sys.stderr)  # noqa: T201
        return 2
    return asyncio.run(_run(path, config, SystemClock(timedelta(seconds=options.clock_offset))))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("coedu-bot run")
    parser.add_argument("--config", default=os.environ.get("COEDU_CONFIG", "config.yaml"))
    parser.add_argument("--debug", action="store_true")
    parser.add_argument("--clock-offset", type=float, default=0.0, help="seconds; for the demo")
    return parser.parse_args(arguments)


async def _run(path: Path, config: Config, clock: SystemClock) -> int:
    stop = asyncio.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_, stop.set)
    try:
        async with started(config, clock) as (bot, client), _controlled(path, config, bot, client):
            memory.keep_what_is()
            logger.info("ready", user=client.user_id, plugins=sorted(bot.registry.plugins))
            return await _supervised(stop, config, bot, client)
    except (LockedError, NewerDatabase, HomeserverError) as problem:
        logger.error("cannot-run", problem=str(problem))
        return 1


@asynccontextmanager
async def started(config: Config, clock: SystemClock) -> AsyncIterator[tuple[Bot, MatrixClient]]:
    """Everything opened, migrated and joined up, and closed again in reverse."""
    async with contextlib.AsyncExitStack() as stack:
        config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        stack.enter_context(DataFolderLock(config.data))
        registry, failed = load_registry(config.plugins, config.plugin_path)
        registry.nearer = config.nearer
        for name, why in failed.items():
            logger.error("plugin-not-loaded", plugin=name, why=why)
        database = await open_database(config.database, config.data)
        stack.push_async_callback(database.close)
        await migrate(database, branches(registry), backup_to=config.data)
        login = login_of(config)
        client = await open_client(login, config.data, clock, clock.offset)
        stack.push_async_callback(client.close)
        account = await _account(config, client)
        school = config.school(registry.capabilities)
        bot = assemble(school, registry, database, client.homeserver, clock, account)
        await _prepare(bot, database, clock)
        yield bot, client


async def _log_step(step: Step, problem: str | None) -> None:
    logger.info("step", room=step.binding, problem=problem)


def provision_of(config: Config, bot: Bot, homeserver: Homeserver) -> Provision:
    """What makes the rooms of a configuration, with this account."""
    catalog = bot.dispatcher.desk.vocabulary.catalog
    return Provision(config, bot.current.school, catalog, homeserver, bot.database, bot.clock)


def login_of(config: Config) -> Login:
    """The account as matrix/ takes it."""
    said = config.login
    given = (said.password, said.access_token, said.recovery_key)
    return Login(said.homeserver, said.user, *given, config.only_signed_devices)


@asynccontextmanager
async def _controlled(path: Path, config: Config, bot: Bot, client: MatrixClient) -> AsyncIterator[None]:
    """Open to the verbs that change something while the bot runs, and to SIGHUP."""
    reloader = Reloader(path, config, bot)

    def provision() -> Provision:
        return provision_of(reloader.config, bot, client.homeserver)

    shut_out = ShutOut(provision, _log_step)
    reloader.after.append(shut_out.now)
    bot.current.family_files = FilesBesideConfig(reloader)
    apply = ApplyVerb(provision)
    pulse = PulseVerb(bot, client)
    client.verifications.may_ask = lambda user: may_verify(bot.current.school, user)
    verify = VerifyVerb(client.verifications)
    control = ControlServer({"reload": reloader.verb, "apply": apply, "doctor": pulse, "verify": verify})
    loop = asyncio.get_running_loop()
    running: set[asyncio.Task[None]] = set()

    def begin(act: Coroutine[Any, Any, None]) -> None:
        task = loop.create_task(act)
        running.add(task)
        task.add_done_callback(running.discard)

    loop.add_signal_handler(signal.SIGHUP, lambda: begin(reloader.on_signal()))
    async with control.open(config.data):
        begin(shut_out.if_known_of())  # changed while the bot was down
        yield
        await _end(list(running))


async def _account(config: Config, client: MatrixClient) -> Account:
    return Account(
        name=await client.display_name(),
        device_id=client.device_id,
        prefix=config.prefix,
        stale_after=config.stale_after,
        encrypt_direct=config.encrypt_direct,
        invited_by=tuple(config.invited_by),
    )


async def _prepare(bot: Bot, database: Database, clock: Clock) -> None:
    async with database.transaction() as db:
        bot.current.suspend(*await suspensions.list_suspended(db))
        await want_directs(db, clock.now())
    await bot.follow_school()
    await bot.dispatcher.replay_known()
    bot.ticker.every(timedelta(hours=6), bot.forget_old)
    bot.ticker.every(timedelta(minutes=1), bot.dispatcher.replay_known)


async def _supervised(stop: asyncio.Event, config: Config, bot: Bot, client: MatrixClient) -> int:
    """Run, with whoever looks after the process told how it is."""
    supervisor = Supervisor.of(os.environ)
    examination = Examination(bot.database, bot.clock, client.synced_at)
    supervisor.tell("READY=1")
    watching = asyncio.create_task(supervisor.watch(examination))
    try:
        return await _until(stop, bot, client, partial(_served, config.listen, bot, examination))
    finally:
        supervisor.tell("STOPPING=1")
        await _end([watching])


async def _served(listen: str, bot: Bot, examination: Examination) -> None:
    """The pages for whoever looks after the process, for ever."""
    from coedu_bot.web.server import serving  # a twentieth of a second that no first answer waits for

    async with serving(listen, examination, bot.dispatcher.desk.meters, bot.sender.turnstile):
        await asyncio.Event().wait()


async def _until(stop: asyncio.Event, bot: Bot, client: MatrixClient, served: Callable[[], Loop]) -> int:
    """Run all loops; ends when told to, or when one of them cannot go on."""
    sending = asyncio.create_task(bot.sender.run())
    others = [asyncio.create_task(loop) for loop in await _loops(bot, client, served)]
    stopping = asyncio.create_task(_wait(stop))
    done, _ = await asyncio.wait({sending, stopping, *others}, return_when=asyncio.FIRST_COMPLETED)
    await _end(others)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(bot.sender.idle(), _TO_FINISH)
    await _end([sending, stopping])
    return _outcome(done - {stopping})


async def _loops(bot: Bot, client: MatrixClient, served: Callable[[], Loop]) -> Sequence[Loop]:
    """What runs beside the sender; who wrote while the bot was down is answered before it does the rest."""
    token, taken = await bot.intake.token(), asyncio.Event()
    if token is None:  # a first sync is long: the rooms with one person are found meanwhile
        taken.set()

    async def take(batch: SyncBatch) -> None:
        await bot.intake.take(batch)
        taken.set()

    async def later(run: Callable[[], Loop]) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(taken.wait(), _OUT_OF_TOUCH)
            await bot.clock.sleep(_TO_ANSWER)
        await run()

    async def work() -> None:
        memory.settle()
        await bot.worker.run()

    sync = client.run(take, token, bot.intake.waiting_for_keys)
    return sync, bot.ticker.run(), later(work), later(served)


async def _wait(stop: asyncio.Event) -> None:
    await stop.wait()


async def _end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _outcome(ended: set[asyncio.Task[Any]]) -> int:
    for task in ended:
        problem = task.exception()
        if isinstance(problem, SessionLost):
            logger.error("session-lost", advice="give a new access token or the password, then start again")
        elif problem is not None:
            raise problem
        return 1
    return 0
