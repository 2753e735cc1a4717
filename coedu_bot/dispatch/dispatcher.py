"""One event, one transaction: handled before? who, where, what? handler, effects, commit."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from coedu_bot.clock import Clock
from coedu_bot.dispatch import changes, conversation, dialogues, taps, unreadable, verifying, votes, waiting
from coedu_bot.dispatch.commands import error_message, hide, remember
from coedu_bot.dispatch.desk import Desk
from coedu_bot.dispatch.refusal import Missing, Refusal
from coedu_bot.effects import Effects, Post
from coedu_bot.events import (
    EventId,
    EventRedacted,
    MessageEdited,
    MessageReceived,
    PollAnswered,
    PollEnded,
    ReactionReceived,
    RoomEvent,
    RoomId,
    Undecryptable,
    VerificationAsked,
)
from coedu_bot.log import logger
from coedu_bot.message import Message, says
from coedu_bot.plugin import Command
from coedu_bot.rooms import Room
from coedu_bot.store import intake, rooms
from coedu_bot.store.database import Database, DatabaseUnavailable, Transaction

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Handles events of people; `committed` is called after each that had effects."""

    desk: Desk
    database: Database
    clock: Clock
    committed: Callable[[], None]

    async def handle(self, event: RoomEvent) -> None:
        """Handle one event exactly once; raises only DatabaseUnavailable."""
        if self.desk.ignores(event.sender) or not await self._concerns(event):
            return
        now = self.clock.now()
        try:
            async with self.database.transaction() as db:
                if await waiting.parked(db, event, now):
                    return
                if not await _claim(db, event, now):
                    return
                await self._act(db, event, now)
        except DatabaseUnavailable:
            raise
        except Refusal as refusal:
            await self._refuse(event, refusal, now)
        except Exception as fault:  # a plugin's fault is caught once, here
            await self._apologise(event, fault, now)
        self.desk.meters.events[type(event).__name__] += 1
        self.desk.meters.handling.add((self.clock.now() - now).total_seconds())
        self.committed()
        await self.replay(event.event_id)

    async def replay(self, target: EventId | RoomId) -> None:
        """Handle what came before the event it refers to, or the room it is in, was known."""
        events = await waiting.list_waiting(self.database, target)
        for event in events:
            await self.handle(event)
        if events:
            await waiting.forget(self.database, target)

    async def replay_known(self) -> None:
        """What was parked for a room that is read now, or for what became known just before a kill."""
        async with self.database.reading() as db:
            targets = await intake.list_parked_known(db)
        for target in targets:
            await self.replay(target)

    async def task_ended(self) -> None:
        """What a task found out may have effects, and may be what somebody's words waited for."""
        self.committed()
        await self.replay_known()

    async def _concerns(self, event: RoomEvent) -> bool:
        """Most of what people write is not for the bot: then nothing is written either."""
        match event:
            case MessageReceived():
                async with self.database.reading() as db:
                    return await conversation.concerns(self.desk, db, event)
            case MessageEdited():
                return event.msgtype != "m.notice"
            case PollAnswered() | PollEnded():
                async with self.database.reading() as db:
                    return await votes.concerns(db, event)
            case ReactionReceived() | EventRedacted():
                async with self.database.reading() as db:
                    return await taps.concerns(db, event)
            case Undecryptable() | VerificationAsked():
                return True
        return False

    async def _act(self, db: Transaction, event: RoomEvent, now: datetime) -> None:
        match event:
            case MessageReceived():
                await conversation.receive(self.desk, db, event, now)
            case MessageEdited():
                await changes.edit(self.desk, db, event, now)
            case EventRedacted():
                await changes.redact(self.desk, db, event, now)
            case ReactionReceived():
                await taps.tap(self.desk, db, event, now)
            case PollAnswered():
                await votes.vote(self.desk, db, event, now)
            case PollEnded():
                await votes.end(self.desk, db, event, now)
            case VerificationAsked() | Undecryptable():
                await self._mind_encryption(db, event, now)

    async def _mind_encryption(
        self, db: Transaction, event: VerificationAsked | Undecryptable, now: datetime
    ) -> None:
        if isinstance(event, VerificationAsked):
            await verifying.decline(self.desk, db, event, now)
            return
        await intake.add_undecrypted(db, event)
        await self.desk.put(db, unreadable.wait_for_key(event, now), "core", event, now)

    async def _refuse(self, event: RoomEvent, refusal: Refusal, now: datetime) -> None:
        """The refused command changed nothing; its author reads why."""
        command = self._command_of(event)
        async with self.database.transaction() as db:
            if not await _claim(db, event, now):
                return
            if isinstance(refusal, Missing) and await dialogues.begin_missing(
                self.desk, db, event, refusal, now
            ):
                return
            await self._remember_failure(db, event, "refused", command)
            language = await self._language(db, event)
            message = error_message(self.desk, refusal, command, language)
            if refusal.privately and command is not None:
                command = replace(command, private=True)
            await self._answer(db, event, message, command, now)

    async def _apologise(self, event: RoomEvent, fault: Exception, now: datetime) -> None:
        number = f"F-{secrets.token_hex(3).upper()}"
        log.error(
            "fault",
            number=number,
            event_type=type(event).__name__,
            fault=type(fault).__name__,
            trace=_trace(fault),
        )
        with suppress(DatabaseUnavailable):
            async with self.database.transaction() as db:
                await _claim(db, event, now)
                await intake.add_fault(db, number, event.event_id, now)
                command = self._command_of(event)
                await self._remember_failure(db, event, "fault", command)
                await self._answer(db, event, Message("fault", (says("fault", number=number),)), command, now)

    async def _answer(
        self, db: Transaction, event: RoomEvent, message: Message, command: Command | None, now: datetime
    ) -> None:
        """Where the command was typed; of one that names families only privately."""
        room = await rooms.get_room(db, event.room_id) or Room(event.room_id)
        effects: Effects = Post(person=event.sender, message=message)
        if isinstance(event, MessageReceived | MessageEdited):
            here = _reply(event, message)
            if command is not None and command.private and room.direct is None:
                told = Message("sent-privately", (says("sent-privately"),))
                hidden = hide(self.desk, command, room, _handle_of(event))
                effects = [effects, replace(here, message=told), hidden]
            else:
                effects = here
        await self.desk.put(db, effects, "core", event, now)

    async def _remember_failure(
        self, db: Transaction, event: RoomEvent, outcome: str, command: Command | None
    ) -> None:
        """A command without effect, so that an edit runs it as new; a failed edit leaves what it made."""
        name = command.name if command else ""
        self.desk.meters.commands[name, outcome] += 1
        if not isinstance(event, MessageReceived | MessageEdited):
            return
        known = await intake.get_command(db, _handle_of(event))
        if known is None or known.outcome != "done":
            await remember(db, event, _handle_of(event), outcome, name)

    def _command_of(self, event: RoomEvent) -> Command | None:
        if not isinstance(event, MessageReceived | MessageEdited):
            return None
        speech = self.desk.hear(event, direct=True)
        return self.desk.vocabulary.find(speech.word) if speech else None

    async def _language(self, db: Transaction, event: RoomEvent) -> str:
        room = await rooms.get_room(db, event.room_id)
        if room is None or room.direct is None:
            return self.desk.school.languages_of(room)[0] if room else self.desk.school.language
        return (await self.desk.actor(db, event.sender, room)).language


async def _claim(db: Transaction, event: RoomEvent, now: datetime) -> bool:
    """The event is ours to handle: never seen, or seen when it could not be decrypted yet."""
    if await intake.mark_handled(db, event.event_id, now):
        return True
    return not isinstance(event, Undecryptable) and await intake.remove_undecrypted(db, event.event_id)


def _reply(event: MessageReceived | MessageEdited, message: Message) -> Post:
    thread = event.thread if isinstance(event, MessageReceived) else None
    answers = None if thread else _handle_of(event)
    return Post(room=event.room_id, message=message, thread=thread, answers=answers)


def _handle_of(event: MessageReceived | MessageEdited) -> EventId:
    return event.target if isinstance(event, MessageEdited) else event.event_id


def _trace(fault: Exception) -> list[str]:
    """Where it happened, without the exception's text: that may quote what a person wrote."""
    frames = traceback.extract_tb(fault.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
