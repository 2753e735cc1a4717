"""Everyone's own time zone: the one in which the dates they write are meant and those they read are shown."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from coedu_bot.core.hours import zone_named
from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.effects import Effects
from coedu_bot.language.words import fold
from coedu_bot.message import Hour, Message, Place, says
from coedu_bot.school.hours import ZONE
from coedu_bot.store import people


@plugin.command("timezone [place...]")
async def timezone(ctx: Ctx, place: str) -> Effects:
    """Set the zone of this person's dates by a city or an IANA name, give it back, or show it."""
    zone = ctx.actor.zone
    if fold(place).strip() in ctx.vocabulary.choice_words("school"):
        zone = ctx.school.zone
        await people.remove_setting(ctx.db, ctx.actor.id, ZONE)
    elif place:
        zone = zone_named(place, ctx.actor.language)
        await people.mark_setting(ctx.db, ctx.actor.id, ZONE, zone)
    hour = Hour(ctx.now.astimezone(ZoneInfo(zone)).time())
    told = says("timezone-yours", place=Place(zone), hour=hour)
    return ctx.answer_privately(Message("reply", (told,)))
