"""What `!aide` shows: only what the person may do here, in their language, shortest first."""

from __future__ import annotations

from coedu_bot.context import Context
from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.effects import Effects
from coedu_bot.message import Block, Bullets, Code, Message, Says, says
from coedu_bot.plugin import Command, NoSettings


async def help_overview(ctx: Context[NoSettings]) -> Effects:
    """One line a command, as the person would type it."""
    allowed = await _allowed(ctx)
    lines = tuple(_line(ctx, command) for command in allowed)
    example = Code(f"{ctx.prefix}{_word(ctx, ctx.vocabulary.commands['help'])} {_word(ctx, allowed[-1])}")
    return _shown(ctx, says("help-title"), Bullets(lines), says("help-more", example=example))


async def allowed_lines(ctx: Context[NoSettings]) -> list[Says]:
    """What the person may do here, one line a command."""
    return [_line(ctx, command) for command in await _allowed(ctx)]


async def _allowed(ctx: Context[NoSettings]) -> list[Command]:
    allowed = [command for command in ctx.vocabulary.commands.values() if await _may(ctx, command)]
    return sorted(allowed, key=lambda command: (len(command.usage.arguments), len(_word(ctx, command))))


async def help_on(ctx: Context[NoSettings], word: str) -> Effects:
    """One command with two examples."""
    command = ctx.vocabulary.find(word.lstrip(ctx.prefix))
    if command is None:
        near = ctx.vocabulary.near(word)
        if near is None:
            raise Refusal("help-unknown", typed=word)
        raise Refusal("did-you-mean", typed=word, command=Code(ctx.prefix + near), example="")
    return _shown(ctx, _line(ctx, command), *_examples(ctx, command))


def _shown(ctx: Context[NoSettings], *blocks: Block) -> Effects:
    return ctx.respond(Message("help", blocks, language=_language(ctx)))


async def _may(ctx: Context[NoSettings], command: Command) -> bool:
    if ctx.school.does_without(command.plugin, ctx.room):
        return False
    return command.needs is None or await ctx.actor_may(command.needs)


def _language(ctx: Context[NoSettings]) -> str:
    """The person's own; of who has said none, in a room, the room's."""
    own = ctx.actor.language
    return own if ctx.room.direct or own != ctx.school.language else ctx.languages_at(ctx.room)[0]


def _word(ctx: Context[NoSettings], command: Command) -> str:
    return ctx.vocabulary.words(f"command-{command.name}", _language(ctx))[0]


def _line(ctx: Context[NoSettings], command: Command) -> Says:
    return says(
        "help-line", command=Code(ctx.prefix + _word(ctx, command)), what=says(f"help-{command.name}")
    )


def _examples(ctx: Context[NoSettings], command: Command) -> tuple[Says, Says]:
    """Two: of a command that has one way of being typed, the second is without the prefix."""
    catalog, language = ctx.vocabulary.catalog, _language(ctx)
    typed = catalog.get(f"example-{command.name}", language)
    more = catalog.get(f"example-{command.name}-more", language)
    first = says("example", example=Code(ctx.prefix + typed))
    if more:
        return first, says("example", example=Code(ctx.prefix + more))
    return first, says("bare-example", example=Code(typed))
