"""Everyone's own hours: when they are left in peace, when their digest comes, and "send it now" at night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from coedu_bot.context import Context, TapContext
from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.delivery.hold import hold_anew
from coedu_bot.delivery.posting import SEND_NOW
from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.effects import Edit, Effects
from coedu_bot.language.hours import DailyHour, OwnHours
from coedu_bot.language.moments import show_place
from coedu_bot.language.words import fold
from coedu_bot.message import Hour, Message, Place, Says, says
from coedu_bot.plugin import NoSettings
from coedu_bot.school.hours import DIGEST, QUIET, ZONE, Hours, hours_of, quiet_setting
from coedu_bot.school.quiet_hours import QuietHours
from coedu_bot.store import holding, people


@dataclass(frozen=True, slots=True)
class Options:
    """What else can be said about one's hours."""

    weekend: bool | None = None
    zone: str | None = None


@plugin.command("hours [wish...]", options=Options)
async def hours(ctx: Ctx, wish: OwnHours | None, options: Options) -> Effects:
    """Set the hours in which nothing that can wait comes to this person, or show them."""
    told = [zone_said(await choose_zone(ctx, options.zone), ctx.now)] if options.zone else []
    if wish and wish.school:
        await people.remove_setting(ctx.db, ctx.actor.id, QUIET)
    elif wish or options.weekend is not None:
        quiet = quiet_wished(wish or None, options.weekend, (await _own(ctx)).quiet)
        await people.mark_setting(ctx.db, ctx.actor.id, QUIET, quiet_setting(quiet))
    await hold_anew(ctx.db, ctx.school, ctx.now, ctx.actor.id)
    told.append(says("hours-yours", hours=hours_said(await _own(ctx))))
    return ctx.answer_privately(Message("reply", tuple(told)))


@plugin.command("digest [wish...]")
async def digest(ctx: Ctx, wish: DailyHour | None) -> Effects:
    """Have what is not urgent in one message a day at an hour of one's own, or as it comes."""
    if wish and wish.at:
        await people.mark_setting(ctx.db, ctx.actor.id, DIGEST, wish.at.isoformat("minutes"))
    elif wish:
        await people.remove_setting(ctx.db, ctx.actor.id, DIGEST)
    await hold_anew(ctx.db, ctx.school, ctx.now, ctx.actor.id)
    return ctx.answer_privately(
        Message("reply", (says("digest-yours", digest=digest_said(await _own(ctx))),))
    )


@plugin.tap(SEND_NOW, on="reply")
async def send_now(ctx: TapContext[NoSettings]) -> Effects:
    """Whoever wrote something that waits for the morning wants it out now."""
    if ctx.removed or ctx.about is None:
        return None
    if not await holding.mark_released(ctx.db, ctx.about, ctx.actor.id):
        return None
    return Edit(of=ctx.ref, message=Message("reply", (says("held-sent", item=ctx.about),)))


async def choose_zone(ctx: Ctx, typed: str) -> str:
    """Have a person's hours and dates meant in a zone, or the school's again; raises Refusal."""
    if fold(typed).strip() in ctx.vocabulary.choice_words("school"):
        await people.remove_setting(ctx.db, ctx.actor.id, ZONE)
        zone = ctx.school.zone
    else:
        zone = zone_named(typed, ctx.actor.language)
        await people.mark_setting(ctx.db, ctx.actor.id, ZONE, zone)
    await hold_anew(ctx.db, ctx.school, ctx.now, ctx.actor.id)
    return zone


def quiet_wished(wish: OwnHours | None, weekend: bool | None, before: QuietHours | None) -> QuietHours | None:
    """The quiet hours somebody asks for; the weekend stays as it was unless they say so."""
    quiet_weekend = weekend if weekend is not None else bool(before and before.quiet_weekend)
    if wish is None:
        if before is None:
            raise Refusal("hours-none-yet")
        return QuietHours(before.start, before.end, quiet_weekend)
    return QuietHours(wish.span.start, wish.span.end, quiet_weekend) if wish.span else None


def zone_named(typed: str, language: str = "en") -> str:
    """The IANA zone that somebody means by its name, or by its city in their language; raises Refusal."""
    wanted = fold(typed).strip().replace(" ", "_")
    zones = sorted(available_timezones())
    for zone in zones:
        if wanted in (fold(zone), fold(zone.rpartition("/")[2])):
            return zone
    for zone in (one for one in zones if "/" in one):
        if wanted == fold(show_place(zone, language)).replace(" ", "_"):
            return zone
    raise Refusal("zone-unknown", typed=typed)


def zone_said(zone: str, now: datetime) -> Says:
    """Where somebody's hours and dates are meant, and what time it is there."""
    return says("timezone-yours", place=Place(zone), hour=Hour(now.astimezone(ZoneInfo(zone)).time()))


def hours_said(own: Hours) -> Says:
    """Quiet hours in words."""
    if own.quiet is None or own.quiet.start == own.quiet.end:
        return says("hours-none")
    key = "hours-nights-weekends" if own.quiet.quiet_weekend else "hours-nights"
    return says(key, start=Hour(own.quiet.start), end=Hour(own.quiet.end))


def digest_said(own: Hours) -> Says:
    """The digest hour in words."""
    return says("digest-at", hour=Hour(own.digest)) if own.digest else says("digest-none")


async def _own(ctx: Context[NoSettings]) -> Hours:
    chosen: Mapping[str, Any] = (await people.list_settings(ctx.db, [ctx.actor.id]))[ctx.actor.id]
    return hours_of(ctx.school, chosen)
