"""One plain sentence, once a day, to somebody whose message the bot could not read."""

from __future__ import annotations

from datetime import datetime, timedelta

from coedu_bot.context import TimerContext
from coedu_bot.effects import Effects, Post
from coedu_bot.message import Message, When, says
from coedu_bot.plugin import NoSettings
from coedu_bot.store import intake, people

_SETTING = "unreadable-told-at"
_AGAIN_AFTER = timedelta(days=1)


async def tell(ctx: TimerContext[NoSettings]) -> Effects:
    """Nothing, if the key came after all or the person has been told today."""
    sender = ctx.payload["sender"]
    if not await intake.is_undecrypted(ctx.db, ctx.payload["event"]):
        return ()
    told = await people.get_setting(ctx.db, sender, _SETTING)
    if told and ctx.now - datetime.fromisoformat(told) < _AGAIN_AFTER:
        return ()
    await people.mark_setting(ctx.db, sender, _SETTING, ctx.now.isoformat())
    when = When(datetime.fromisoformat(ctx.payload["sent_at"]))
    return Post(person=sender, message=Message("error", (says("message-unreadable", when=when),)))
