"""Messages: commands, answers to the bot's messages, and what people write to it privately."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from coedu_bot.context import Context
from coedu_bot.delivery import directs
from coedu_bot.delivery.bundles import part_answered
from coedu_bot.dispatch import dialogues, family_files, menus, waiting
from coedu_bot.dispatch.belonging import belongs
from coedu_bot.dispatch.commands import Call, NotACommand, remember, run_command
from coedu_bot.dispatch.desk import Desk
from coedu_bot.dispatch.relaying import PRIVATE_TEXT
from coedu_bot.dispatch.speech import Speech
from coedu_bot.effects import Effects, Post
from coedu_bot.events import MessageReceived
from coedu_bot.language.catalog import FALLBACK
from coedu_bot.language.languages import LANGUAGES
from coedu_bot.language.words import fold
from coedu_bot.message import Code, Message, says
from coedu_bot.rooms import Room
from coedu_bot.store import intake, outbox, relays, rooms
from coedu_bot.store.database import Row, Transaction

_AUTONYMS = frozenset(fold(language.autonym) for language in LANGUAGES.values())


async def concerns(desk: Desk, db: Transaction, event: MessageReceived) -> bool:
    """Whether this message may be for the bot: everything else is chatter and costs nothing."""
    if event.msgtype == "m.notice":
        return False
    if event.file is not None or desk.hear(event, direct=False) is not None:
        return True
    if event.reply_to or event.thread:
        return True
    room = await rooms.get_room(db, event.room_id)
    if room is None or not room.members_known:
        return await waiting.is_going_in(db, event)
    return room.direct is not None or await _is_between_us(desk, db, event, room)


async def receive(desk: Desk, db: Transaction, event: MessageReceived, now: datetime) -> None:
    """Handle a message inside its transaction."""
    room = await rooms.get_room(db, event.room_id) or Room(event.room_id)
    if room.direct is None and await _is_between_us(desk, db, event, room):
        await directs.opened(db, event.sender, room.id, now)
        room = replace(room, direct=event.sender)
    direct = room.direct == event.sender
    speech = desk.hear(event, direct=direct)
    if event.file is not None and speech is None:
        await intake.add_shared_file(db, event)
    if direct and await _answers_what_was_asked(desk, db, event, speech, now):
        return
    plugin, effects = await _respond(desk, db, event, room, speech, now)
    await desk.put(db, effects, plugin, event, now)


async def _is_between_us(desk: Desk, db: Transaction, event: MessageReceived, room: Room) -> bool:
    """Somebody of the school writes where only they and the bot are: that is their direct room now."""
    alone = await rooms.is_alone(db, room, event.sender, desk.ears.user_id)
    return alone and await belongs(db, desk.school, event.sender)


async def _answers_what_was_asked(
    desk: Desk, db: Transaction, event: MessageReceived, speech: Speech | None, now: datetime
) -> bool:
    """A menu or a dialogue that waits for this person takes what answers it."""
    if (speech is None or not speech.certain) and await menus.answer(desk, db, event, now):
        return True
    return await dialogues.answer(desk, db, event, speech, now)


async def _respond(
    desk: Desk, db: Transaction, event: MessageReceived, room: Room, speech: Speech | None, now: datetime
) -> tuple[str, Effects]:
    speech = None if await _answers_letter(db, event, speech) else _by_its_own_name(desk, speech)
    command = desk.vocabulary.find(speech.word) if speech else None
    if speech is not None and command is not None:
        call = Call(command, speech, event, event.event_id, room)
        try:
            return await run_command(desk, db, call, now)
        except NotACommand:
            pass
    elif speech is not None and speech.certain:
        near = desk.vocabulary.near(speech.word)
        # in private even `!bonjour` is said to somebody
        if near is not None or room.direct != event.sender:
            return "core", await _unknown_word(desk, db, event, speech, near)
    return await _answer(desk, db, event, room, now)


async def _answers_letter(db: Transaction, event: MessageReceived, speech: Speech | None) -> bool:
    """`Message bien reçu` in reply to what somebody wrote is meant for them, not for a class."""
    if speech is None or speech.certain:
        return False
    row = await _answered(db, event)
    return row is not None and await relays.get_relay(db, row.ref) is not None


def _by_its_own_name(desk: Desk, speech: Speech | None) -> Speech | None:
    """A language's own name, alone, chooses it: `العربية` is `language العربية`."""
    named = speech is not None and not speech.rest and fold(speech.word) in _AUTONYMS
    word = desk.vocabulary.words("command-language", FALLBACK)[0]
    return Speech(word, speech.word, True) if named and speech is not None else speech


async def _unknown_word(
    desk: Desk, db: Transaction, event: MessageReceived, speech: Speech, near: str | None
) -> Effects:
    """Near a known word: ask; otherwise silence, people write `!` for other reasons."""
    await remember(db, event, event.event_id, "unknown", speech.word)
    if near is None:
        return None
    text = says("did-you-mean", typed=speech.word, command=Code(desk.ears.prefix + near))
    return Post(
        room=event.room_id, message=Message("error", (text,)), thread=event.thread, answers=event.event_id
    )


async def _answer(
    desk: Desk, db: Transaction, event: MessageReceived, room: Room, now: datetime
) -> tuple[str, Effects]:
    """An answer to one of our messages goes to its plugin; private text that is none meets no silence."""
    row = await _answered(db, event)
    handler = desk.registry.answer(row.plugin, row.kind) if row else None
    if row is not None and handler is not None:
        ctx = await _answer_context(desk, db, event, room, row.plugin, row.item, now)
        effects = await handler(ctx)
        if effects is not None or room.direct != event.sender:
            return row.plugin, effects
    if room.direct == event.sender and family_files.is_meant(desk, event):
        await family_files.want_read(db, event, now)
        return "core", None
    private = desk.registry.answer("core", PRIVATE_TEXT)
    if private is not None and room.direct == event.sender and (event.text.strip() or event.file):
        return "core", await private(await _answer_context(desk, db, event, room, "core", None, now))
    return "core", None


async def _answered(db: Transaction, event: MessageReceived) -> Row | None:
    for target in (event.reply_to, event.thread):
        row = await outbox.get_row_of_event(db, target) if target else None
        if row is not None:
            return await part_answered(db, row)
    return None


async def _answer_context(
    desk: Desk,
    db: Transaction,
    event: MessageReceived,
    room: Room,
    plugin: str,
    about: str | None,
    now: datetime,
) -> Context[Any]:
    return Context(
        **desk.base(db, plugin, now, room),
        actor=await desk.actor(db, event.sender, room),
        room=room,
        event=event,
        thread=event.thread,
        about=about,
        handle=event.event_id,
        text=event.text,
        file=event.file,
    )
