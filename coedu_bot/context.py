"""What a handler is given: who acts, where, when, what they may; and short ways to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel

from coedu_bot.acquaintance import Acquaintance
from coedu_bot.dispatch import addressing, belonging, relaying
from coedu_bot.dispatch.language_menu import language_menu
from coedu_bot.dispatch.vocabulary import Vocabulary
from coedu_bot.dispatch.when import Dates
from coedu_bot.effects import Effects, Menu, Post, Priority, Ref
from coedu_bot.events import EventId, MediaFile, PollAnswered, RoomEvent, RoomId, UserId
from coedu_bot.language.dates import READ_LANGUAGES
from coedu_bot.language.words import fold
from coedu_bot.message import Block, Message, says
from coedu_bot.rooms import Member, Room
from coedu_bot.school.rights import Role
from coedu_bot.store import holding, items, outbox, rooms
from coedu_bot.store.items import Item

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Actor:
    """The person whose act is being handled."""

    id: UserId
    name: str
    language: str
    zone: str  # of the hours that they type and read
    own_zone: bool = False  # chosen by them, or for the room; else it is the school's


@dataclass(frozen=True, slots=True, kw_only=True)
class Base(Acquaintance, Generic[S]):
    """What every handler has: one transaction, one moment, the plugin's settings, the school."""

    letters: str
    settings: S
    settings_of: Callable[[str, Room | None], BaseModel]
    vocabulary: Vocabulary
    bot_id: UserId
    prefix: str
    stale_after: timedelta

    def is_off_in(self, room: Room) -> bool:
        """Whether this feature is switched off in a room."""
        return self.school.does_without(self.plugin, room)

    def settings_at(self, room: Room | None) -> S:
        """The plugin's settings in a room; `settings` are those where the person acts, else the school's."""
        return cast(S, self.settings_of(self.plugin, room))

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
        """Whether somebody may do this in a room, now; in their direct room, in any room of theirs."""
        if self.school.does_without(self.plugin, room):
            return False
        if self.school.may(user, capability, room=room, on=self.today):
            return room.direct is not None or await self._belongs(user, room)
        if room.direct != user:
            return False
        mine = await self.rooms_of(user)
        return any(self.school.may(user, capability, room=one, on=self.today) for one in mine)

    async def _belongs(self, user: UserId, room: Room) -> bool:
        """Power levels outlive a membership; where roles come from power, only members have any."""
        return bool(self.school.people) or await rooms.is_member(self.db, room.id, user)

    async def rooms_of(self, user: UserId) -> list[Room]:
        """The shared rooms that the bot and this person are both in, by name."""
        return await rooms.list_rooms_of(self.db, user)

    async def joined_rooms(self) -> list[Room]:
        """All shared rooms that the bot is in, by name."""
        joined = await rooms.list_joined_rooms(self.db)
        return [room for room in joined if room.direct is None and not room.space]

    async def is_member(self, room_id: RoomId, user: UserId) -> bool:
        return await rooms.is_member(self.db, room_id, user)

    async def find_rooms(self, words: Sequence[str]) -> list[Room]:
        """The rooms that people mean by these words (class, name, alias); raises Refusal."""
        return addressing.find_rooms(self.school, self.plugin, words, await self.joined_rooms())

    def means_everywhere(self, words: Sequence[str]) -> bool:
        """Whether somebody said "all rooms"."""
        return len(words) == 1 and fold(words[0]).strip() in self.vocabulary.choice_words("everywhere")

    def label(self, room: Room) -> str:
        """How a room is called in a list: 6B."""
        return addressing.label(self.school, room)

    def is_staff_room(self, room: Room) -> bool:
        bound = self.school.room_at(room)
        return bound is not None and bound.kind == "staff"

    def coordinators(self) -> list[UserId]:
        """The school's coordinators, as the YAML names them, but for accounts that are frozen."""
        people = self.school.people.items()
        named = [id_ for id_, person in people if Role.COORDINATOR in person.roles]
        return [one for one in named if one not in self.school.frozen]

    def phrase(self, key: str, language: str) -> str:
        """A text as it stands in the catalog, for files; messages name their texts by key instead."""
        return self.vocabulary.catalog.get(key, language)

    def word(self, command: str, language: str) -> str:
        """The usual word for a command."""
        return self.vocabulary.words(f"command-{command}", language)[0]

    def language_menu(self, person: UserId, *guessed: str) -> Menu:
        """Let a person choose the language they are spoken to in; asked in the school's and in `guessed`."""
        return language_menu(self.phrase, person, (*guessed, self.school.language))

    async def belongs(self, user: UserId) -> bool:
        """Whether somebody is of the school and may be told what it says."""
        return await belonging.belongs(self.db, self.school, user)

    async def is_staff(self, user: UserId) -> bool:
        """Whether somebody works at the school, as the YAML or any shared room's power has it."""
        return await relaying.is_staff(self, user)

    async def sent_at(self, ref: Ref) -> datetime | None:
        """When one of our messages went out; None while it waits or if it never will."""
        row = await outbox.get_row(self.db, ref)
        return row.sent_at if row else None

    async def list_unsent(self, refs: Iterable[Ref]) -> set[Ref]:
        """Those of our messages that nobody has been sent yet."""
        return await holding.list_unsent(self.db, refs)

    async def list_lost(self, refs: Iterable[Ref]) -> set[Ref]:
        """Those of our messages that nobody will ever be sent."""
        return await holding.list_lost(self.db, refs)

    async def get_item(self, id_: str) -> Item | None:
        return await items.get_item(self.db, id_)

    def post(self, room: RoomId, message: Message, **more: Any) -> Post:
        """Say something in a room."""
        return Post(room=room, message=message, **more)

    def tell(self, person: UserId, message: Message, **more: Any) -> Post:
        """Say something to one person, in their direct room; it is opened if it is not there yet."""
        return Post(person=person, message=message, **more)


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
    said_at: datetime | None = None  # where that is not the time of the event: an edit changes what was said

    @property
    def dates(self) -> Dates:
        """Reads what this person types as they mean it: in their zone and languages, when they said it."""
        first = (self.actor.language, self.school.language, "fr", "en")
        languages = list(dict.fromkeys((*first, *READ_LANGUAGES)))
        said_at = self.said_at or min(self.event.sent_at, self.now)
        return Dates(said_at, self.actor.zone, languages)

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

    async def relay(self, to: UserId) -> Effects:
        """Hand the message on to somebody, guardian to staff or back; raises Refusal between others."""
        return await relaying.hand_over(self, to)

    def reply(
        self, key: str, *more: Block, kind: str = "reply", item: str | None = None, **values: Any
    ) -> Post:
        """A quiet answer to the person, in the thread of their message or as a reply to it.

        The id of the `item` it is about is also a value of the sentence.
        """
        named = values if item is None else {"item": item, **values}
        return self.respond(Message(kind, (says(key, **named), *more)), item=item)

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
    """Somebody tapped (or, with `removed`, took back) a reaction `key` on our message `ref`.

    `tapped` is the reaction's own event, also when it is taken back; `tapped_at` by the homeserver's clock,
    never later than now; `posted_at` is when our message went out.
    """

    key: str
    ref: str
    kind: str
    tapped: EventId
    removed: bool = False
    tapped_at: datetime
    posted_at: datetime

    def respond(self, message: Message, *, item: str | None = None, **more: Any) -> Post:
        """A quiet answer where the tap was: what was tapped may be gone by then, so it replies to nothing."""
        priority = more.pop("priority", Priority.ANSWER)
        return Post(room=self.room.id, message=message, item=item, priority=priority, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteContext(Context[S]):
    """Somebody answered our native poll `ref` or (with `removed`) took the answer `voted` away.

    `answers` are ids as sent, not checked; `spoiled` where they could not be read.
    """

    ref: str
    kind: str
    voted: EventId
    answers: tuple[str, ...] = ()
    spoiled: bool = False
    removed: bool = False
    voted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherContext(Base[S]):
    """All answers to one of our native polls, in timeline order; `unreadable` ones have no key yet.

    `votes` is None where the homeserver no longer lets the bot read them.
    """

    item: str
    votes: tuple[PollAnswered, ...] | None
    unreadable: tuple[EventId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerContext(Base[S]):
    """A `Wake` is due; `late` when it is more than five minutes after its time."""

    due: datetime
    late: bool
    item: str | None = None
    payload: Any = None
