"""Greets who comes in."""

from __future__ import annotations

from coedu_bot.api import Effects, NoSettings, Plugin, TimerContext
from plugins.welcome import store, views
from plugins.welcome.domain import Newcomer, first_steps

plugin = Plugin("welcome", package=__package__ or "plugins.welcome", tables=store.metadata)


@plugin.joined
async def greet(ctx: TimerContext[NoSettings]) -> Effects:
    """Privately, once, in the home language, with the menu to choose another."""
    person = ctx.payload["person"]
    newcomer = Newcomer(
        staff=await ctx.is_staff(person),
        greeted=await store.is_greeted(ctx.db, person),
        told=await ctx.belongs(person),
    )
    steps = first_steps(newcomer)
    if steps is None:
        return None
    await store.add_greeting(ctx.db, person, ctx.now)
    language = await ctx.language_of(person)
    return [ctx.tell(person, views.greeting(ctx.school.name, steps)), ctx.language_menu(person, language)]
