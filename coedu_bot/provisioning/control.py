"""`apply` on the control socket: the running bot makes the rooms itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from coedu_bot.control import Refusal, Tell
from coedu_bot.homeserver import HomeserverError
from coedu_bot.provisioning.provision import Provision
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


def shown(plan: Plan) -> dict[str, Any]:
    """A plan as plain values, for people and programs."""
    return {"steps": [line(step) for step in plan.steps], "notes": [line(note) for note in plan.notes]}


def line(step: Step | Note) -> dict[str, str]:
    """One step or note as plain values."""
    return {"room": step.binding, "says": str(step)}
