"""Moved, changed, cancelled: by command, by an edit or redaction of the command, or by a reply."""

from __future__ import annotations

from coedu_bot.api import (
    CloseMenus,
    Effects,
    ItemId,
    Message,
    Recurrence,
    Redact,
    Refusal,
    Schedule,
    says,
)
from plugins.reminders import planning, saying, store
from plugins.reminders.domain import Reminder, State
from plugins.reminders.handlers import Options, typed_date
from plugins.reminders.registration import Ctx, plugin
from plugins.reminders.rooms import existing, may_change, target


@plugin.item_command("cancel <item> [rest...]")
async def cancel(ctx: Ctx, item: ItemId, rest: str) -> Effects:
    """End a reminder, and with it all times still to come."""
    one = await existing(ctx, item)
    return [await end(ctx, one), ctx.reply("reminder-cancelled", item=one.id)]


@plugin.item_command("modify <item> [text...]", options=Options)
async def modify(ctx: Ctx, item: ItemId, text: str, options: Options) -> Effects:
    """Another date, another text or both, also of a reminder that a colleague planned."""
    one = await existing(ctx, item)
    when, rest = _leading(ctx, text)
    if when is None and not rest:
        raise Refusal("argument-missing", example="example-remind")
    return await _change(ctx, one, when, rest, options, by_edit=False)


@plugin.edited
async def edited(ctx: Ctx, item: str, when: Schedule, text: str, options: Options) -> Effects:
    """The command was edited: a date that is the same words still means the same moment."""
    one = await existing(ctx, ItemId(item))
    typed, room = typed_date(ctx.text, text), await target(ctx, options.to)
    place = room.id if room else None
    plan = planning.plan_of(ctx, when, room, in_holidays=bool(options.holidays))
    same = (typed, place) == (one.typed, one.room) and plan.skip_holidays == one.plan.skip_holidays
    after = one.changed(text=text.strip(), plan=None if same else plan, typed=typed).moved_to(place)
    return await planning.change(ctx, one, after, by_edit=True)


@plugin.taken_back
async def taken_back(ctx: Ctx, item: str) -> Effects:
    """The command was redacted: by somebody who may cancel, it ends the reminder."""
    one = await store.get_reminder(ctx.db, item)
    if one is None or one.state is State.CANCELLED or not await may_change(ctx, one):
        return None
    return await end(ctx, one)


@plugin.answer(on="reminder")
@plugin.answer(on="reminder.set")
async def answered(ctx: Ctx) -> Effects:
    """A reply with a date moves it, `annuler` ends it; in a room anything else is people talking."""
    one = await store.get_reminder(ctx.db, ctx.about) if ctx.about else None
    if one is None or one.state is State.CANCELLED or not await may_change(ctx, one):
        return None
    command = ctx.vocabulary.find(ctx.text.strip().rstrip(".!"))
    if command is not None and command.name == "cancel":
        return [await end(ctx, one), ctx.reply("reminder-cancelled", item=one.id)]
    when, rest = _leading(ctx, ctx.text)
    if when is None or rest:
        return ctx.reply("reminder-answer", item=one.id) if ctx.room.direct else None
    if one.plan.rule and not isinstance(when, Recurrence):
        return await saying.once_more(ctx, one, planning.moment_of(when))
    return await _change(ctx, one, when, "", Options(), by_edit=False)


async def end(ctx: Ctx, one: Reminder) -> Effects:
    """Cancel: no timer, no open question, no confirmation left; who wanted it in private is told."""
    await store.mark_reminder(ctx.db, one.cancelled())
    copies = await store.list_copies(ctx.db, one.id)
    gone = [copy for copy in copies if copy.occurrence is None or not one.plan.rule]
    told = [
        ctx.tell(person, Message("reply", (says("reminder-cancelled", item=one.id),)), item=one.id)
        for person in await store.list_listeners(ctx.db, one.id)
    ]
    closed: Effects = [CloseMenus(name="quiet", item=one.id), ctx.unwake(one.id)]
    return [closed, [Redact(of=copy.ref) for copy in gone], told]


async def _change(
    ctx: Ctx, one: Reminder, when: Schedule | None, text: str, options: Options, *, by_edit: bool
) -> Effects:
    room = await target(ctx, options.to) if options.to else None
    place = room.id if room else one.room
    plan = None
    if when is not None:
        known = await ctx.room_of(place) if place else None
        kept = bool(one.plan.rule) and not one.plan.skip_holidays
        wanted = options.holidays if options.holidays is not None else kept
        plan = planning.plan_of(ctx, when, known, in_holidays=wanted)
    after = one.changed(text=text, plan=plan).moved_to(place)
    return await planning.change(ctx, one, after, by_edit=by_edit)


def _leading(ctx: Ctx, text: str) -> tuple[Schedule | None, str]:
    """The date that a text begins with, if it does, and what follows it."""
    try:
        return ctx.dates.schedule(text)
    except Refusal as refusal:
        if refusal.says.key in ("date-leftover", "date-empty"):
            return None, text.strip()
        raise
