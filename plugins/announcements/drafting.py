"""From what somebody typed to a draft: text and title, rooms, attachment, and whether they may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from coedu_bot.api import Deadline, Missing, Refusal, Room, says
from plugins.announcements import store
from plugins.announcements.domain import Acknowledgement, Announcement, Draft, Urgency, split_title
from plugins.announcements.registration import Any_, Ctx


@dataclass(frozen=True, slots=True)
class Options:
    """What can be said besides the text."""

    to: tuple[str, ...] = ()
    send: datetime | None = None
    ack: Acknowledgement | None = None
    until: Deadline | None = None
    priority: Urgency | None = None
    reread: bool | None = None


async def draft_of(ctx: Ctx, text: str, options: Options) -> Draft:
    """What the command asks for; raises Refusal for what is missing, wrong or not allowed."""
    title, wording = split_title(text)
    if not wording:
        # who cannot open a picture must still know what it is about
        raise Refusal("announcement-file-alone" if ctx.file else "announcement-empty")
    draft = Draft(
        title=title,
        text=wording,
        rooms=tuple(room.id for room in await _rooms(ctx, options.to)),
        acknowledgement=options.ack or Acknowledgement.HOUSEHOLD,
        urgency=options.priority or Urgency.NORMAL,
        send_at=options.send,
        until=options.until,
        file=asdict(ctx.file) if ctx.file else None,
    )
    await check(ctx, draft)
    return draft


async def altered(ctx: Ctx, before: Draft, text: str, options: Options) -> Draft:
    """A draft with only what was said changed."""
    title, wording = split_title(text) if text.strip() else (before.title, before.text)
    rooms = tuple(room.id for room in await _rooms(ctx, options.to)) if options.to else before.rooms
    draft = replace(
        before,
        title=title,
        text=wording,
        rooms=rooms,
        acknowledgement=options.ack or before.acknowledgement,
        urgency=options.priority or before.urgency,
        send_at=options.send or before.send_at,
        until=options.until or before.until,
    )
    await check(ctx, draft)
    return draft


async def check(ctx: Ctx, draft: Draft) -> None:
    """Whether the person may post this in every room, now; raises Refusal naming the first where not."""
    for id_ in draft.rooms:
        room = await ctx.room_of(id_)
        needed = ["announce.post"] + (["announce.urgent"] if draft.urgency is Urgency.URGENT else [])
        for capability in needed:
            if room is None or not await ctx.actor_may(capability, room):
                raise _no_right(ctx, capability, room)
    if draft.until is not None and draft.send_at is not None and draft.until <= draft.send_at:
        raise Refusal("announcement-until-early", until=draft.until, send=draft.send_at)


async def item_named(ctx: Ctx, text: str) -> Announcement | None:
    """`!annonce A12 priorité=urgente` is about A12; `!annonce A12 fermée` is a text about a classroom."""
    word = text.strip()
    return await store.get_announcement(ctx.db, word.upper()) if word.isalnum() else None


async def existing(ctx: Ctx, id_: str) -> Announcement:
    """The announcement of this id; raises Refusal if it is something else."""
    one = await store.get_announcement(ctx.db, id_)
    if one is None:
        raise Refusal("item-cannot", item=id_, example="")
    return one


async def may_change(ctx: Ctx, one: Announcement) -> bool:
    """Its author, or whoever may post in all of its rooms: co-teachers, substitutes, coordinators."""
    if ctx.actor.id == one.author:
        return True
    rooms = [await ctx.room_of(id_) for id_ in one.draft.rooms]
    return all([room is not None and await ctx.actor_may("announce.post", room) for room in rooms])


async def check_may_change(ctx: Ctx, one: Announcement) -> None:
    if not await may_change(ctx, one):
        raise _no_right(ctx, "announce.post", await ctx.room_of(one.draft.rooms[0]))


async def names_of(ctx: Any_, rooms: Sequence[str]) -> list[str]:
    """How these rooms are called."""
    return [ctx.label(room) for id_ in rooms if (room := await ctx.room_of(id_)) is not None]


async def _rooms(ctx: Ctx, words: Sequence[str]) -> Sequence[Room]:
    if words:
        return await _named_rooms(ctx, words)
    if ctx.room.direct is None and not ctx.is_staff_room(ctx.room):
        return [ctx.room]
    mine = [ctx.label(room) for room in await ctx.rooms_of(ctx.actor.id)]
    raise Missing("to", "announcement-where", example="example-announce-more", offered=mine[:8] or ["6B"])


async def _named_rooms(ctx: Ctx, words: Sequence[str]) -> Sequence[Room]:
    if not ctx.means_everywhere(words):
        return await ctx.find_rooms(words)
    rooms = [room for room in await ctx.joined_rooms() if not ctx.is_staff_room(room)]
    for room in rooms:
        if not await ctx.actor_may("announce.everywhere", room):
            raise _no_right(ctx, "announce.everywhere", room)
    return rooms


def _no_right(ctx: Ctx, capability: str, room: Room | None) -> Refusal:
    roles = [says(f"role-{role}") for role in ctx.school.who_may(capability, room=room or ctx.room)]
    place = ctx.label(room) if room is not None else ""
    return Refusal("no-right-there", example="", roles=roles, room=place)
