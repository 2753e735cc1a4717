"""Guided dialogues: what people answer, and the command they end in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from coedu_bot.dispatch import answers, commands
from coedu_bot.dispatch.arguments import Reading
from coedu_bot.dispatch.asking import MENU, WAITS, ask_next, begin
from coedu_bot.dispatch.choices import split_choices
from coedu_bot.dispatch.commands import Call
from coedu_bot.dispatch.composing import composed
from coedu_bot.dispatch.desk import Desk
from coedu_bot.dispatch.frozen import thaw
from coedu_bot.dispatch.refusal import Missing, Refusal
from coedu_bot.dispatch.speech import Speech
from coedu_bot.effects import CloseMenus
from coedu_bot.events import MessageReceived, RoomEvent, UserId
from coedu_bot.message import Message, says
from coedu_bot.plugin import Ask, Command
from coedu_bot.rooms import Room
from coedu_bot.store import dialogues, outbox, rooms
from coedu_bot.store.database import Transaction
from coedu_bot.store.dialogues import Dialogue


async def begin_missing(desk: Desk, db: Transaction, event: RoomEvent, gap: Missing, now: datetime) -> bool:
    """Ask for what a handler found missing; False where the command has no question for it."""
    if not isinstance(event, MessageReceived):
        return False
    room = await rooms.get_room(db, event.room_id) or Room(event.room_id)
    speech = desk.hear(event, direct=room.direct == event.sender)
    command = desk.vocabulary.find(speech.word) if speech else None
    if speech is None or command is None:
        return False
    call = await commands.meant(desk, db, Call(command, speech, event, event.event_id, room))
    if not any(ask.name == gap.name for ask in call.command.dialogue):
        return False
    ctx = await commands.context_for(desk, db, call, now)
    await desk.put(db, await begin(db, call, ctx, gap.name), "core", event, now)
    return True


async def answer(
    desk: Desk, db: Transaction, event: MessageReceived, speech: Speech | None, now: datetime
) -> bool:
    """Whether a private message was an answer to an open question; raises Refusal for a wrong one."""
    one = await dialogues.get_dialogue(db, event.sender)
    if one is None or event.sent_at > one.asked_at + WAITS or not event.text.strip():
        return False
    if await _is_about_something_else(db, event):
        return False
    command = desk.vocabulary.find(speech.word) if speech else None
    if speech and command and not speech.rest and command.name == "cancel":
        await _leave(desk, db, event, one, now)
        return True
    if speech and (speech.certain or (command and not speech.rest)):
        return False
    return await _take(desk, db, event, one, event.text.strip(), now)


async def waits_for(db: Transaction, person: UserId, id_: str) -> bool:
    """Whether this dialogue of somebody is still open."""
    one = await dialogues.get_dialogue(db, person)
    return one is not None and one.id == id_


async def chosen(desk: Desk, db: Transaction, event: RoomEvent, id_: str, value: str, now: datetime) -> bool:
    """A usual answer was chosen from the menu; False if its dialogue is over."""
    one = await dialogues.get_dialogue(db, event.sender)
    return one is not None and one.id == id_ and await _take(desk, db, event, one, value, now)


async def _is_about_something_else(db: Transaction, event: MessageReceived) -> bool:
    row = await outbox.get_row_of_event(db, event.reply_to) if event.reply_to else None
    return row is not None and row.kind not in ("dialogue", "menu")


async def _leave(desk: Desk, db: Transaction, event: RoomEvent, one: Dialogue, now: datetime) -> None:
    await dialogues.remove_dialogue(db, one)
    ctx = await commands.context_for(desk, db, await _call(desk, db, one), now)
    said = ctx.tell(one.person, Message("dialogue", (says("dialogue-left"),)))
    await desk.put(db, [CloseMenus(name=MENU, person=one.person), said], "core", event, now)


async def _take(
    desk: Desk, db: Transaction, event: RoomEvent, one: Dialogue, said: str, now: datetime
) -> bool:
    call = await _call(desk, db, one)
    ask = next((ask for ask in call.command.dialogue if ask.name == one.next), None)
    if ask is None:
        return False
    ctx = await commands.context_for(desk, db, call, now)
    if not await answers.fits(ctx, call.command, ask, said, Reading(ctx.dates, desk.vocabulary.choice_words)):
        return False
    said = answers.without_skip(ctx, ask, said)
    one = replace(one, answers={**one.answers, ask.name: said}, asked_at=now, wanted=_wanted(one, call, said))
    if one.next is not None:
        await desk.put(db, await ask_next(db, one, call, ctx), "core", event, now)
    else:
        await _finish(desk, db, event, one, call, now)
    return True


def _wanted(one: Dialogue, call: Call, said: str) -> tuple[str, ...]:
    """The questions of a dialogue; for a list that came with the text nobody asks again."""
    if not split_choices(said)[1]:
        return one.wanted
    lists = {ask.name for ask in call.command.dialogue if ask.lines and ask.name != one.next}
    return tuple(name for name in one.wanted if name not in lists)


def _in_order(command: Command) -> list[Ask]:
    """The questions in the order in which their answers are typed: the command's own."""
    places = [argument.name for argument in command.usage.arguments]
    return sorted(command.dialogue, key=lambda ask: places.index(ask.name) if ask.name in places else -1)


async def _call(desk: Desk, db: Transaction, one: Dialogue) -> Call:
    """The command as it was begun; raises Refusal if its plugin has gone meanwhile."""
    event = thaw(one.source)
    command = desk.registry.commands.get(one.command)
    if command is None:
        raise Refusal("dialogue-left", example="")
    assert isinstance(event, MessageReceived)
    room = await rooms.get_room(db, event.room_id) or Room(event.room_id)
    return Call(command, Speech(one.command, one.text, True), event, one.handle, room, asked=True)


async def _finish(
    desk: Desk, db: Transaction, event: RoomEvent, one: Dialogue, call: Call, now: datetime
) -> None:
    """Run the command as if it had been typed in one go, where it was begun."""
    await dialogues.remove_dialogue(db, one)
    language = (await desk.actor(db, one.person, call.room)).language
    words = desk.vocabulary.words
    text = composed(
        one.text, _in_order(call.command), one.answers, lambda name: words(f"option-{name}", language)[0]
    )
    began = replace(call.event, sent_at=event.sent_at)
    call = replace(call, speech=Speech(one.command, text, True), event=began)
    plugin, effects = await commands.run_command(desk, db, call, now)
    await desk.put(db, CloseMenus(name=MENU, person=one.person), "core", began, now)
    await desk.put(db, effects, plugin, began, now)
