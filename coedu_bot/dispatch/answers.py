"""The answers to a dialogue's questions: the usual ones to choose from, and whether a text is one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

from coedu_bot.context import Context
from coedu_bot.dispatch.arguments import Reading, read_value
from coedu_bot.dispatch.composing import listed
from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.effects import Choice
from coedu_bot.language.words import fold
from coedu_bot.message import says, soon
from coedu_bot.plugin import Ask, Command
from coedu_bot.rooms import Room

SKIP = "skip"
_SHORT = 4
"""Up to so many words somebody may have mistyped an answer; more are a message about something else."""
_MOMENTS = (time(7, 30), time(18))
"""Before school, and when families are home."""
_TOO_SOON = timedelta(hours=1)


async def is_asked(ctx: Context[Any], command: Command, ask: Ask) -> bool:
    """Whether there is something to ask: in a class room, the room is known.

    Raises Refusal where the person may not do it there.
    """
    if not ask.rooms:
        return True
    if ctx.room.direct is None and not ctx.is_staff_room(ctx.room):
        await _check_here(ctx, ask)
        return False
    return not ask.optional or bool(await _allowed(ctx, command, ask))


async def _check_here(ctx: Context[Any], ask: Ask) -> None:
    if ask.needs is not None and not await ctx.actor_may(ask.needs):
        roles = [says(f"role-{role}") for role in ctx.school.who_may(ask.needs, room=ctx.room)]
        raise Refusal("no-right-there", example="", roles=roles, room=ctx.label(ctx.room))


async def usual(ctx: Context[Any], command: Command, ask: Ask) -> list[Choice]:
    """What the menu of a question offers; raises Refusal where there is no room to choose."""
    words = ctx.vocabulary.words
    choices = [Choice(word := words(f"choice-{one}", ctx.actor.language)[0], word) for one in ask.usual]
    if ask.rooms:
        choices += await _rooms(ctx, command, ask)
    if ask.dates:
        choices += [Choice(f"{at:%Y-%m-%d %H:%M}", soon(at, ctx.now, ctx.actor.zone)) for at in _moments(ctx)]
    return [*choices, *([Choice(SKIP, says(ask.skip))] if ask.optional else [])]


async def _rooms(ctx: Context[Any], command: Command, ask: Ask) -> list[Choice]:
    allowed = await _allowed(ctx, command, ask)
    if not allowed:
        raise Refusal("dialogue-no-room", example="")
    return [Choice(room.id, ctx.label(room)) for room in allowed]


async def _allowed(ctx: Context[Any], command: Command, ask: Ask) -> list[Room]:
    """The class rooms in which the person may do it."""
    needs = ask.needs or command.needs
    mine = [room for room in await ctx.rooms_of(ctx.actor.id) if not ctx.is_staff_room(room)]
    return [one for one in mine if needs is None or await ctx.actor_may(needs, one)]


def _moments(ctx: Context[Any]) -> Iterator[datetime]:
    """The next moments at which people are usually reminded, on the person's clock."""
    here = ctx.now.astimezone(ZoneInfo(ctx.actor.zone))
    for day in (0, 1):
        for hour in _MOMENTS:
            at = datetime.combine(here.date() + timedelta(days=day), hour, here.tzinfo)
            if at > here + _TOO_SOON:
                yield at


async def fits(ctx: Context[Any], command: Command, ask: Ask, said: str, reading: Reading) -> bool:
    """Whether a text answers the question; raises Refusal for one that nearly does."""
    if said == SKIP or _skips(ctx, ask, said):
        return ask.optional
    try:
        await _read(ctx, command, ask, said, reading)
    except Refusal:
        if len(said.split()) > _SHORT:
            return False
        raise
    return True


def without_skip(ctx: Context[Any], ask: Ask, said: str) -> str:
    """The answer, empty where the question was passed over."""
    return "" if said == SKIP or _skips(ctx, ask, said) else said


def _skips(ctx: Context[Any], ask: Ask, said: str) -> bool:
    languages = (ctx.actor.language, "fr", "en")
    words = {fold(ctx.phrase(key, one)) for key in (ask.skip, "dialogue-skip") for one in languages}
    return ask.optional and fold(said).strip(" .!") in words


async def _read(ctx: Context[Any], command: Command, ask: Ask, said: str, reading: Reading) -> None:
    if ask.rooms:
        words = read_value(tuple[str, ...], said, reading)
        if not ctx.means_everywhere(words):
            await ctx.find_rooms(words)
    elif ask.lines:
        if len(listed(said)) < ask.lines:
            raise Refusal("dialogue-few", example="", count=ask.lines)
    elif (type_ := _type_of(command, ask)) is not None:
        read_value(type_, said, reading)


def _type_of(command: Command, ask: Ask) -> Any:
    """What the answer must be: the option's type, or the argument's that it becomes; None for text."""
    if ask.option:
        assert command.options is not None
        return get_type_hints(command.options)[ask.name]
    needed = {argument.name for argument in command.usage.arguments if not argument.rest}
    return get_type_hints(command.handler)[ask.name] if ask.name in needed else None
