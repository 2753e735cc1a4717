"""Whom a coordinator means: a mention, a Matrix ID, or a name."""

from __future__ import annotations

from coedu_bot.core.registration import Ctx
from coedu_bot.events import MessageEdited, MessageReceived, UserId
from coedu_bot.language.words import fold


def mentioned(ctx: Ctx) -> UserId | None:
    """The one person that the message mentions, besides the bot."""
    named = ctx.event.mentions if isinstance(ctx.event, MessageReceived | MessageEdited) else ()
    others = [user for user in named if user != ctx.bot_id]
    return others[0] if len(others) == 1 else None


async def staff_called(ctx: Ctx, name: str) -> set[UserId]:
    """Those who work at the school and show themselves under this name in its rooms."""
    wanted = fold(name).strip()
    rooms = await ctx.joined_rooms()
    members = [one for room in rooms for one in await ctx.members(room.id)]
    called = {one.user_id for one in members if wanted and fold(one.display_name).strip() == wanted}
    return {user for user in called if await ctx.is_staff(user)}
