"""`stop` leaves the service, `reprendre` comes back."""

from __future__ import annotations

from coedu_bot.core import contacts
from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.delivery.stopped import SETTING
from coedu_bot.effects import Choice, Effects, Menu
from coedu_bot.menu_context import MenuContext
from coedu_bot.message import Code, Message, says
from coedu_bot.plugin import NoSettings
from coedu_bot.store import holding, people

MENU = "leave-rooms"


@plugin.command("stop", private=True)
async def stop(ctx: Ctx) -> Effects:
    """Write to this person no more, but for answers; ask whether they want to leave the rooms too."""
    await people.mark_setting(ctx.db, ctx.actor.id, SETTING, True)
    await holding.drop_unsent(ctx.db, ctx.actor.id, "stopped")
    back = Code(ctx.word("resume", ctx.actor.language))
    said = ctx.answer_privately(Message("reply", (says("stopped", back=back),)))
    rooms = await ctx.rooms_of(ctx.actor.id)
    if not rooms:
        return said
    yes_no = [Choice(value, says(f"choice-{value}")) for value in ("yes", "no")]
    return [said, Menu(person=ctx.actor.id, name=MENU, question=says("stop-rooms"), choices=yes_no)]


@plugin.menu(MENU)
async def leave_rooms(ctx: MenuContext[NoSettings], choice: str) -> Effects:
    """The school takes people out of its rooms: it is asked to."""
    if choice == "no":
        return ctx.reply("stop-rooms-kept")
    rooms = [ctx.label(room) for room in await ctx.rooms_of(ctx.actor.id)]
    asked = Message("question", (says("stop-rooms-asked", who=ctx.actor.name, rooms=rooms),), rings=True)
    told = [ctx.tell(one, asked) for one in await contacts.coordinators(ctx)]
    return [told, ctx.reply("stop-rooms-told" if told else "stop-rooms-yourself")]


@plugin.command("resume", private=True)
async def resume(ctx: Ctx) -> Effects:
    """Write to this person again."""
    await people.mark_setting(ctx.db, ctx.actor.id, SETTING, False)
    return ctx.answer_privately(Message("reply", (says("resumed"),)))
