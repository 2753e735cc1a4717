"""What a handler is given: who acts, where, when, what they may; and short ways to answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from coedu_bot.dispatch.vocabulary import Vocabulary
from coedu_bot.effects import Post, Priority, Unwake, Wake
from coedu_bot.events import EventId, MediaFile, RoomEvent, RoomId, UserId
from coedu_bot.message import Block, Message, says
from coedu_bot.rooms import Member, Room
from coedu_bot.school.school import School
from coedu_bot.store import items, people, rooms
from coedu_bot.store.database import Transaction
from coedu_bot.store.items import Item

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Actor:
    """The person whose act is being handled."""

    id: UserId
    name: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Base(Generic[S]):
    """What every handler has: one transaction, one moment, the plugin's settings, the school."""

    plugin: str
    letters: str
    settings: S
    db: Transaction
    now: datetime
    school: School
    vocabulary: Vocabulary
    bot_id: UserId
    prefix: str

    async def room_of(self, room_id: RoomId) -> Room | None:
        return await rooms.get_room(self.db, room_id)

    async def members(self, room_id: RoomId) -> list[Member]:
        """The people in the room, without the bot and other bots."""
        everyone = await rooms.list_members(self.db, room_id)
        return [m for m in everyone if m.user_id != self.bot_id and m.user_id not in self.school.bots]

    async def name_of(self, user: UserId, room_id: RoomId) -> str:
        """How the person is called: as the school calls them, else as they call themselves."""
        person = self.school.person(user)
        return person.name if person and person.name else await rooms.get_display_name(self.db, room_id, user)

    async def may(self, user: UserId, capability: str, room: Room) -> bool:
        """Whether somebody may do this in (or for) a room, now."""
        return self.school.may(user, capability, room=room)

    async def language_of(self, user: UserId) -> str:
        """The person's own language: chosen by chat, else of the YAML, else the school's."""
        chosen = await people.get_setting(self.db, user, "language")
        person = self.school.person(user)
        return str(chosen or (person and person.language) or self.school.language)

    async def get_item(self, id_: str) -> Item | None:
        return await items.get_item(self.db, id_)

    def post(self, room: RoomId, message: Message, **more: Any) -> Post:
        """Say something in a room."""
        return Post(room=room, message=message, **more)

    def tell(self, person: UserId, message: Message, **more: Any) -> Post:
        """Say something to one person, in their direct room; it is opened if it is not there yet."""
        return Post(person=person, message=message, **more)

    def wake(self, name: str, at: datetime, item: str | None = None, payload: Any = None) -> Wake:
        """Have the plugin's timer of this name called at `at`."""
        return Wake(name=name, at=at, item=item, payload=payload)

    def unwake(self, item: str, name: str | None = None) -> Unwake:
        return Unwake(item=item, name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Base[S]):
    """For commands, answers and taps: somebody did something in a room.

    `about` is the item of the message that was answered, tapped or edited.
    """

    actor: Actor
    room: Room
    event: RoomEvent
    thread: EventId | None = None
    about: str | None = None
    handle: EventId | None = None  # the command message, also when the event is an edit of it
    text: str = ""
    file: MediaFile | None = None
    confirmed: bool = False  # the author said yes to a question about this very command

    async def actor_may(self, capability: str, room: Room | None = None) -> bool:
        return await self.may(self.actor.id, capability, room or self.room)

    async def new_item(self, letter: str = "") -> str:
        """A short id for what this command makes; the command message becomes its handle."""
        return await items.add_item(
            self.db,
            letter or self.letters[0],
            plugin=self.plugin,
            author=self.actor.id,
            command=self.handle,
            now=self.now,
        )

    def reply(
        self, key: str, *more: Block, kind: str = "reply", item: str | None = None, **values: Any
    ) -> Post:
        """A quiet answer to the person, in the thread of their message or as a reply to it."""
        return self.respond(Message(kind, (says(key, **values), *more)), item=item)

    def respond(self, message: Message, *, item: str | None = None, **more: Any) -> Post:
        """As `reply`, with a whole message."""
        answers = None if self.thread else (self.handle or self.event.event_id)
        return Post(
            room=self.room.id,
            message=message,
            item=item,
            answers=answers,
            thread=self.thread,
            priority=more.pop("priority", Priority.ANSWER),
            **more,
        )

    def answer_privately(self, message: Message, **more: Any) -> list[Post]:
        """Answer in the direct room; where others read along, say there only that it was written."""
        if self.room.direct == self.actor.id:
            return [self.respond(message, **more)]
        told = self.tell(self.actor.id, message, **more)
        return [told, self.reply("sent-privately", kind="sent-privately")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TapContext(Context[S]):
    """Somebody tapped (or, with `removed`, took back) a reaction `key` on our message `ref`."""

    key: str
    ref: str
    kind: str
    removed: bool = False
    tapped_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerContext(Base[S]):
    """A `Wake` is due; `late` when it is more than five minutes after its time."""

    due: datetime
    late: bool
    item: str | None = None
    payload: Any = None
