"""The hour has come: said, said again, done with."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from coedu_bot.api import Effects, Hour, Message, Post, Priority, Says, When, says
from plugins.reminders import planning, store, views
from plugins.reminders.domain import EVERYONE, SNOOZE, Reminder, State
from plugins.reminders.registration import Ctx, Tap, Timer, plugin
from plugins.reminders.rooms import may_change
from plugins.reminders.store import Copy


@plugin.timer("due")
async def say(ctx: Timer, item: str) -> Effects:
    """Its hour, or the first chance after it."""
    one = await store.get_reminder(ctx.db, item)
    if one is None:
        return ctx.unwake(item)  # forgotten with its author
    if one.state is not State.PLANNED:
        return None
    await store.mark_reminder(ctx.db, one.said())
    posts = [await _post(ctx, one, ctx.due, None)]
    for person in await store.list_listeners(ctx.db, one.id):
        if one.room is None or await ctx.is_member(one.room, person):
            posts.append(await _post(ctx, one, ctx.due, person))
    return posts


@plugin.timer("again")
async def say_again(ctx: Timer, item: str) -> Effects:
    """An hour after 💤, or when a reply asked for it; not if it was done with meanwhile."""
    one = await store.get_reminder(ctx.db, item)
    occurrence, who = datetime.fromisoformat(ctx.payload["occurrence"]), ctx.payload["who"]
    until = datetime.fromisoformat(ctx.payload["until"])
    wanted = await store.take_again(ctx.db, item, occurrence, who, until)
    if one is None or one.state is State.CANCELLED or not wanted:
        return None
    return await _post(ctx, one, occurrence, who or None)


@plugin.tap(views.LATER, on="reminder")
async def snooze(ctx: Tap) -> Effects:
    """Again in an hour: to the room if who tapped may remind it, else to them in private."""
    found = await _tapped(ctx)
    if found is None:
        return None
    one, copy, who = found
    assert copy.occurrence is not None
    if ctx.removed:
        await store.remove_again(ctx.db, one.id, copy.occurrence, who)
        return None
    until = max(ctx.tapped_at + SNOOZE, ctx.now)
    told = ctx.reply("reminder-again", hour=Hour(until)) if ctx.room.direct else None
    return [await _again(ctx, one, copy.occurrence, who, until), told]


@plugin.tap(views.DONE, on="reminder")
async def done(ctx: Tap) -> Effects:
    """No more of this occurrence, for the room or for who tapped; taking the tap away brings nothing back."""
    found = await _tapped(ctx)
    if found is not None and not ctx.removed:
        one, copy, who = found
        assert copy.occurrence is not None
        await store.remove_again(ctx.db, one.id, copy.occurrence, who)
    return None


@plugin.tap(views.ME_TOO, on="reminder.set")
async def listen(ctx: Tap) -> Effects:
    """Somebody wants the room's reminder in private too, or no longer does."""
    one = await store.get_reminder(ctx.db, ctx.about) if ctx.about else None
    if one is None or one.room is None or one.state is not State.PLANNED:
        return None
    if ctx.removed:
        await store.remove_listener(ctx.db, one.id, ctx.actor.id)
        return None
    if ctx.room.direct is not None or not await ctx.is_member(one.room, ctx.actor.id):
        return None
    if not await store.add_listener(ctx.db, one.id, ctx.actor.id):
        return None
    return ctx.tell(ctx.actor.id, Message("reply", (says("reminder-listening", item=one.id),)), item=one.id)


async def once_more(ctx: Ctx, one: Reminder, at: datetime) -> Effects:
    """What comes again is said once more at another time; its own times stay."""
    who = EVERYONE if one.room else one.author
    again = await _again(ctx, one, ctx.now, who, at)
    return [again, ctx.reply("reminder-once-more", item=one.id, at=When(at))]


async def _again(ctx: Any, one: Reminder, occurrence: datetime, who: str, until: datetime) -> Effects:
    at = until.astimezone(ZoneInfo("UTC")).replace(microsecond=0)
    kept = occurrence.replace(microsecond=occurrence.microsecond // 1000 * 1000)
    await store.mark_again(ctx.db, one.id, kept, who, at)
    payload = {"occurrence": kept.isoformat(), "who": who, "until": at.isoformat()}
    return ctx.wake("again", at, item=one.id, payload=payload)  # type: ignore[no-any-return]


async def _post(ctx: Timer, one: Reminder, occurrence: datetime, person: str | None) -> Post:
    """Say it where it belongs, or to a person in private; what waits, waits for the end of quiet hours."""
    to = person or (one.author if one.room is None else None)
    message = await planning.said(ctx, one, to, _planned_for(ctx, one))
    post = Post(
        room=None if to else one.room,
        person=to,
        message=message,
        item=one.id,
        version=one.version,
        offers=(views.DONE, views.LATER),
        priority=Priority.ROUTINE,
        waits=one.plan.waits or ctx.late,
    )
    await store.add_copy(ctx.db, one.id, Copy(post.ref, occurrence, to))
    return post


def _planned_for(ctx: Timer, one: Reminder) -> Says | None:
    zone = ZoneInfo(planning.zone_of(ctx, one.plan))
    return views.planned_for(ctx.due.astimezone(zone), ctx.now.astimezone(zone)) if ctx.late else None


async def _tapped(ctx: Tap) -> tuple[Reminder, Copy, str] | None:
    """The reminder that was tapped, the message, and for whom the tap counts."""
    one = await store.get_reminder(ctx.db, ctx.about) if ctx.about else None
    copy = await store.get_copy(ctx.db, ctx.ref)
    if one is None or copy is None or copy.occurrence is None or one.state is State.CANCELLED:
        return None
    if copy.person is not None:
        return one, copy, copy.person
    return one, copy, EVERYONE if await may_change(ctx, one) else ctx.actor.id
