"""The command message is the handle: editing it changes what it made, redacting it takes it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from coedu_bot.context import Context
from coedu_bot.dispatch import relay_changes, taps, votes
from coedu_bot.dispatch.commands import Call, NotACommand, context_for, read_call, run_command
from coedu_bot.dispatch.desk import Desk
from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.dispatch.speech import Speech
from coedu_bot.effects import Effects, Redact
from coedu_bot.events import EventRedacted, MessageEdited, RoomEvent
from coedu_bot.rooms import Room
from coedu_bot.store import intake, items, rooms
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.items import Item


async def edit(desk: Desk, db: Transaction, event: MessageEdited, now: datetime) -> None:
    """An edit: of a command with an effect, it changes that; of any other message, it runs as new, once."""
    known = await intake.get_command(db, event.target)
    if known is not None and known.sender != event.sender:
        return  # homeservers do not stop this, clients ignore it, and so do we
    room = await rooms.get_room(db, event.room_id) or Room(event.room_id)
    speech = desk.hear(event, direct=room.direct == event.sender)
    commands = speech is not None and speech.certain and desk.vocabulary.find(speech.word) is not None
    if known is None and not commands and await relay_changes.edit(desk, db, event, room, now):
        return
    if known is not None and known.outcome in ("done", "redacted"):
        item = await items.get_item_of_command(db, event.target)
        if item is not None and known.outcome == "done":
            effects = await _change(desk, db, event, room, item, speech, now)
            await desk.put(db, effects, item.plugin, event, now)
        elif speech is not None and known.outcome == "done":
            await _say_again(desk, db, event, room, speech, known.word, now)
    elif speech is not None and (speech.certain or known is not None):
        await relay_changes.take_out(desk, db, event, now)
        await _run_as_new(desk, db, event, room, speech, now)


async def _change(
    desk: Desk,
    db: Transaction,
    event: MessageEdited,
    room: Room,
    item: Item,
    speech: Speech | None,
    now: datetime,
) -> Effects:
    plugin = desk.registry.plugins.get(item.plugin)
    command = desk.vocabulary.find(speech.word) if speech else None
    if plugin is None or plugin.when_edited is None:
        return None
    if speech is None or command is None or command.plugin != item.plugin:
        raise Refusal("edit-lost-command", item=item.id)
    call = Call(command, speech, event, event.target, room)
    known = await intake.get_command(db, event.target)
    # "demain" in a command that is edited the day after still means the day it meant
    said_at = min(known.sent_at, now) if known is not None else None
    ctx = replace(await context_for(desk, db, call, now), said_at=said_at)
    arguments = await read_call(desk, db, call, ctx)
    effects: Effects = await plugin.when_edited(ctx, item.id, **arguments)
    return effects


async def _say_again(
    desk: Desk, db: Transaction, event: MessageEdited, room: Room, speech: Speech, word: str, now: datetime
) -> None:
    """What made no item but can be unsaid is said anew; as another command it does nothing."""
    command = desk.vocabulary.find(speech.word)
    if command is not None and command.name == word and desk.registry.unsaid(word) is not None:
        await _run_as_new(desk, db, event, room, speech, now)


async def _run_as_new(
    desk: Desk, db: Transaction, event: MessageEdited, room: Room, speech: Speech, now: datetime
) -> None:
    command = desk.vocabulary.find(speech.word)
    if command is None:
        return
    try:
        plugin, effects = await run_command(desk, db, Call(command, speech, event, event.target, room), now)
    except NotACommand:
        return
    await desk.put(db, effects, plugin, event, now)


async def redact(desk: Desk, db: Transaction, event: EventRedacted, now: datetime) -> None:
    """A redaction of a reaction, of a vote, or of a command by its author or by who may cancel it."""
    reaction = await intake.get_reaction(db, event.target)
    if reaction is not None:
        await taps.untap(desk, db, event, reaction, now)
        return
    answer = await intake.get_poll_answer(db, event.target)
    if answer is not None:
        await votes.unvote(desk, db, event, answer, now)
        return
    known = await intake.get_command(db, event.target)
    if known is None:
        await relay_changes.redact(desk, db, event, now)
        return
    item = await items.get_item_of_command(db, event.target)
    if known.outcome == "stale" and known.sender == event.sender:
        await _withdraw_question(desk, db, event, known, now)
    elif item is not None and known.outcome == "done":
        await take_back(desk, db, event, item, now)
    elif known.outcome == "done" and known.sender == event.sender:
        await _unsay(desk, db, event, known, now)


async def _unsay(desk: Desk, db: Transaction, event: EventRedacted, known: Row, now: datetime) -> None:
    found = desk.registry.unsaid(known.word)
    if found is None:
        return
    plugin, handler = found
    room = await rooms.get_room(db, event.room_id) or Room(event.room_id)
    ctx: Context[Any] = Context(
        **desk.base(db, plugin, now, room),
        actor=await desk.actor(db, event.sender, room),
        room=room,
        event=event,
        handle=event.target,
    )
    await _mark(db, known, "redacted")
    await desk.put(db, await handler(ctx), plugin, event, now)


async def _withdraw_question(
    desk: Desk, db: Transaction, event: EventRedacted, known: Row, now: datetime
) -> None:
    await _mark(db, known, "redacted")
    await desk.put(db, Redact(of=known.question), "core", event, now)


async def take_back(desk: Desk, db: Transaction, event: RoomEvent, item: Item, now: datetime) -> None:
    """The plugin decides whether this person may cancel; a moderator who may not has only hidden it."""
    plugin = desk.registry.plugins.get(item.plugin)
    if plugin is None or plugin.when_taken_back is None:
        return
    room = await rooms.get_room(db, event.room_id) or Room(event.room_id)
    ctx: Context[Any] = Context(
        **desk.base(db, item.plugin, now, room),
        actor=await desk.actor(db, event.sender, room),
        room=room,
        event=event,
        about=item.id,
        handle=item.command,
    )
    effects = await plugin.when_taken_back(ctx, item.id)
    known = await intake.get_command(db, item.command) if item.command else None
    if effects is not None and known is not None:
        await _mark(db, known, "redacted")
    await desk.put(db, effects, item.plugin, event, now)


async def _mark(db: Transaction, known: Row, outcome: str) -> None:
    await intake.mark_command(
        db,
        known.event_id,
        room=known.in_room,
        sender=known.sender,
        outcome=outcome,
        word=known.word,
        sent_at=known.sent_at,
    )
