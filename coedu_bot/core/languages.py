"""The language a person is spoken to in: chosen by name, by a menu, by 🌐; offered to who writes another."""

from __future__ import annotations

from coedu_bot.context import TapContext
from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.dispatch.arguments import Spoken
from coedu_bot.dispatch.language_menu import MENU
from coedu_bot.dispatch.taps import ANYTHING
from coedu_bot.effects import Effects, Redact
from coedu_bot.language.scripts import language_of_script, script_of, script_of_language
from coedu_bot.menu_context import MenuContext
from coedu_bot.message import Message, says
from coedu_bot.plugin import NoSettings
from coedu_bot.store import people

SETTING = "language"
GLOBE = "🌐"
_OFFERED = "language-offered"


@plugin.command("language [name]", private=True)
async def language(ctx: Ctx, name: Spoken | None) -> Effects:
    """Choose the language in which the bot writes to this person."""
    if name is None:
        told = None if ctx.room.direct else ctx.reply("sent-privately", kind="sent-privately")
        return [ctx.language_menu(ctx.actor.id), told]
    await people.mark_setting(ctx.db, ctx.actor.id, SETTING, name)
    return ctx.answer_privately(Message("reply", (says("language-set"),)))


@plugin.menu(MENU)
async def choose_language(ctx: MenuContext[NoSettings], choice: str) -> Effects:
    """From here on everything private is in it, this answer first."""
    await people.mark_setting(ctx.db, ctx.actor.id, SETTING, choice)
    return ctx.reply("language-set")


@plugin.tap(GLOBE, on=ANYTHING)
async def open_menu(ctx: TapContext[NoSettings]) -> Effects:
    """🌐 opens the menu, privately; out of a shared room the tap goes: others see who gave it."""
    if ctx.removed or ctx.room.direct not in (None, ctx.actor.id) or not await ctx.belongs(ctx.actor.id):
        return None
    others = ctx.room.direct is None and ctx.room.may_redact_others(ctx.bot_id)
    hidden = Redact(event=ctx.event.event_id, room=ctx.room.id) if others else None
    return [ctx.language_menu(ctx.actor.id), hidden]


async def offer_by_script(ctx: Ctx) -> Effects:
    """Once, to who writes in a script that their language is not written in."""
    script = script_of(ctx.text)
    if script in (None, "latin", script_of_language(ctx.actor.language)):
        return None
    chosen = await people.get_setting(ctx.db, ctx.actor.id, SETTING)
    if chosen or await people.get_setting(ctx.db, ctx.actor.id, _OFFERED):
        return None
    await people.mark_setting(ctx.db, ctx.actor.id, _OFFERED, True)
    return ctx.language_menu(ctx.actor.id, *language_of_script(script))
