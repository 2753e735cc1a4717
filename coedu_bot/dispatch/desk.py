"""The dispatcher's desk: what every part of dispatch needs, gathered once by the composition root."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from coedu_bot.context import Actor
from coedu_bot.current import Current
from coedu_bot.delivery.outbox import Cause, Outbox
from coedu_bot.dispatch.meters import Meters
from coedu_bot.dispatch.speech import Ears, Speech, joined, spoken_to
from coedu_bot.dispatch.vocabulary import Vocabulary
from coedu_bot.effects import Effects
from coedu_bot.events import MessageEdited, MessageReceived, RoomEvent, UserId
from coedu_bot.registry import Registry
from coedu_bot.rooms import Room
from coedu_bot.school.hours import ZONE
from coedu_bot.school.school import School
from coedu_bot.store import people, rooms
from coedu_bot.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Desk:
    """School, plugins, words and outbox, for one account."""

    current: Current
    registry: Registry
    vocabulary: Vocabulary
    outbox: Outbox
    ears: Ears
    meters: Meters = field(default_factory=Meters)

    @property
    def school(self) -> School:
        return self.current.school

    @property
    def stale_after(self) -> timedelta:
        return self.current.stale_after

    def settings_at(self, plugin: str, room: Room | None) -> BaseModel:
        """A plugin's settings in a room, as school, class and room resolve them."""
        bound = self.school.room_at(room) if room is not None else None
        places = (bound.binding, f"{bound.class_id}/") if bound is not None else ()
        return self.registry.settings_of(plugin, *places)

    def base(self, db: Transaction, plugin: str, now: datetime, room: Room | None = None) -> dict[str, Any]:
        """The arguments that every context starts with."""
        return {
            "plugin": plugin,
            "letters": self.registry.plugins[plugin].letters,
            "settings": self.settings_at(plugin, room),
            "settings_of": self.settings_at,
            "db": db,
            "now": now,
            "school": self.school,
            "vocabulary": self.vocabulary,
            "bot_id": self.ears.user_id,
            "prefix": self.ears.prefix,
            "stale_after": self.stale_after,
        }

    async def actor(self, db: Transaction, user: UserId, room: Room) -> Actor:
        """Who acts, as the school and the room know them."""
        person = self.school.person(user)
        name = person.name if person and person.name else await rooms.get_display_name(db, room.id, user)
        own = (await people.list_settings(db, [user]))[user]
        language = own.get("language") or (person and person.language) or self.school.language
        zone = own.get(ZONE) or room.settings.get(ZONE)
        return Actor(user, name, str(language), str(zone or self.school.zone), bool(zone))

    def hear(self, event: MessageReceived | MessageEdited, *, direct: bool) -> Speech | None:
        """What is said to the bot; a command may have two words (`mes données`)."""
        speech = spoken_to(self.ears, event.text, direct=direct, html=event.html)
        two = joined(speech) if speech and self.vocabulary.find(speech.word) is None else None
        return two if two and self.vocabulary.find(two.word) else speech

    def ignores(self, user: UserId) -> bool:
        """Whether whatever this account sends has no effect: bots, and accounts that are frozen."""
        return self.is_bot(user) or user in self.school.frozen

    def is_bot(self, user: UserId) -> bool:
        return user == self.ears.user_id or user in self.school.bots

    async def put(
        self, db: Transaction, effects: Effects, plugin: str, event: RoomEvent, now: datetime
    ) -> None:
        await self.outbox.put(db, effects, _cause(plugin, event, now))


def _cause(plugin: str, event: RoomEvent, now: datetime) -> Cause:
    """Who did what where; only to words one can reply."""
    match event:
        case MessageReceived():
            return Cause(plugin, event.sender, now, event.room_id, event.event_id, event.thread)
        case MessageEdited():
            return Cause(plugin, event.sender, now, event.room_id, event.target)
        case _:
            return Cause(plugin, event.sender, now, event.room_id)
