"""The relay: guardians and staff write to each other through the bot, which shows each who the other is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from coedu_bot.delivery.stopped import SETTING as STOPPED
from coedu_bot.dispatch.belonging import belongs
from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.dispatch.stand_ins import standing_in
from coedu_bot.effects import Effects, Post, new_ref
from coedu_bot.events import EventId, MediaFile, UserId
from coedu_bot.message import Block, Hour, Message, Says, When, Written, days_until, says
from coedu_bot.school.hours import hours_of
from coedu_bot.school.names import short_name
from coedu_bot.school.rights import Role
from coedu_bot.store import people, relays

if TYPE_CHECKING:
    from coedu_bot.context import Base, Context

PRIVATE_TEXT = "private-text"
"""The core's answer of this kind gets what people write privately and nothing else takes."""

WHOM = "relay"
"""The menu that asks whom a private text is for; its payload keeps the texts that wait for the answer."""

_CONVERSATION = timedelta(days=30)

STAFF = frozenset({Role.COORDINATOR, Role.TEACHER, Role.SUBSTITUTE, Role.PROFESSIONAL})


async def is_staff(ctx: Base[Any], user: UserId) -> bool:
    """Whether somebody works at the school, as the YAML or any shared room's power has it."""
    person = ctx.school.person(user)
    named = any(class_.roles_of(user) & STAFF for class_ in ctx.school.classes.values())
    if named or (person is not None and (person.roles & STAFF or person.replaces)):
        return True
    return any(ctx.school.roles(user, room) & STAFF for room in await ctx.rooms_of(user))


async def may_relay(ctx: Base[Any], sender: UserId, recipient: UserId) -> bool:
    """Only between a guardian and staff, both of the school; never with an account that is frozen."""
    if {sender, recipient} & ctx.school.frozen:
        return False
    for one in (sender, recipient):
        if not await belongs(ctx.db, ctx.school, one):
            return False
    return await is_staff(ctx, sender) != await is_staff(ctx, recipient)


async def carry(
    ctx: Context[Any],
    to: UserId,
    text: str,
    source: EventId,
    *,
    file: MediaFile | None = None,
    answers: EventId | None = None,
) -> Effects:
    """Bring a text to somebody; who stands in for them gets it instead."""
    recipient = ctx.responsible_for(to)
    ref = new_ref()
    await relays.add_relay(ctx.db, ref, sender=ctx.actor.id, recipient=recipient, source=source, now=ctx.now)
    message = await message_for(ctx, recipient, text, file)
    theirs = await _began(ctx, recipient)
    return ctx.tell(recipient, message, ref=ref, answers=answers, waits=True, theirs=theirs)


async def _began(ctx: Context[Any], other: UserId) -> bool:
    """Whether somebody has written to who writes now: then they read the answer, even after `stop`."""
    if other in ctx.school.suspended:
        return False
    return await relays.has_written(ctx.db, other, ctx.actor.id, ctx.now - _CONVERSATION)


async def _wants_none(ctx: Context[Any], other: UserId) -> bool:
    stopped = (await ctx.choices_of([other], STOPPED))[other]
    return bool(stopped) and not await _began(ctx, other)


async def message_for(ctx: Context[Any], reader: UserId, text: str, file: MediaFile | None) -> Message:
    """A text as its reader gets it: who wrote it, the original, how to answer."""
    original = (Written(text, ctx.actor.language),) if text else ()
    blocks = (await _from(ctx, reader), *original, says("relay-hint"))
    return Message("relay", blocks, rings=True, file=file)


async def _from(ctx: Context[Any], reader: UserId) -> Block:
    """Who writes; staff read whose parent it is."""
    who = await ctx.name_of(ctx.actor.id, ctx.room.id)
    children = children_of(ctx, ctx.actor.id) if await is_staff(ctx, reader) else []
    if children:
        return says("relay-from-parent", who=who, children=children)
    return says("relay-from", who=who)


def children_of(ctx: Base[Any], user: UserId) -> list[str]:
    """A guardian's children by first name and initial, with their class."""
    household = ctx.school.families.household_of(user)
    if household is None:
        return []
    pupils = ctx.school.families.pupils_of(household.key)
    mine = [pupil for pupil in pupils if user in pupil.guardians]
    return [f"{short_name(pupil.name)}, {pupil.class_id}" for pupil in mine]


async def hand_over(ctx: Context[Any], to: UserId) -> Effects:
    """Carry the message at hand to somebody, and confirm it; raises Refusal where that may not be."""
    if ctx.handle is None or not await may_relay(ctx, ctx.actor.id, to):
        raise Refusal("relay-not-between", example="")
    carried = await carry(ctx, to, ctx.text, ctx.handle, file=ctx.file)
    return [carried, await confirmed(ctx, [to])]


async def confirmed(ctx: Context[Any], to: Sequence[UserId], *, school: bool = False) -> Post:
    """What the sender reads: to whom it went, and for whom they stand in."""
    present = [ctx.responsible_for(one) for one in to]
    names = [await ctx.name_of(one, ctx.room.id) for one in present]
    sent = await _sent(ctx, present, says("relay-school") if school else names)
    return ctx.respond(Message("relay", (sent, *await standing_in(ctx, present))))


async def _sent(ctx: Context[Any], to: Sequence[UserId], receiver: object) -> Says:
    if all([await _wants_none(ctx, one) for one in to]):
        return says("relay-stopped", to=receiver)
    opens = min([await _opening(ctx, one) for one in to])
    return _later(ctx, receiver, opens) if opens > ctx.now else says("relay-sent", to=receiver)


def _later(ctx: Context[Any], receiver: object, at: datetime) -> Says:
    """From when on it is read, as people say it: from tomorrow, 7 h 30."""
    days = days_until(at, ctx.now, ctx.actor.zone)
    key = {0: "relay-sent-later-today", 1: "relay-sent-later-tomorrow"}.get(days, "relay-sent-later")
    return says(key, to=receiver, when=When(at), hour=Hour(at))


async def _opening(ctx: Context[Any], reader: UserId) -> datetime:
    """From when on somebody reads what waits in quiet hours; their own hours count before the school's."""
    settings = (await people.list_settings(ctx.db, [reader]))[reader]
    return hours_of(ctx.school, settings).opens_at(ctx.now)
