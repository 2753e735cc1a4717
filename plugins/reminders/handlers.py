"""Commands of reminders, and the answer to the question about quiet hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from coedu_bot.api import Ask, Effects, Schedule
from plugins.reminders import planning, store, views
from plugins.reminders.domain import Reminder, State
from plugins.reminders.registration import Any_, Chosen, Ctx, plugin
from plugins.reminders.rooms import target


@dataclass(frozen=True, slots=True)
class Options:
    """What can be said besides date and text."""

    to: tuple[str, ...] = ()
    holidays: bool | None = None


@plugin.command(
    "remind <when> <text...>",
    options=Options,
    needs="remind.self",
    dialogue=(
        Ask("text"),
        Ask("to", option=True, rooms=True, needs="remind.room", optional=True, skip="reminder-for-me"),
        Ask("when", dates=True),
    ),
)
async def remind(ctx: Ctx, when: Schedule, text: str, options: Options) -> Effects:
    """Say a text later: to oneself in private, to a room in a room."""
    room = await target(ctx, options.to)
    plan = planning.plan_of(ctx, when, room, in_holidays=bool(options.holidays))
    one = Reminder(
        id=await ctx.new_item(),
        author=ctx.actor.id,
        text=text.strip(),
        plan=plan,
        room=room.id if room else None,
        typed=typed_date(ctx.text, text),
    )
    await store.add_reminder(ctx.db, one, ctx.now)
    return await planning.begin(ctx, one)


@plugin.command("reminders [text...]", becomes="remind")
async def list_reminders(ctx: Ctx, text: str) -> Effects:
    """List what is to come, next first: in a room the room's, in private all that the person may see."""
    if ctx.room.direct is None:
        found = await store.list_in_rooms(ctx.db, [ctx.room.id])
    else:
        rooms = [room.id for room in await ctx.rooms_of(ctx.actor.id)]
        found = await store.list_private(ctx.db, ctx.actor.id) + await store.list_in_rooms(ctx.db, rooms)
    return ctx.respond(views.overview(await _entries(ctx, found)))


@plugin.menu("quiet")
async def decide(ctx: Chosen, choice: str) -> Effects:
    """Said in quiet hours all the same, or at their end, as it is planned already."""
    one = await store.get_reminder(ctx.db, ctx.item) if ctx.item else None
    if one is None or one.state is not State.PLANNED:
        return ctx.reply("reminder-gone", item=ctx.item)
    if choice != "anyway":
        return await planning.confirm_where_asked(ctx, one)
    asked = planning.in_quiet_hours(one, ctx.payload)
    await store.mark_reminder(ctx.db, asked)
    planned = [ctx.unwake(one.id, "due"), planning.wake(ctx, asked)]
    return [planned, await planning.confirm_where_asked(ctx, asked)]


@plugin.items_old
async def forget(ctx: Any_, items: Sequence[str]) -> Sequence[str]:
    """Reminders are kept as long as the school says; those still to come stay."""
    return await store.remove_reminders(ctx.db, items)


def typed_date(whole: str, text: str) -> str:
    """The date as it was typed, before the text; to see whether an edit changed it."""
    return " ".join(whole.partition(text.strip())[0].split()) if text.strip() else ""


async def _entries(ctx: Ctx, found: list[Reminder]) -> list[tuple[Reminder, datetime, str]]:
    times = await ctx.next_wakes([one.id for one in found], "due")
    entries = []
    for one in found:
        room = await ctx.room_of(one.room) if one.room and ctx.room.direct else None
        if one.id in times:
            entries.append((one, times[one.id], ctx.label(room) if room else ""))
    return sorted(entries, key=lambda entry: entry[1])
