"""To whom a reminder goes, and who may touch it."""

from __future__ import annotations

from collections.abc import Sequence

from coedu_bot.api import Refusal, Room, says
from plugins.reminders import store
from plugins.reminders.domain import Reminder, State
from plugins.reminders.registration import Ctx


async def target(ctx: Ctx, words: Sequence[str]) -> Room | None:
    """The room that is reminded, None for the person alone; raises Refusal where they may not."""
    if words:
        return await _named(ctx, words)
    if ctx.room.direct is not None:
        return None
    if not await ctx.actor_may("remind.room"):
        roles = [says(f"role-{role}") for role in ctx.school.who_may("remind.room", room=ctx.room)]
        raise Refusal("reminder-in-private", example="", roles=roles)
    return ctx.room


async def existing(ctx: Ctx, id_: str) -> Reminder:
    """The reminder of this id if the person may change it.

    Raises Refusal; another's private reminder is not even known to exist.
    """
    one = await store.get_reminder(ctx.db, id_)
    if one is None or one.state is State.CANCELLED or (one.room is None and one.author != ctx.actor.id):
        raise Refusal("item-unknown", item=id_, example="")
    if not await may_change(ctx, one):
        room = await ctx.room_of(one.room) if one.room else None
        raise _no_right(ctx, room or ctx.room)
    return one


async def may_change(ctx: Ctx, one: Reminder) -> bool:
    """Its author, or whoever may remind its room."""
    if ctx.actor.id == one.author:
        return True
    room = await ctx.room_of(one.room) if one.room else None
    return room is not None and await ctx.actor_may("remind.room", room)


async def _named(ctx: Ctx, words: Sequence[str]) -> Room:
    rooms = await ctx.find_rooms(words)
    if len(rooms) != 1:
        raise Refusal("reminder-one-room", example="example-remind-more")
    if not await ctx.actor_may("remind.room", rooms[0]):
        raise _no_right(ctx, rooms[0])
    return rooms[0]


def _no_right(ctx: Ctx, room: Room) -> Refusal:
    roles = [says(f"role-{role}") for role in ctx.school.who_may("remind.room", room=room)]
    return Refusal("no-right-there", example="", roles=roles, room=ctx.label(room))
