"""From what was typed to a plan; the question about quiet hours; the confirmation in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from coedu_bot.api import (
    Choice,
    CloseMenus,
    Edit,
    Effects,
    Menu,
    Message,
    Post,
    Recurrence,
    Refusal,
    Room,
    Says,
    Schedule,
    Wake,
    says,
)
from plugins.reminders import store, views
from plugins.reminders.domain import Gap, Plan, Reminder, next_gap
from plugins.reminders.registration import Any_, Chosen, Ctx
from plugins.reminders.store import Copy

_SHOWN_TIMES = 3


def plan_of(ctx: Ctx, when: Schedule, room: Room | None, *, in_holidays: bool) -> Plan:
    """The plan that a date means; what comes again in a class's room has holidays, if not said otherwise."""
    own = ctx.actor.own_zone
    if not isinstance(when, Recurrence):
        return Plan(wall=when.wall, zone=when.zone, own_zone=own)
    if when.week and not ctx.school.calendar.week_a:
        raise Refusal("reminder-no-weeks", example="")
    skips = room is not None and not ctx.is_staff_room(room) and not in_holidays
    plan = Plan(
        wall=when.first, zone=when.zone, rule=when.rule, week=when.week, own_zone=own, skip_holidays=skips
    )
    if next(ctx.times(when, skip_holidays=skips), None) is None:
        raise Refusal("reminder-never")
    return plan


def wake(ctx: Any_, one: Reminder) -> Wake | None:
    """The timer of a plan."""
    plan = one.plan
    if plan.rule is None:
        return ctx.wake("due", _aware(ctx, plan), item=one.id, own_zone=plan.own_zone)
    return ctx.wake_every(
        "due", _recurrence(ctx, plan), item=one.id, skip_holidays=plan.skip_holidays, own_zone=plan.own_zone
    )


async def begin(ctx: Ctx, one: Reminder, *, again: bool = False) -> Effects:
    """Plan a reminder that is kept, and confirm it; or ask first, if its hour is one of quiet.

    `again`: it was confirmed before, in a message that is there and now says what is true.
    """
    at = first_time(ctx, one)
    end = await _quiet_end(ctx, one, at)
    if end is None or at <= ctx.now:
        return [wake(ctx, one), await _correct(ctx, one) if again else await confirm(ctx, one)]
    waiting = _waiting(one, end)  # also if nobody answers
    await store.mark_reminder(ctx.db, waiting)
    elsewhere = ctx.room.direct != ctx.actor.id
    told = ctx.reply("sent-privately", kind="sent-privately", item=one.id) if elsewhere else None
    return [wake(ctx, waiting), _question(ctx, one, at, end), told]


async def confirm(ctx: Ctx, one: Reminder) -> Effects:
    """The date in full, as an answer; the message is remembered, to be changed and taken back."""
    message = await confirmation(ctx, one, private=ctx.room.direct is not None, here=ctx.room.id)
    post = ctx.respond(message, item=one.id, version=one.version)
    await store.add_copy(ctx.db, one.id, Copy(post.ref, person=ctx.room.direct))
    return post


async def confirm_where_asked(ctx: Chosen, one: Reminder) -> Effects:
    """After the question in private: there, and where the command was."""
    here = await confirm(ctx, one)
    if ctx.payload["room"] == ctx.room.id:
        return here
    message = await confirmation(ctx, one, private=False, here=ctx.payload["room"])
    post = Post(
        room=ctx.payload["room"],
        message=message,
        item=one.id,
        version=one.version,
        answers=ctx.payload["handle"],
    )
    await store.add_copy(ctx.db, one.id, Copy(post.ref))
    return [here, post]


async def confirmation(ctx: Ctx, one: Reminder, *, private: bool, here: str | None) -> Message:
    """What is confirmed of a plan, to those who read a room."""
    plan = one.plan
    times = list(islice(_times(ctx, plan), _SHOWN_TIMES)) or [_aware(ctx, plan)]
    room = await ctx.room_of(one.room) if one.room and one.room != here else None
    outlook = views.Outlook(
        now=ctx.now.astimezone(ZoneInfo(zone_of(ctx, plan))),
        times=times,
        gap=_gap(ctx, plan),
        room=ctx.label(room) if room else "",
        twice=plan.rule is None and _comes_twice(_aware(ctx, plan)),
        offers_me_too=one.room is not None and not private,
    )
    return views.confirmation(one, outlook, zone_of(ctx, plan))


async def change(ctx: Ctx, one: Reminder, after: Reminder, *, by_edit: bool) -> Effects:
    """Keep a changed reminder: a new plan begins anew, what was said shows the new text.

    An edit of the command changes its confirmation; any other way to change it is answered.
    """
    await store.mark_reminder(ctx.db, after)
    shown = await saying_anew(ctx, after) if after.text != one.text else []
    if after.plan == one.plan and after.state is one.state:
        return [shown, None if by_edit else ctx.reply("reminder-changed", item=one.id)]
    ended: Effects = [CloseMenus(name="quiet", item=one.id), ctx.unwake(one.id)]
    return [shown, ended, await begin(ctx, after, again=by_edit)]


async def saying_anew(ctx: Ctx, one: Reminder) -> list[Edit]:
    """The new text in the messages of the latest time it was said."""
    copies = [copy for copy in await store.list_copies(ctx.db, one.id) if copy.occurrence is not None]
    latest = [copy for copy in copies if copy.occurrence == copies[-1].occurrence]
    edits = []
    for copy in latest:
        message = await said(ctx, one, copy.person)
        edits.append(Edit(of=copy.ref, message=message, version=one.version))
    return edits


async def said(ctx: Any_, one: Reminder, person: str | None, planned_for: Says | None = None) -> Message:
    """The reminder as the room reads it, or one `person` in private."""
    room = await ctx.room_of(one.room) if one.room else None
    if person is not None or room is None:
        return views.due(one, room=ctx.label(room) if room else "", planned=planned_for)
    calls = one.calls_room and room.may_mention_room(one.author)
    return views.due(one, by=await ctx.name_of(one.author, room.id), calls=calls, planned=planned_for)


async def _correct(ctx: Ctx, one: Reminder) -> Effects:
    """What was confirmed shows the new plan; if nothing was, it is confirmed now."""
    copies = [copy for copy in await store.list_copies(ctx.db, one.id) if copy.occurrence is None]
    if not copies:
        return await confirm(ctx, one)
    edits = []
    for copy in copies:
        private = copy.person is not None
        message = await confirmation(ctx, one, private=private, here=None if private else one.room)
        edits.append(Edit(of=copy.ref, message=message, version=one.version))
    return edits


def first_time(ctx: Any_, one: Reminder) -> datetime:
    """The next moment of a plan, aware, on its own wall clock."""
    return next(_times(ctx, one.plan), _aware(ctx, one.plan))


def zone_of(ctx: Any_, plan: Plan) -> str:
    """The zone of a plan: the one that was chosen, else the school's, which may be another by now."""
    return plan.zone if plan.own_zone else ctx.school.zone


def moment_of(when: Schedule) -> datetime:
    """The moment, aware, in its zone."""
    wall = when.first if isinstance(when, Recurrence) else when.wall
    return wall.replace(tzinfo=ZoneInfo(when.zone))


def in_quiet_hours(one: Reminder, payload: Any) -> Reminder:
    """The plan as it was before the quiet hours were respected: said in them, as its author wants."""
    return replace(one, plan=replace(one.plan, wall=datetime.fromisoformat(payload["wall"]), waits=False))


def _waiting(one: Reminder, end: datetime) -> Reminder:
    """What comes again keeps its beat and waits each time; what comes once is moved."""
    if one.plan.rule:
        return replace(one, plan=replace(one.plan, waits=True))
    return replace(one, plan=replace(one.plan, wall=end.replace(tzinfo=None)))


def _question(ctx: Ctx, asked: Reminder, at: datetime, end: datetime) -> Menu:
    now = ctx.now.astimezone(end.tzinfo)
    return Menu(
        person=ctx.actor.id,
        name="quiet",
        question=views.quiet_question(asked, at),
        choices=(
            Choice("anyway", says("reminder-quiet-anyway")),
            Choice("end", views.quiet_choice(asked, end, now)),
        ),
        item=asked.id,
        payload={"wall": asked.plan.wall.isoformat(), "room": ctx.room.id, "handle": ctx.handle},
    )


async def _quiet_end(ctx: Any_, one: Reminder, at: datetime) -> datetime | None:
    """When the quiet hours end that a moment lies in, on the plan's wall clock; None if it lies in none."""
    end = await ctx.quiet_end(at, room=one.room, person=one.author)
    return end.astimezone(ZoneInfo(zone_of(ctx, one.plan))) if end else None


def _times(ctx: Any_, plan: Plan) -> Iterator[datetime]:
    """The moments still to come, on the plan's wall clock."""
    if plan.rule is not None:
        return ctx.times(_recurrence(ctx, plan), skip_holidays=plan.skip_holidays)
    return iter([_aware(ctx, plan)])


def _gap(ctx: Any_, plan: Plan) -> Gap | None:
    if plan.rule is None or not plan.skip_holidays:
        return None
    return next_gap(ctx.times(_recurrence(ctx, plan)), ctx.school.calendar.is_holiday)


def _recurrence(ctx: Any_, plan: Plan) -> Recurrence:
    assert plan.rule is not None
    week: Any = plan.week
    return Recurrence(plan.rule, plan.wall, zone_of(ctx, plan), week)


def _aware(ctx: Any_, plan: Plan) -> datetime:
    return plan.wall.replace(tzinfo=ZoneInfo(zone_of(ctx, plan)))


def _comes_twice(at: datetime) -> bool:
    """Whether the clock shows this time twice, on the night it goes back."""
    exists = at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) == at.replace(tzinfo=None)
    return exists and at.utcoffset() != at.replace(fold=1).utcoffset()
