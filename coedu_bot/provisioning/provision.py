"""`apply` as a whole: survey, plan, and the steps one after the other."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from coedu_bot.clock import Clock
from coedu_bot.config import Config
from coedu_bot.events import UserId
from coedu_bot.homeserver import Homeserver, HomeserverError, SessionLost
from coedu_bot.language.catalog import Catalog
from coedu_bot.provisioning.perform import Performer
from coedu_bot.provisioning.plan import plan
from coedu_bot.provisioning.steps import Plan, Step
from coedu_bot.provisioning.survey import Survey
from coedu_bot.provisioning.wanted import Picture, WantedRoom, reference, wanted_rooms
from coedu_bot.school.school import School
from coedu_bot.store.database import Database

Told = Callable[[Step, str | None], Awaitable[None]]
"""Told of every step once it is done, or with why it could not be."""


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
        made, _ = await self._survey(prune)
        return made

    async def perform(self, told: Told, *, prune: bool = False) -> int:
        """Do the difference; returns how many steps could not be done."""
        made, performer = await self._survey(prune)
        failures = 0
        for step in made.steps:
            problem = await _problem_of(performer.perform(step))
            failures += problem is not None
            await told(step, problem)
        return failures

    async def _survey(self, prune: bool) -> tuple[Plan, Performer]:
        wanted = self._wanted()
        found = await Survey(self.homeserver, self.database, self.clock).look(wanted)
        bot: UserId = self.homeserver.user_id
        made = plan(wanted, found, bot, bots=self.school.bots, prune=prune)
        ids = {reference(binding): room.id for binding, room in found.items()}
        return made, Performer(self.homeserver, self.database, self.clock, self.config.folder, ids)

    def _wanted(self) -> list[WantedRoom]:
        language = self.school.language

        def kind_name(kind: str) -> str:
            return self.catalog.get(f"room-kind-{kind}", language)

        return wanted_rooms(self.config.model, self.school, kind_name, self._picture)

    def _picture(self, file: str) -> Picture:
        path: Path = self.config.folder / file
        return Picture(file, hashlib.sha256(path.read_bytes()).hexdigest())


async def _problem_of(act: Awaitable[None]) -> str | None:
    try:
        await act
    except SessionLost:
        raise
    except (HomeserverError, OSError) as problem:
        return str(problem)
    return None
