"""What is kept of a person, handed to them as a file; and its erasure, once they have read that it comes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Table

from coedu_bot.clock import Clock
from coedu_bot.delivery.cause import Cause
from coedu_bot.delivery.tasks import Finish, Perform
from coedu_bot.dispatch.belonging import belongs
from coedu_bot.dispatch.desk import Desk
from coedu_bot.effects import Attachment, Post
from coedu_bot.events import UserId
from coedu_bot.homeserver import Homeserver, Refused, Unreachable
from coedu_bot.message import Bullets, Day, Message, Says, says
from coedu_bot.school.school import School
from coedu_bot.store import erasures, outbox, people, rooms
from coedu_bot.store.database import Database, Row, Transaction
from coedu_bot.store.personal import erase_person, export_person

EXPORT, ERASE = "export-person", "erase-person"
_WAITS = timedelta(days=2)
"""So long the last word to a person may take to reach them; then they are forgotten all the same."""
_NOT_TOLD = frozenset({"suspension"})
"""Who keeps somebody away from a child, and since when, is told by the school, never by a bot."""
_KINDS = {
    "person_setting": "settings",
    "direct_room": "settings",
    "informed_guardian": "settings",
    "room_member": "rooms",
    "outbox": "messages",
    "relay": "messages",
}
_CORE_TRACES = frozenset(
    {"command", "reaction", "poll_answer", "menu", "dialogue", "shared_file", "undecrypted_event", "item"}
    | {"withheld_key", "task", "erasure"}
)


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Performs the tasks behind `mes données` and an erasure that was granted."""

    desk: Desk
    homeserver: Homeserver
    database: Database
    clock: Clock
    tables: Sequence[Table]

    def by_kind(self) -> Mapping[str, Perform]:
        return {EXPORT: self.export, ERASE: self.erase}

    async def export(self, task: Row) -> Finish:
        """Everything goes into one file, made in the transaction that sends it."""

        async def finish(db: Transaction) -> None:
            found = await export_person(db, self.tables, task.subject)
            told = {name: rows for name, rows in found.items() if name not in _NOT_TOLD}
            post = Post(person=task.subject, message=_listed(told), attachment=self._file(task.subject, told))
            await self.desk.outbox.put(db, post, Cause("core", task.subject, self.clock.now()))

        return finish

    def _file(self, user: UserId, found: Mapping[str, Any]) -> Attachment:
        school = self.desk.school
        head = {"person": user, "school": school.name, "controller": school.controller}
        about = {**head, "contact": school.contact, "made_at": self.clock.now().isoformat()}
        text = json.dumps({**about, "data": found}, ensure_ascii=False, indent=1)
        return Attachment("donnees.json", "application/json", text.encode())

    async def erase(self, task: Row) -> Finish:
        """Leave the room with somebody who is not of the school any more, and forget them."""
        async with self.database.reading() as db:
            await self._check_told(db, task)
            still_here = await belongs(db, self.desk.school, task.subject)
            direct = await people.get_direct(db, task.subject)
        if direct is not None and direct.room_id and not still_here:
            await self._leave(task.subject, direct.room_id)

        async def finish(db: Transaction) -> None:
            await self._forget(db, task, still_here=still_here)

        return finish

    async def _check_told(self, db: Transaction, task: Row) -> None:
        """Raises Unreachable while the person has not been sent the last word yet."""
        notice = await outbox.get_row(db, task.payload["notice"])
        request = await erasures.get_erasure(db, task.payload["request"])
        waits = notice is not None and notice.state in outbox.PENDING
        if waits and request is not None and self.clock.now() - request.decided_at < _WAITS:
            raise Unreachable("the person is to read of it first")

    async def _leave(self, user: UserId, room: str) -> None:
        with suppress(Refused):  # out of it already
            await self.homeserver.leave(room)
        listed = await self.homeserver.get_account_data("m.direct")
        if user in listed:
            kept = {other: there for other, there in listed.items() if other != user}
            await self.homeserver.set_account_data("m.direct", kept)

    async def _forget(self, db: Transaction, task: Row, *, still_here: bool) -> None:
        user, request = task.subject, await erasures.get_erasure(db, task.payload["request"])
        names = await names_of(db, self.desk.school, user)
        await erasures.mark_erased(db, task.payload["request"])
        await erase_person(db, self.tables, user, names, still_here=still_here)
        if request is not None and request.decided_by:
            listed = still_here and user in self.desk.school.families.guardians
            stays = says("erasure-stays-list" if listed else "erasure-stays")
            message = Message("reply", (says("erasure-done", day=Day(request.asked_at)), stays))
            post = Post(person=request.decided_by, message=message)
            await self.desk.outbox.put(db, post, Cause("core", None, self.clock.now()))


async def names_of(db: Transaction, school: School, user: UserId) -> list[str]:
    """How somebody is called: by the school, and as they show themselves in rooms."""
    person = school.person(user)
    shown = await rooms.list_display_names(db, user)
    return [name for name in dict.fromkeys([person.name if person else "", *shown]) if name]


def _listed(found: Mapping[str, Sequence[Any]]) -> Message:
    """How much there is of what, in words."""
    counts: dict[str, int] = {}
    for name, rows in found.items():
        kind = _KINDS.get(name) or ("traces" if name in _CORE_TRACES else "features")
        counts[kind] = counts.get(kind, 0) + len(rows)
    lines: tuple[Says, ...] = tuple(
        says("mydata-line", what=says(f"data-{kind}"), count=number) for kind, number in counts.items()
    )
    return Message("reply", (says("mydata"), Bullets(lines), says("mydata-more")))
