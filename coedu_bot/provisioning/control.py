"""`apply` on the control socket: the running bot makes the rooms itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from coedu_bot.control import Refusal, Tell
from coedu_bot.homeserver import HomeserverError
from coedu_bot.provisioning.provision import Provision, Told
from coedu_bot.provisioning.steps import Note, Plan, Step


@dataclass(frozen=True, slots=True)
class ApplyVerb:
    """Answers with a plan or, where the request says `do`, does it."""

    provision: Callable[[], Provision]

    async def __call__(self, request: Mapping[str, Any], tell: Tell) -> Mapping[str, Any]:
        prune = request.get("prune") is True
        try:
            if request.get("do") is not True:
                return shown(await self.provision().plan(prune=prune))
            return {"failed": await self._perform(prune, tell)}
        except (HomeserverError, OSError) as problem:
            raise Refusal(str(problem)) from problem

    async def _perform(self, prune: bool, tell: Tell) -> int:
        async def told(step: Step, problem: str | None) -> None:
            await tell({**line(step), "problem": problem})

        return await self.provision().perform(told, prune=prune)


@dataclass(frozen=True, slots=True)
class ShutOut:
    """Whom the configuration keeps from shared rooms leaves them at once, not at the next `apply`."""

    provision: Callable[[], Provision]
    told: Told

    async def now(self) -> None:
        """After a reload; what the homeserver refuses is left to `apply` and `check`."""
        with suppress(HomeserverError):
            await self.provision().shut_out(self.told)

    async def if_known_of(self) -> None:
        """After a start: only where the database knows of somebody, as looking at all rooms takes time."""
        if await self.provision().has_to_shut_out():
            await self.now()


def shown(plan: Plan) -> dict[str, Any]:
    """A plan as plain values, for people and programs."""
    return {"steps": [line(step) for step in plan.steps], "notes": [line(note) for note in plan.notes]}


def line(step: Step | Note) -> dict[str, str]:
    """One step or note as plain values."""
    return {"room": step.binding, "says": str(step)}
