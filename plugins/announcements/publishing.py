"""From a decided announcement to what is sent: posts, private copies, edits, corrections, pins, timers."""

from __future__ import annotations

from collections.abc import Sequence
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
    hours_of,
    new_ref,
)
from plugins.announcements import store, views
from plugins.announcements.audience import Reader
from plugins.announcements.corrections import changes
from plugins.announcements.domain import LAPSES_AFTER, Acknowledgement, Announcement, Urgency
from plugins.announcements.reaching import Reach, reach
from plugins.announcements.registration import Any_ as Ctx
from plugins.announcements.store import Copy

_SPEED = {
    Urgency.NORMAL: Priority.ROUTINE,
    Urgency.IMPORTANT: Priority.ROUTINE,
    Urgency.URGENT: Priority.URGENT,
}


async def publish(ctx: Ctx, one: Announcement, *, planned_for: datetime | None = None) -> Effects:
    """Post everywhere; `one` is published already."""
    reached = await reach(ctx, one.draft, one.author)
    posts = [_post(one, room, planned_for) for room in reached.rooms]
    copies = copies_for(ctx, one, reached, _wanting_copies(one, reached))
    await remember(ctx, one, [*posts, *copies])
    pins = [_pin(ctx, one, post, room) for post, room in zip(posts, reached.rooms, strict=True)]
    urgent = one.draft.urgency is Urgency.URGENT
    told = await _tell_coordinators(ctx, one, reached) if urgent else []
    return [posts, pins, copies, told, plan_nudge(ctx, one)]


async def change(ctx: Ctx, before: Announcement, after: Announcement, *, rings: bool) -> Effects:
    """A new version: every copy is edited; where it matters a message says what changed, and asks again."""
    reached = await reach(ctx, after.draft, after.author)
    kept = set(before.draft.rooms) & set(after.draft.rooms)
    copies = await store.list_copies(ctx.db, after.id)
    staying = [copy for copy in copies if copy.room in kept or copy.person in reached.audience.ids]
    gone = [copy for copy in copies if copy not in staying]
    await store.remove_copies(ctx.db, [copy.ref for copy in gone])
    new = [_post(after, room, None) for room in reached.rooms if room.id not in kept]
    had = {copy.person for copy in staying if copy.kind == "announcement.copy"}
    wanting = [reader for reader in _wanting_copies(after, reached) if reader.id not in had]
    newly = copies_for(ctx, after, reached, wanting)
    await remember(ctx, after, [*new, *newly])
    return [
        [Redact(of=copy.ref) for copy in gone],
        [_renewed(after, copy, reached) for copy in staying],
        await _correct(ctx, before, after, staying) if rings else None,
        new,
        newly,
        ctx.unwake(after.id, "nudge"),
        plan_nudge(ctx, after),
    ]


async def withdraw(ctx: Ctx, one: Announcement) -> Effects:
    """Take everything away; those who had read it are told once."""
    copies = await store.list_copies(ctx.db, one.id)
    addressed = (await reach(ctx, one.draft, one.author)).audience.ids
    readings = await store.list_readings(ctx.db, one.id)
    readers = {reading.reader for reading in readings if not reading.noted_by} & addressed
    message = views.withdrawn(one.draft)
    told = [ctx.tell(reader, message, item=one.id, waits=True) for reader in sorted(readers)]
    unpinned = [Unpin(of=copy.ref) for copy in copies if one.draft.pinned and copy.kind == "announcement"]
    return [ctx.unwake(one.id), unpinned, [Redact(of=copy.ref) for copy in copies], told]


async def nudge(ctx: Ctx, one: Announcement, missing: Sequence[UserId]) -> Effects:
    """Write privately to those who have not read."""
    message = views.nudge(one.draft)
    posts = [_shown(one, message, person=user, waits=True, priority=Priority.LATER) for user in missing]
    await remember(ctx, one, posts)
    return posts


def plan_nudge(ctx: Ctx, one: Announcement) -> Effects:
    """The nudge that goes by itself, if its time is still to come: earlier rather than in quiet hours."""
    at = one.nudges_by_itself_at()
    if at is None or at <= ctx.now:
        return None
    earlier = hours_of(ctx.school, {}).last_open(at)
    return ctx.wake("nudge", earlier if earlier > ctx.now else at, item=one.id)


def copies_for(ctx: Ctx, one: Announcement, reached: Reach, readers: Sequence[Reader]) -> list[Post]:
    """The announcement for these people in private; for who does not come in time it lapses."""
    bundles = one.draft.may_be_bundled(ctx.now)
    lapses_at = one.draft.until or ctx.now + LAPSES_AFTER
    return [
        _shown(
            one,
            _private_copy(one, reader, reached),
            person=reader.id,
            offers=(views.YES,) if one.draft.asks else (),
            bundles=bundles,
            lapses_at=lapses_at,
            priority=_SPEED[one.draft.urgency],
        )
        for reader in readers
    ]


async def remember(ctx: Ctx, one: Announcement, posts: Sequence[Post]) -> None:
    """Keep which messages of ours show the announcement, to change them and take them back."""
    copies = [Copy(post.ref, post.message.kind, post.room, post.person) for post in posts]
    await store.add_copies(ctx.db, one.id, copies)


async def coordinators_of(ctx: Ctx, rooms: Sequence[Room]) -> set[UserId]:
    """The school's coordinators; without a list of people, who has the power of one in these rooms."""
    named = set(ctx.coordinators())
    if named:
        return named
    members = [(room, member.user_id) for room in rooms for member in await ctx.members(room.id)]
    return {user for room, user in members if await ctx.may(user, "announce.everywhere", room)}


def _wanting_copies(one: Announcement, reached: Reach) -> list[Reader]:
    audience = reached.audience
    return [reader for reader in audience.readers if audience.gets_copy(reader, one.draft)]


def _post(one: Announcement, room: Room, planned_for: datetime | None) -> Post:
    calls = one.draft.urgency is Urgency.URGENT and room.may_mention_room(one.author)
    message = views.post(one.draft, calls_room=calls, planned_for=planned_for)
    offers = (views.YES,) if one.draft.offers_tap else ()
    return _shown(one, message, room=room.id, offers=offers, priority=_SPEED[one.draft.urgency])


def _pin(ctx: Ctx, one: Announcement, post: Post, room: Room) -> Pin | None:
    pins = one.draft.pinned and room.may_send_state(ctx.bot_id, "m.room.pinned_events")
    return Pin(of=post.ref) if pins else None


def _private_copy(one: Announcement, reader: Reader, reached: Reach) -> Message:
    rooms = reached.names(reached.audience.sees(reader) or reader.rooms)
    by_language = not reader.discreet and one.draft.acknowledgement is not Acknowledgement.PRIVATE
    return views.private_copy(one.draft, rooms, may_stop=by_language)


async def _tell_coordinators(ctx: Ctx, one: Announcement, reached: Reach) -> list[Effects]:
    names = [ctx.label(room) for room in reached.rooms]
    author = await ctx.name_of(one.author, reached.rooms[0].id if reached.rooms else "")
    message = views.urgent_copy(one, author, names)
    coordinators = sorted(await coordinators_of(ctx, reached.rooms) - {one.author})
    return [ctx.tell(person, message, item=one.id, offers=(views.NO,)) for person in coordinators]


def _shown(one: Announcement, message: Message, **more: Any) -> Post:
    """One message of ours that shows the announcement."""
    more.setdefault("offers", (views.YES,))
    more.setdefault("waits", one.draft.waits)
    return Post(message=message, item=one.id, version=one.version, ref=new_ref(), **more)


def _renewed(one: Announcement, copy: Copy, reached: Reach) -> Edit | None:
    """The new wording in a message of ours that is there already; corrections stay as they were said."""
    if copy.kind == "announcement":
        message = views.post(one.draft)
    elif copy.kind == "announcement.copy":
        reader = next(one for one in reached.audience.readers if one.id == copy.person)
        message = _private_copy(one, reader, reached)
    elif copy.kind == "announcement.nudge":
        message = views.nudge(one.draft)
    else:
        return None
    return Edit(of=copy.ref, message=message, version=one.version)


async def _correct(ctx: Ctx, before: Announcement, after: Announcement, copies: Sequence[Copy]) -> list[Post]:
    """A message under each copy that was read; what nobody has been sent yet needs no correction."""
    message = views.correction(after.draft, changes(before.draft.wording, after.draft.wording))
    unsent = await ctx.list_unsent(copy.ref for copy in copies)
    shown = [copy for copy in copies if copy.kind in ("announcement", "announcement.copy")]
    posts = [_correction(after, message, copy) for copy in shown if copy.ref not in unsent]
    await remember(ctx, after, posts)
    return posts


def _correction(after: Announcement, message: Message, copy: Copy) -> Post:
    asks = after.draft.asks if copy.person else after.draft.offers_tap
    return _shown(
        after,
        message,
        room=copy.room,
        person=copy.person,
        answers_ref=copy.ref,
        offers=(views.YES,) if asks else (),
        priority=_SPEED[after.draft.urgency],
    )
