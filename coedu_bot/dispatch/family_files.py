"""A coordinator without a shell sends a families file privately: what it changes, ✅, done."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from coedu_bot.clock import Clock
from coedu_bot.core import plugin
from coedu_bot.delivery import tasks
from coedu_bot.delivery.cause import Cause
from coedu_bot.delivery.tasks import Finish, Perform
from coedu_bot.dispatch.desk import Desk
from coedu_bot.effects import Choice, Effects, Menu, Post
from coedu_bot.events import MediaFile, MessageReceived, UserId
from coedu_bot.homeserver import Homeserver, Refused
from coedu_bot.menu_context import MenuContext
from coedu_bot.message import Block, Bullets, Message, Written, says
from coedu_bot.new_families import FamilyChange, FamilyFiles, UnusableFile
from coedu_bot.plugin import NoSettings
from coedu_bot.school.rights import Role
from coedu_bot.store.database import Row, Transaction

_LARGEST = 2_000_000
_MOST_PROBLEMS = 20
_LONGEST_LINE = 300  # else the answer would be too large to be sent


def is_meant(desk: Desk, event: MessageReceived) -> bool:
    """Whether a private message brings a families file from somebody who may."""
    person = desk.school.people.get(event.sender)
    coordinates = person is not None and Role.COORDINATOR in person.roles
    name = event.file.name.casefold() if event.file else ""
    return coordinates and desk.current.family_files is not None and name.endswith((".csv", ".tsv"))


async def want_read(db: Transaction, event: MessageReceived, now: datetime) -> None:
    """Have it fetched and looked into."""
    payload = {"file": asdict(event.file) if event.file else {}, "person": event.sender}
    await tasks.add_task(db, "read-families", event.event_id, payload, now)


@plugin.menu("families")
async def decided(ctx: MenuContext[NoSettings], choice: str) -> Effects:
    """Take the file, or leave all as it is."""
    person = ctx.school.people.get(ctx.actor.id)
    if choice != "yes" or person is None or Role.COORDINATOR not in person.roles:
        return ctx.reply("families-left")
    payload = {**ctx.payload, "person": ctx.actor.id}
    await tasks.add_task(ctx.db, "take-families", ctx.event.event_id, payload, ctx.now)
    return None


@dataclass(frozen=True, slots=True)
class FamilyReceiving:
    """Performs what takes the network and files; doing either twice does no harm."""

    desk: Desk
    homeserver: Homeserver
    clock: Clock

    def by_kind(self) -> Mapping[str, Perform]:
        return {"read-families": self.read, "take-families": self.take}

    async def read(self, task: Row) -> Finish:
        """Say what the file would change, and ask."""
        person, file = task.payload["person"], MediaFile(**task.payload["file"])
        try:
            data = await self._fetched(file)
            change = await self._files().examine(file.name, data)
        except (UnusableFile, Refused) as problem:
            return self._told(person, _refused(problem))
        payload = {"file": task.payload["file"], "digest": hashlib.sha256(data).hexdigest()}
        choices = (Choice("yes", says("families-take")), Choice("no", says("families-leave")))
        question = (*_shown(change), says("families-ask"))
        return self._told(
            person, Menu(person=person, name="families", question=question, choices=choices, payload=payload)
        )

    async def take(self, task: Row) -> Finish:
        """Use the file, if it is still the one that was shown."""
        person, file = task.payload["person"], MediaFile(**task.payload["file"])
        try:
            data = await self._fetched(file)
            if hashlib.sha256(data).hexdigest() != task.payload["digest"]:
                raise UnusableFile([file.name])
            change = await self._files().take(file.name, data)
        except (UnusableFile, Refused) as problem:
            return self._told(person, _refused(problem))
        return self._told(person, Message("reply", (says("families-taken", file=change.file),)))

    async def _fetched(self, file: MediaFile) -> bytes:
        if file.size > _LARGEST:
            raise UnusableFile([f"{file.name}: > {_LARGEST // 1_000_000} MB"])
        return await self.homeserver.download(file, _LARGEST)

    def _files(self) -> FamilyFiles:
        files = self.desk.current.family_files
        if files is None:
            raise UnusableFile(["-"])
        return files

    def _told(self, person: UserId, what: Message | Menu) -> Finish:
        effect = what if isinstance(what, Menu) else Post(person=person, message=what)

        async def finish(db: Transaction) -> None:
            await self.desk.outbox.put(db, effect, Cause("core", None, self.clock.now()))

        return finish


def _shown(change: FamilyChange) -> list[Block]:
    blocks: list[Block] = [says("families-plan", file=change.file, households=change.households)]
    if change.added:
        blocks.append(says("families-added", names=list(change.added)))
    if change.gone:
        blocks.append(says("families-gone", names=list(change.gone)))
    return blocks


def _refused(problem: UnusableFile | Refused) -> Message:
    lines = problem.problems if isinstance(problem, UnusableFile) else (str(problem),)
    shown = [textwrap.shorten(line.replace("`", "’"), _LONGEST_LINE, placeholder=" …") for line in lines]
    told = tuple(Written(f"`{line}`") for line in shown[:_MOST_PROBLEMS])
    return Message("error", (says("families-wrong"), Bullets(told)))
