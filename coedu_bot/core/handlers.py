"""Handlers of the core's own commands and questions."""

from __future__ import annotations

from coedu_bot.context import TimerContext
from coedu_bot.core import unreadable
from coedu_bot.core.help import help_on, help_overview
from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.dispatch.arguments import ItemId
from coedu_bot.effects import Effects
from coedu_bot.message import Message, Written, says
from coedu_bot.plugin import NoSettings


@plugin.command("ping [text...]")
async def ping(ctx: Ctx, text: str) -> Effects:
    """Answer at once, with what was said, so that people and benchmarks see the bot is there."""
    more = [Written(text)] if text else []
    return ctx.respond(Message("reply", (says("pong"), *more)))


@plugin.command("help [word]")
async def help_(ctx: Ctx, word: str | None) -> Effects:
    """Show what this person may do here, or one command with examples."""
    if word:
        return await help_on(ctx, word)
    return await help_overview(ctx)


@plugin.timer("unreadable")
async def tell_unreadable(ctx: TimerContext[NoSettings]) -> Effects:
    """A message's key has not come: its author is told, once a day."""
    return await unreadable.tell(ctx)


@plugin.command("cancel <item> [rest...]")
async def cancel(ctx: Ctx, item: ItemId, rest: str) -> Effects:
    """Hand over to the item's plugin; never reached for an item whose plugin is off."""
    raise AssertionError("item words are handed over by dispatch")


@plugin.command("modify <item> [rest...]")
async def modify(ctx: Ctx, item: ItemId, rest: str) -> Effects:
    """As cancel."""
    raise AssertionError("item words are handed over by dispatch")
