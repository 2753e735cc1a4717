"""Everyone's own time zone: the one in which the dates they write are meant and those they read are shown."""

from __future__ import annotations

from coedu_bot.core.hours import choose_zone, zone_said
from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.effects import Effects
from coedu_bot.message import Message


@plugin.command("timezone [place...]")
async def timezone(ctx: Ctx, place: str) -> Effects:
    """Set the zone of this person's dates by a city or an IANA name, give it back, or show it."""
    zone = await choose_zone(ctx, place) if place else ctx.actor.zone
    return ctx.answer_privately(Message("reply", (zone_said(zone, ctx.now),)))
