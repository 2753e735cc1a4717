"""The answers to a dialogue's questions: the usual ones to choose from, and whether a text is one."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

from coedu_bot.context import Context
from coedu_bot.dispatch.arguments import Reading, read_value
from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.effects import Choice
from coedu_bot.language.words import fold
from coedu_bot.message import says
from coedu_bot.plugin import Ask, Command

SKIP = "skip"
_SHORT = 4
"""Up to so many words somebody may have mistyped an answer; more are a message about something else."""


async def usual(ctx: Context[Any], command: Command, ask: Ask) -> list[Choice]:
    """What the menu of a question offers; raises Refusal where there is no room to choose."""
    if ask.rooms:
        return await _rooms(ctx, command)
    words = ctx.vocabulary.words
    choices = [Choice(value, words(f"choice-{value}", ctx.actor.language)[0]) for value in ask.usual]
    return [*choices, *([Choice(SKIP, says("dialogue-skip"))] if ask.optional else [])]


async def _rooms(ctx: Context[Any], command: Command) -> list[Choice]:
    mine = [room for room in await ctx.rooms_of(ctx.actor.id) if not ctx.is_staff_room(room)]
    allowed = [one for one in mine if command.needs is None or await ctx.actor_may(command.needs, one)]
    if not allowed:
        raise Refusal("dialogue-no-room", example="")
    return [Choice(room.id, ctx.label(room)) for room in allowed]


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
    words = {fold(ctx.phrase("dialogue-skip", language)) for language in (ctx.actor.language, "fr", "en")}
    return ask.optional and fold(said).strip(" .!") in words


async def _read(ctx: Context[Any], command: Command, ask: Ask, said: str, reading: Reading) -> None:
    if ask.rooms:
        words = read_value(tuple[str, ...], said, reading)
        if not ctx.means_everywhere(words):
            await ctx.find_rooms(words)
    elif ask.option and command.options is not None:
        types = get_type_hints(command.options)
        assert ask.name in {field.name for field in fields(command.options)}
        read_value(types[ask.name], said, reading)
