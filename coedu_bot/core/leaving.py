"""`stop` leaves the service, `reprendre` comes back."""

from __future__ import annotations

from coedu_bot.core import contacts
from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.delivery import tasks
from coedu_bot.delivery.stopped import SETTING
from coedu_bot.dispatch.performers import LEAVE
from coedu_bot.effects import Choice, Effects, Menu
from coedu_bot.menu_context import MenuContext
from coedu_bot.message import Code, Message, says
from coedu_bot.plugin import NoSettings
from coedu_bot.rooms import Room
from coedu_bot.store import holding, people

MENU = "leave-rooms"
LEFT = "left-rooms"
"""The rooms that somebody was taken out of as they wished."""


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
    """Out of the rooms where the bot may take people out; for the others the school is asked to."""
    if choice == "no":
        return ctx.reply("stop-rooms-kept")
    mine = await ctx.rooms_of(ctx.actor.id)
    left = [room for room in mine if room.may_remove(ctx.bot_id, ctx.actor.id)]
    if not left:
        return await _ask_school(ctx, mine)
    ids = [room.id for room in left]
    await people.mark_setting(ctx.db, ctx.actor.id, LEFT, ids)
    await tasks.add_task(ctx.db, LEAVE, ctx.actor.id, {"rooms": ids}, ctx.now)
    others = [room for room in mine if room not in left]
    told = ctx.reply("stop-rooms-left", rooms=[ctx.label(room) for room in left])
    return [told, await _ask_school(ctx, others) if others else None]


async def _ask_school(ctx: MenuContext[NoSettings], rooms: list[Room]) -> Effects:
    names = [ctx.label(room) for room in rooms]
    asked = Message("question", (says("stop-rooms-asked", who=ctx.actor.name, rooms=names),), rings=True)
    told = [ctx.tell(one, asked) for one in await contacts.coordinators(ctx)]
    return [told, ctx.reply("stop-rooms-told" if told else "stop-rooms-yourself")]


@plugin.command("resume", private=True)
async def resume(ctx: Ctx) -> Effects:
    """Write to this person again, and ask them back into the rooms they left."""
    await people.mark_setting(ctx.db, ctx.actor.id, SETTING, False)
    left = await people.get_setting(ctx.db, ctx.actor.id, LEFT)
    guardian = ctx.school.families.guardians.get(ctx.actor.id)
    discreet = guardian is not None and guardian.discreet
    if left and not discreet and await ctx.belongs(ctx.actor.id):
        await tasks.add_task(ctx.db, LEAVE, ctx.actor.id, {"back": left}, ctx.now)
    await people.remove_setting(ctx.db, ctx.actor.id, LEFT)
    return ctx.answer_privately(Message("reply", (says("resumed"),)))
