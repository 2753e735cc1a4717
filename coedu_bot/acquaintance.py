"""What the bot knows of people: languages and choices, who can be written to, who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from coedu_bot.events import UserId
from coedu_bot.rooms import Room
from coedu_bot.school.hours import hours_of
from coedu_bot.store import people
from coedu_bot.waking import Waking


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquaintance(Waking):
    """The part of every context that has to do with people: as the school and the database know them."""

    @property
    def today(self) -> date:
        """The day it is at the school."""
        return self.now.astimezone(ZoneInfo(self.school.zone)).date()

    async def language_of(self, user: UserId) -> str:
        """The person's own language: chosen by chat, else of the YAML, else the school's."""
        return (await self.languages_of([user]))[user]

    async def languages_of(self, users: Iterable[UserId]) -> dict[UserId, str]:
        """Everyone's own language, in one query."""
        chosen = await self.choices_of(users, "language")
        return {user: self._language(user, choice) for user, choice in chosen.items()}

    def _language(self, user: UserId, chosen: Any) -> str:
        person = self.school.person(user)
        return str(chosen or (person and person.language) or self.school.language)

    async def choices_of(self, users: Iterable[UserId], name: str) -> dict[UserId, Any]:
        """What each of these people chose by chat under this name, None where nothing; in one query."""
        settings = await people.list_settings(self.db, users)
        return {user: chosen.get(name) for user, chosen in settings.items()}

    async def keep_choice(self, user: UserId, name: str, value: Any) -> None:
        """Remember what somebody chose by chat."""
        await people.mark_setting(self.db, user, name, value)

    def languages_at(self, room: Room) -> tuple[str, ...]:
        """The languages that a room speaks: set by chat, else as the YAML has it."""
        return room.languages or tuple(self.school.languages_of(room))

    def spoken_languages(self) -> list[str]:
        """Every language that the school writes in, and those all schools do."""
        classes = (language for class_ in self.school.classes.values() for language in class_.languages)
        return list(dict.fromkeys((self.school.language, "fr", "en", *classes)))

    async def in_touch(self, users: Iterable[UserId]) -> set[UserId]:
        """Those of these people whose direct room is open, in one query."""
        directs = await people.list_directs(self.db, users)
        return {user for user, direct in directs.items() if direct.state == "joined"}

    def responsible_for(self, user: UserId) -> UserId:
        """Who is written to instead of somebody today: their substitute, else they themselves."""
        substitute = self.school.substitute_of(user, self.today)
        return substitute.id if substitute else user

    async def opens_at(self, room: Room, at: datetime | None = None) -> datetime | None:
        """When what can wait goes to a shared room, wanted now or `at` a moment; None if at once."""
        wanted = at or self.now
        opens = hours_of(self.school, room.settings).opens_at(wanted)
        return opens if opens > wanted else None
