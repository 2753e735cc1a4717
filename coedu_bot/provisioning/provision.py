"""`apply` as a whole: survey, plan, and the steps one after the other."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coedu_bot.clock import Clock
from coedu_bot.config import Config
from coedu_bot.events import RoomId
from coedu_bot.homeserver import Homeserver, HomeserverError, SessionLost
from coedu_bot.language.catalog import Catalog
from coedu_bot.provisioning.perform import Performer
from coedu_bot.provisioning.plan import plan
from coedu_bot.provisioning.steps import Plan, Remove, Step
from coedu_bot.provisioning.survey import RoomReader, Survey
from coedu_bot.provisioning.wanted import Picture, WantedRoom, reference, wanted_rooms
from coedu_bot.school.school import School
from coedu_bot.store import rooms
from coedu_bot.store.database import Database

Told = Callable[[Step, str | None], Awaitable[None]]
"""Told of every step once it is done, or with why it could not be."""


@dataclass(frozen=True, slots=True)
class Planning:
    """Compares what a configuration wants with what an account sees."""

    config: Config
    school: School
    catalog: Catalog
    homeserver: RoomReader
    database: Database | None
    clock: Clock

    async def survey(self, *, prune: bool = False) -> tuple[Plan, dict[str, RoomId]]:
        """The plan, and the ids of the rooms that are there by reference."""
        wanted = self.wanted()
        found = await Survey(self.homeserver, self.database, self.clock).look(wanted)
        made = plan(wanted, found, self.homeserver.user_id, bots=self.school.bots, prune=prune)
        return made, {reference(binding): room.id for binding, room in found.items()}

    def wanted(self) -> list[WantedRoom]:
        """The rooms as the configuration wants them."""
        language = self.school.language

        def kind_name(kind: str) -> str:
            return self.catalog.get(f"room-kind-{kind}", language)

        return wanted_rooms(self.config.model, self.school, kind_name, self._picture)

    def _picture(self, file: str) -> Picture:
        path: Path = self.config.folder / file
        return Picture(file, hashlib.sha256(path.read_bytes()).hexdigest())


@dataclass(frozen=True, slots=True)
class Provision:
    """Makes the rooms of a configuration with the bot's account."""

    config: Config
    school: School
    catalog: Catalog
    homeserver: Homeserver
    database: Database
    clock: Clock

    async def plan(self, *, prune: bool = False) -> Plan:
        """What `perform` would do now."""
        made, _ = await self._planning().survey(prune=prune)
        return made

    async def perform(self, told: Told, *, prune: bool = False) -> int:
        """Do the difference; returns how many steps could not be done."""
        made, ids = await self._planning().survey(prune=prune)
        return await self._do(made.steps, ids, told)

    async def has_to_shut_out(self) -> bool:
        """Whether somebody must leave a room, as the database has it: nothing is asked of the homeserver."""
        async with self.database.reading() as db:
            for wanted in self._planning().wanted():
                room = await rooms.get_bound_room(db, wanted.binding) if wanted.shut_out else None
                if room is not None and await rooms.list_company(db, room.id) & wanted.shut_out:
                    return True
        return False

    async def shut_out(self, told: Told) -> int:
        """Only take out of shared rooms whoever must not be in them; returns how many could not be."""
        made, ids = await self._planning().survey()
        return await self._do([step for step in made.steps if isinstance(step, Remove)], ids, told)

    async def _do(self, steps: Sequence[Step], ids: dict[str, RoomId], told: Told) -> int:
        performer = Performer(self.homeserver, self.database, self.clock, self.config.folder, ids)
        failures = 0
        for step in steps:
            problem = await _problem_of(performer.perform(step))
            failures += problem is not None
            await told(step, problem)
        return failures

    def _planning(self) -> Planning:
        return Planning(self.config, self.school, self.catalog, self.homeserver, self.database, self.clock)


async def _problem_of(act: Awaitable[None]) -> str | None:
    try:
        await act
    except SessionLost:
        raise
    except (HomeserverError, OSError) as problem:
        return str(problem)
    return None
