"""`mes données` and `rgpd`: what is kept of a person, why, how long, and who answers for it."""

from __future__ import annotations

from datetime import timedelta

from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.delivery import tasks
from coedu_bot.dispatch.personal_data import EXPORT
from coedu_bot.effects import Effects
from coedu_bot.message import Bullets, Code, Message, Says, says
from coedu_bot.school.keeping import TRACES


@plugin.command("mydata", private=True)
async def my_data(ctx: Ctx) -> Effects:
    """Hand over at once, as a file, all that is kept of this person."""
    await tasks.add_task(ctx.db, EXPORT, ctx.actor.id, {}, ctx.now)
    return None if ctx.room.direct == ctx.actor.id else ctx.reply("sent-privately", kind="sent-privately")


@plugin.command("privacy", private=True)
async def privacy(ctx: Ctx) -> Effects:
    """Say who holds what, why and how long, and what one may ask for."""
    who = says(
        "privacy-who", school=ctx.school.name, controller=ctx.school.controller, contact=ctx.school.contact
    )
    words = {name: Code(ctx.word(name, ctx.actor.language)) for name in ("mydata", "erase", "stop")}
    more = (says("privacy-elsewhere"), says("privacy-rights", **words), says("privacy-authority"))
    return ctx.answer_privately(Message("reply", (who, Bullets(_kept(ctx)), *more)))


def _kept(ctx: Ctx) -> tuple[Says, ...]:
    """One line for each kind of data: what it is for, and until when it is kept."""
    keeping = ctx.school.keeping
    return (
        says("privacy-settings"),
        says("privacy-rooms"),
        says("privacy-messages", duration=days(keeping.messages)),
        says("privacy-traces", duration=days(TRACES)),
        says("privacy-features", duration=days(keeping.items)),
    )


def days(duration: timedelta) -> Says:
    """A duration in whole days."""
    return says("days-long", count=max(1, duration.days))
