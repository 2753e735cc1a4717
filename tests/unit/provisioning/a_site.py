"""The example's school, its configuration in a folder, and a bot with a homeserver in memory."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from coedu_bot.config import load_config
from coedu_bot.events import StateEvent
from coedu_bot.provisioning.provision import Provision
from coedu_bot.provisioning.steps import Plan, Step
from coedu_bot.testing import FakeBot
from coedu_bot.testing.homeserver import MemoryRoom

ROOT = Path(__file__).resolve().parents[3]
SERVER = "ecole.example"
COEDU = "@coedu:test"


def person(name: str) -> str:
    return f"@{name}:{SERVER}"


class Killed(BaseException):
    """The process ends here."""


@dataclass(slots=True)
class Site:
    """The example's school, its configuration in a folder, and a bot."""

    folder: Path
    bot: FakeBot
    prune: bool = False

    def change(self, old: str, new: str, file: str = "config.yaml") -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def provision(self) -> Provision:
        config = load_config(self.folder / "config.yaml", env={})
        catalog = self.bot.bot.dispatcher.desk.vocabulary.catalog
        school = config.school(self.bot.registry.capabilities)
        return Provision(config, school, catalog, self.bot.homeserver, self.bot.database, self.bot.clock)

    async def plan(self) -> Plan:
        return await self.provision().plan(prune=self.prune)

    async def shown(self) -> list[str]:
        return [f"{step.binding}: {step}" for step in (await self.plan()).steps]

    async def apply(self, killed_after: int | None = None) -> list[Step]:
        """Apply; the steps that were done, in order."""
        done: list[Step] = []

        async def told(step: Step, problem: str | None) -> None:
            assert problem is None, (step, problem)
            done.append(step)
            if len(done) == killed_after:
                raise Killed

        try:
            await self.provision().perform(told, prune=self.prune)
        except Killed:
            self.bot.restart()
        return done

    def room(self, name: str) -> MemoryRoom:
        (found,) = [one for one in self.bot.homeserver.rooms.values() if name_of(one) == name]
        return found

    def content(self, room: str, type_: str, key: str = "") -> dict[str, object]:
        return dict(self.room(room).state[type_, key].content)

    def powers(self, room: str) -> object:
        return self.content(room, "m.room.power_levels")["users"]

    def accept_all(self) -> None:
        for room in self.bot.homeserver.rooms.values():
            for user in room.members("invite"):
                self.member(room, user, "join", user)

    def member(self, room: MemoryRoom, user: str, membership: str, by: str) -> None:
        event = StateEvent("m.room.member", user, {"membership": membership}, by)
        self.bot.homeserver.put_state(room.id, event)


def name_of(room: MemoryRoom) -> object:
    event = room.state.get(("m.room.name", ""))
    return event.content["name"] if event else None


def write_example(folder: Path) -> None:
    shutil.copytree(ROOT / "examples", folder / "examples")
    text = (ROOT / "config.example.yaml").read_text(encoding="utf-8")
    (folder / "config.yaml").write_text(text.replace('user: "@coedu:ecole.example"', f'user: "{COEDU}"'))
