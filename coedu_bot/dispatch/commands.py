"""A message that is a command: find it, check rights, read its arguments, run its handler."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from coedu_bot.context import Context
from coedu_bot.dispatch import asking, stale
from coedu_bot.dispatch.arguments import ITEM_ID, ItemId, Reading, read_arguments, read_options
from coedu_bot.dispatch.desk import Desk
from coedu_bot.dispatch.options import Parted, part
from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.dispatch.speech import Speech
from coedu_bot.effects import Effects, Redact
from coedu_bot.events import EventId, MessageEdited, MessageReceived
from coedu_bot.message import Code, Message, says
from coedu_bot.plugin import Command
from coedu_bot.rooms import Room
from coedu_bot.store import intake, items, outbox
from coedu_bot.store.database import Transaction

ITEM_WORDS = ("cancel", "modify")


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a command: who said what where; `handle` is the message it hangs on."""

    command: Command
    speech: Speech
    event: MessageReceived | MessageEdited
    handle: EventId
    room: Room
    confirmed: bool = False
    asked: bool = False  # by a dialogue, which has asked for all there is

    @property
    def thread(self) -> EventId | None:
        return self.event.thread if isinstance(self.event, MessageReceived) else None


class NotACommand(Exception):
    """In private, text whose first word is a command's but which does not read as one."""


async def run_command(desk: Desk, db: Transaction, call: Call, now: datetime) -> tuple[str, Effects]:
    """Run a command: whose it was, and what follows.

    Raises Refusal when it cannot be done, NotACommand when it was only text.
    """
    call = await _with_item_plugin(desk, db, await meant(desk, db, call))
    if desk.school.does_without(call.command.plugin, call.room):
        raise Refusal("plugin-off", example="")
    ctx = await context_for(desk, db, call, now)
    arguments = await _arguments(desk, db, call, ctx)
    if _is_bare(call):
        return "core", await asking.begin(db, call, ctx)
    if call.command.posts and not call.confirmed and now - call.event.sent_at > desk.stale_after:
        return "core", await stale.ask(db, call.event, call.handle, call.command, ctx)
    await _remember(db, call, "done")
    effects = await call.command.handler(ctx, **arguments)
    desk.meters.commands[call.command.name, "done"] += 1
    return call.command.plugin, [effects, hide(desk, call.command, call.room, call.handle)]


async def _arguments(desk: Desk, db: Transaction, call: Call, ctx: Context[Any]) -> dict[str, Any]:
    """What the command is given, by somebody who may; in private, text that does not fit is only text."""
    arguments: dict[str, Any] = {}
    try:
        if not _is_bare(call):
            arguments = await read_call(desk, db, call, ctx)
        await _check_right(call.command, ctx)
    except Refusal:
        # "Message pour Mme Durand" is no attempt to post; options are typed by who means a command
        certain = call.speech.certain or _has_options(call.command, arguments)
        if not certain and not await _is_lone_word(call, ctx):
            raise NotACommand from None
        raise
    return arguments


async def _is_lone_word(call: Call, ctx: Context[Any]) -> bool:
    """`annuler` and nothing else, by somebody who may: it lacks something, and nobody wants it handed on."""
    needs = call.command.needs
    return not call.speech.rest and (needs is None or await ctx.actor_may(needs))


def _has_options(command: Command, arguments: dict[str, Any]) -> bool:
    return command.options is not None and arguments.get("options") not in (None, command.options())


def _is_bare(call: Call) -> bool:
    """Whether a command that needs more was typed without it."""
    alone = isinstance(call.event, MessageReceived) and call.event.file is None and not call.event.reply_to
    return bool(call.command.dialogue) and alone and not call.asked and not call.speech.rest


async def meant(desk: Desk, db: Transaction, call: Call) -> Call:
    """`annonces` with a text after it is somebody's `annonce`, `vote` without an id a question to vote on."""
    becomes, rest = call.command.becomes, call.speech.rest
    if not becomes or not rest or await _names_item(db, call):
        return call
    return replace(call, command=desk.registry.commands[becomes])


async def _names_item(db: Transaction, call: Call) -> bool:
    """Whether a command about an item says which: by its id, or by answering one of its messages."""
    places = call.command.usage.arguments
    if not places or not _is_item(call.command, places[0].name):
        return False
    named = call.speech.rest.split(maxsplit=1)[0]
    return ITEM_ID.fullmatch(named.rstrip(":")) is not None or await _about(db, call.event) is not None


async def _with_item_plugin(desk: Desk, db: Transaction, call: Call) -> Call:
    """`cancel`, `modify` and the like belong to the plugin of the item they name."""
    if call.command.name not in ITEM_WORDS:
        return call
    named = call.speech.rest.split(maxsplit=1)[:1]
    item = await items.get_item(db, named[0].rstrip(":")) if named else None
    item = item or await _item_about(db, call)
    plugin = desk.registry.plugins.get(item.plugin) if item else None
    if item is None or plugin is None:
        return call
    command = plugin.item_commands.get(call.command.name)
    if command is None:
        raise Refusal("item-cannot", item=item.id, example="")
    return replace(call, command=command)


async def _item_about(db: Transaction, call: Call) -> items.Item | None:
    about = await _about(db, call.event)
    return await items.get_item(db, about) if about else None


async def context_for(desk: Desk, db: Transaction, call: Call, now: datetime) -> Context[Any]:
    """The context of a command's handler."""
    event = call.event
    file = event.file or await _answered_file(db, event)
    return Context(
        **desk.base(db, call.command.plugin, now, call.room),
        actor=await desk.actor(db, event.sender, call.room),
        room=call.room,
        event=event,
        thread=call.thread,
        about=await _about(db, event),
        handle=call.handle,
        text=call.speech.rest,
        file=file,
        confirmed=call.confirmed,
    )


async def read_call(desk: Desk, db: Transaction, call: Call, ctx: Context[Any]) -> dict[str, Any]:
    """The handler's keyword arguments, options included."""
    command = call.command
    parted = _part(desk, command, call.speech.rest)
    reading = Reading(ctx.dates, desk.vocabulary.choice_words)
    arguments = read_arguments(command, parted.text, reading, ctx.about)
    for name, value in arguments.items():
        if value and _is_item(command, name) and await items.get_item(db, value) is None:
            raise Refusal("item-unknown", item=value)
    if command.options is not None:
        arguments["options"] = read_options(command.options, parted.options, reading)
    return arguments


def _part(desk: Desk, command: Command, text: str) -> Parted:
    if command.options is None:
        return Parted(text)
    words = desk.vocabulary.option_words(field.name for field in fields(command.options))
    return part(text, words, free_text=command.usage.free_text, listed=command.listed)


def _is_item(command: Command, name: str) -> bool:
    needed = {argument.name: argument.needed for argument in command.usage.arguments}
    return command.handler.__annotations__.get(name) in (ItemId, "ItemId") and needed.get(name, False)


async def _check_right(command: Command, ctx: Context[Any]) -> None:
    if command.needs is not None and not await ctx.actor_may(command.needs):
        roles = [says(f"role-{role}") for role in ctx.school.who_may(command.needs, room=ctx.room)]
        raise Refusal("no-right", example="", roles=roles, word=Code(command.name))


async def _about(db: Transaction, event: MessageReceived | MessageEdited) -> str | None:
    if not isinstance(event, MessageReceived):
        return None
    for target in (event.reply_to, event.thread):
        row = await outbox.get_row_of_event(db, target) if target else None
        if row is not None and row.item is not None:
            return str(row.item)
    return None


async def _answered_file(db: Transaction, event: MessageReceived | MessageEdited) -> Any:
    if isinstance(event, MessageReceived) and event.reply_to is not None:
        return await intake.get_shared_file(db, event.reply_to)
    return None


def hide(desk: Desk, command: Command | None, room: Room, handle: EventId) -> Redact | None:
    """A command that names families is taken out of a room where others read along, if the bot may."""
    others = command is not None and command.private and room.direct is None
    may = others and room.may_redact_others(desk.ears.user_id)
    return Redact(event=handle, room=room.id) if may else None


async def _remember(db: Transaction, call: Call, outcome: str) -> None:
    await remember(db, call.event, call.handle, outcome, call.command.name)


async def remember(
    db: Transaction, event: MessageReceived | MessageEdited, handle: EventId, outcome: str, word: str
) -> None:
    """Keep what became of a command message: done, refused, unknown, fault."""
    await intake.mark_command(
        db, handle, room=event.room_id, sender=event.sender, outcome=outcome, word=word, sent_at=event.sent_at
    )


def error_message(desk: Desk, refusal: Refusal, command: Command | None, language: str) -> Message:
    """What was wrong and, under it, an example that works when copied."""
    key = refusal.example if refusal.example is not None else (command and f"example-{command.name}")
    if not key:
        return Message("error", (refusal.says,))
    example = Code(desk.ears.prefix + desk.vocabulary.catalog.get(key, language))
    return Message("error", (refusal.says, says("for-example", example=example)))
