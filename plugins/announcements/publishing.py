"""From a decided announcement to what is sent: posts, edits, corrections, pins, timers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coedu_bot.api import (
    Edit,
    Effects,
    Message,
    Pin,
    Post,
    Priority,
    Redact,
    Room,
    Unpin,
    UserId,
    new_ref,
)
from plugins.announcements import store, views
from plugins.announcements.corrections import changes
from plugins.announcements.domain import LAPSES_AFTER, Announcement, Draft, Urgency
from plugins.announcements.registration import Any_ as Ctx
from plugins.announcements.store import Copy

_SPEED = {
    Urgency.NORMAL: Priority.ROUTINE,
    Urgency.IMPORTANT: Priority.ROUTINE,
    Urgency.URGENT: Priority.URGENT,
}


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an announcement addresses: (id, name) of each person once, however many rooms they are in."""

    rooms: tuple[Room, ...]
    people: tuple[tuple[UserId, str], ...]


async def reach(ctx: Ctx, draft: Draft, author: UserId) -> Reach:
    """The rooms as they are now, and their members but the author and bots."""
    rooms = [room for id_ in draft.rooms if (room := await ctx.room_of(id_)) is not None]
    people: dict[UserId, str] = {}
    for room in rooms:
        for member in await ctx.members(room.id):
            if member.user_id != author and member.user_id not in people:
                people[member.user_id] = await ctx.name_of(member.user_id, room.id)
    return Reach(tuple(rooms), tuple(people.items()))


async def publish(ctx: Ctx, one: Announcement, *, planned_for: datetime | None = None) -> Effects:
    """Post everywhere; `one` is published already."""
    reached = await reach(ctx, one.draft, one.author)
    effects: list[Effects] = [await _post(ctx, one, room, planned_for) for room in reached.rooms]
    if one.draft.asks and not one.draft.offers_tap:
        effects += [await _copy(ctx, one, reached, person) for person, _ in reached.people]
    if one.draft.urgency is Urgency.URGENT:
        effects += await _tell_coordinators(ctx, one, reached)
    return [*effects, plan_nudge(ctx, one)]


async def change(ctx: Ctx, before: Announcement, after: Announcement, *, rings: bool) -> Effects:
    """A new version: every copy is edited; where it matters a message says what changed, and asks again."""
    kept = set(before.draft.rooms) & set(after.draft.rooms)
    effects: list[Effects] = []
    for copy in await store.list_copies(ctx.db, after.id):
        if copy.room is None or copy.room in kept:
            effects += await _renew(ctx, after, copy)
        else:
            effects += [Redact(of=copy.ref)]
            await store.remove_copy(ctx.db, copy.ref)
    if rings:
        effects += await _correct(ctx, before, after)
    for room_id in after.draft.rooms:
        room = await ctx.room_of(room_id)
        if room is not None and room_id not in kept:
            effects.append(await _post(ctx, after, room, None))
    return [*effects, ctx.unwake(after.id, "nudge"), plan_nudge(ctx, after)]


async def withdraw(ctx: Ctx, one: Announcement) -> Effects:
    """Take everything away; those who had read it are told once."""
    copies = await store.list_copies(ctx.db, one.id)
    readers = {
        reading.reader for reading in await store.list_readings(ctx.db, one.id) if not reading.noted_by
    }
    told = [
        ctx.tell(reader, views.withdrawn(one.draft), item=one.id, waits=True) for reader in sorted(readers)
    ]
    unpinned = [Unpin(of=copy.ref) for copy in copies if one.draft.pinned and copy.kind == "announcement"]
    return [ctx.unwake(one.id), unpinned, [Redact(of=copy.ref) for copy in copies], told]


async def nudge(ctx: Ctx, one: Announcement, missing: Sequence[UserId]) -> Effects:
    """Write privately to those who have not read."""
    message = views.nudge(one.draft)
    more = {"priority": Priority.LATER, "waits": True}
    return [await _show(ctx, one, message, person=person, **more) for person in missing]


def plan_nudge(ctx: Ctx, one: Announcement) -> Effects:
    """The nudge that goes by itself, if its time is still to come."""
    at = one.nudges_by_itself_at()
    return ctx.wake("nudge", at, item=one.id) if at is not None and at > ctx.now else None


async def _post(ctx: Ctx, one: Announcement, room: Room, planned_for: datetime | None) -> Effects:
    calls = one.draft.urgency is Urgency.URGENT and room.may_mention_room(one.author)
    message = views.post(one.draft, calls_room=calls, planned_for=planned_for)
    offers = (views.YES,) if one.draft.offers_tap else ()
    post = await _show(ctx, one, message, room=room.id, offers=offers, priority=_SPEED[one.draft.urgency])
    pins = one.draft.pinned and room.may_send_state(ctx.bot_id, "m.room.pinned_events")
    return [post, Pin(of=post.ref) if pins else None]


async def _copy(ctx: Ctx, one: Announcement, reached: Reach, person: UserId) -> Post:
    room = await _common_room(ctx, reached, person)
    message = views.private_copy(one.draft, room.name)
    bundles = one.draft.may_be_bundled(ctx.now)
    lapses_at = one.draft.until or ctx.now + LAPSES_AFTER
    return await _show(ctx, one, message, person=person, bundles=bundles, lapses_at=lapses_at)


async def _common_room(ctx: Ctx, reached: Reach, person: UserId) -> Room:
    for room in reached.rooms:
        if await ctx.is_member(room.id, person):
            return room
    return reached.rooms[0]


async def _tell_coordinators(ctx: Ctx, one: Announcement, reached: Reach) -> list[Effects]:
    names = [ctx.label(room) for room in reached.rooms]
    author = await ctx.name_of(one.author, reached.rooms[0].id if reached.rooms else "")
    message = views.urgent_copy(one, author, names)
    coordinators = sorted(await coordinators_of(ctx, reached.rooms) - {one.author})
    return [ctx.tell(person, message, item=one.id, offers=(views.NO,)) for person in coordinators]


async def coordinators_of(ctx: Ctx, rooms: Sequence[Room]) -> set[UserId]:
    """The school's coordinators; without a list of people, who has the power of one in these rooms."""
    named = set(ctx.coordinators())
    if named:
        return named
    members = [(room, member.user_id) for room in rooms for member in await ctx.members(room.id)]
    return {user for room, user in members if await ctx.may(user, "announce.everywhere", room)}


async def _show(ctx: Ctx, one: Announcement, message: Message, **more: Any) -> Post:
    """One message of ours that shows the announcement; remembered, to be changed and taken back."""
    more.setdefault("offers", (views.YES,))
    more.setdefault("waits", one.draft.waits)
    post = Post(message=message, item=one.id, version=one.version, ref=new_ref(), **more)
    await store.add_copy(ctx.db, one.id, Copy(post.ref, message.kind, post.room, post.person))
    return post


async def _renew(ctx: Ctx, one: Announcement, copy: Copy) -> list[Effects]:
    """The new wording in a message of ours that is there already; corrections stay as they were said."""
    if copy.kind == "announcement":
        message = views.post(one.draft)
    elif copy.kind == "announcement.copy":
        room = await ctx.room_of(one.draft.rooms[0])
        message = views.private_copy(one.draft, room.name if room else "")
    elif copy.kind == "announcement.nudge":
        message = views.nudge(one.draft)
    else:
        return []
    return [Edit(of=copy.ref, message=message, version=one.version)]


async def _correct(ctx: Ctx, before: Announcement, after: Announcement) -> list[Effects]:
    message = views.correction(after.draft, changes(before.draft.wording, after.draft.wording))
    kept = set(before.draft.rooms) & set(after.draft.rooms)
    offers = (views.YES,) if after.draft.offers_tap else ()
    effects: list[Effects] = []
    copies = await store.list_copies(ctx.db, after.id)
    unsent = await ctx.list_unsent(copy.ref for copy in copies)
    for copy in copies:
        if copy.ref in unsent:  # what nobody has read needs no correction
            continue
        place: dict[str, Any] = (
            {"room": copy.room} if copy.room else {"person": copy.person, "offers": (views.YES,)}
        )
        if copy.kind == "announcement.copy" or (copy.kind == "announcement" and copy.room in kept):
            more = {"offers": offers, "priority": _SPEED[after.draft.urgency], **place}
            effects.append(await _show(ctx, after, message, answers_ref=copy.ref, **more))
    return effects
