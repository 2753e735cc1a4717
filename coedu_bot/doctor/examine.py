"""Examines a bot from beside it, whether it runs or not, part by part."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from coedu_bot.app import branches, load_registry
from coedu_bot.clock import Clock
from coedu_bot.config import Config
from coedu_bot.doctor.account import examine_account
from coedu_bot.doctor.encryption import examine_encryption
from coedu_bot.doctor.keeping import examine_database, examine_outbox, examine_rooms, examine_timers
from coedu_bot.doctor.pulse import take_pulse
from coedu_bot.doctor.report import Line, Part, State
from coedu_bot.homeserver import SessionLost
from coedu_bot.registry import Registry
from coedu_bot.store.database import Database, DatabaseUnavailable, open_database


async def examine(config: Config, clock: Clock) -> AsyncIterator[Part]:
    """Every part, as it is found; nothing is changed, and nobody is logged in."""
    process, pulse = await take_pulse(config.data)
    yield process
    registry, failed = load_registry(config.plugins, config.plugin_path)
    if failed:
        ill = [Line(f"{name} cannot be loaded: {why}", State.ILL) for name, why in failed.items()]
        yield Part("plugins", ill, {"failed": dict(failed)})
    yield await examine_account(config, clock, pulse)
    async for part in _kept(config, registry, clock, pulse):
        yield part


async def _kept(
    config: Config, registry: Registry, clock: Clock, pulse: Mapping[str, Any]
) -> AsyncIterator[Part]:
    """What stands in the database, if there is one."""
    if config.database == "sqlite" and not (config.data / "coedu.db").exists():
        line = Line(f"there is none in {config.data} yet", State.NOTE, "start the bot once")
        yield Part("database", [line])
        return
    try:
        database = await open_database(config.database, config.data)
    except DatabaseUnavailable as problem:
        yield _silent(problem)
        return
    try:
        async for part in _of_database(config, registry, database, clock, pulse):
            yield part
    except DatabaseUnavailable as problem:
        yield _silent(problem)
    finally:
        await database.close()


def _silent(problem: DatabaseUnavailable) -> Part:
    return Part(
        "database", [Line(f"it does not answer: {problem}", State.ILL, "is it there, is the disk full?")]
    )


async def _of_database(
    config: Config, registry: Registry, database: Database, clock: Clock, pulse: Mapping[str, Any]
) -> AsyncIterator[Part]:
    now, alive = clock.now(), bool(pulse)
    yield await examine_database(database, branches(registry), now)
    async with database.reading() as db:
        yield await examine_outbox(db, now, alive)
        yield await examine_timers(db, now, alive)
        yield await examine_rooms(db)
    try:
        yield await examine_encryption(config, database, now, pulse)
    except SessionLost as problem:
        yield Part("encryption", [Line(str(problem), State.ILL)])
