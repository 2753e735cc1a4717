"""What the core gives up waiting for."""

from __future__ import annotations

from datetime import timedelta

from coedu_bot.context import TimerContext
from coedu_bot.core.registration import plugin
from coedu_bot.dispatch.asking import LAPSE, MENU, WAITS
from coedu_bot.effects import CloseMenus, Effects
from coedu_bot.message import Code, Message, says
from coedu_bot.plugin import NoSettings
from coedu_bot.store import dialogues

_GRACE = timedelta(minutes=1)
"""After a time without the bot, answers given meanwhile come in first."""


@plugin.timer(LAPSE)
async def lapse_dialogue(ctx: TimerContext[NoSettings]) -> Effects:
    """Nobody answered a question for a quarter of an hour: say so, and stop waiting."""
    one = await dialogues.get_dialogue(ctx.db, ctx.payload["person"])
    if one is None or one.id != ctx.payload["id"] or ctx.now - one.asked_at < WAITS:
        return None
    if ctx.late and not ctx.payload.get("graced"):
        return ctx.wake(LAPSE, ctx.now + _GRACE, payload={**ctx.payload, "graced": True})
    await dialogues.remove_dialogue(ctx.db, one)
    command = Code(ctx.prefix + ctx.word(one.command, await ctx.language_of(one.person)))
    said = ctx.tell(one.person, Message("dialogue", (says("dialogue-lapsed", command=command),)))
    return [CloseMenus(name=MENU, person=one.person), said]
