"""What becomes of a draft: previewed, planned, published, changed, lapsed or taken back."""

from __future__ import annotations

from coedu_bot.api import Effects, Message, Post, Redact, Refusal, TapContext, facts, new_ref, says
from plugins.announcements import publishing, store, views
from plugins.announcements.domain import CONFIRM_WITHIN, Announcement, Draft, State, Urgency
from plugins.announcements.drafting import Options, names_of
from plugins.announcements.reaching import reach
from plugins.announcements.registration import Ctx, Timer


async def preview(ctx: Ctx, one: Announcement, draft: Draft, *, rereads: bool = False) -> Effects:
    """Show the author what would go, in private; an older preview is taken away."""
    reached = await reach(ctx, draft, one.author)
    names = [ctx.label(room) for room in reached.rooms]
    message = views.preview(draft, names, reached.audience, at_night=await goes_at_night(ctx, draft))
    author = ctx.responsible_for(one.author)
    post = Post(person=author, message=message, item=one.id, ref=new_ref(), offers=(views.YES, views.NO))
    await store.mark_announcement(ctx.db, one.previewed(draft, post.ref, rereads=rereads))
    lapse = ctx.wake("lapse", ctx.now + CONFIRM_WITHIN, item=one.id, payload=post.ref)
    elsewhere = ctx.room.direct != author and not isinstance(ctx, TapContext)
    told = ctx.reply("sent-privately", kind="sent-privately", item=one.id) if elsewhere else None
    return [Redact(of=one.preview) if one.preview else None, ctx.unwake(one.id, "lapse"), post, lapse, told]


async def goes_at_night(ctx: Ctx, draft: Draft) -> bool:
    """Whether the hour that was chosen lies in quiet hours: its author says so twice."""
    if draft.send_at is None or draft.urgency is Urgency.URGENT:
        return False
    rooms = [room for id_ in draft.rooms if (room := await ctx.room_of(id_)) is not None]
    return any([await ctx.opens_at(room, draft.send_at) for room in rooms])


async def go(ctx: Ctx, one: Announcement, draft: Draft) -> Effects:
    """Publish, or keep for its hour."""
    if draft.send_at is not None and draft.send_at > ctx.now:
        await store.mark_announcement(ctx.db, one.scheduled(draft))
        names = await names_of(ctx, draft.rooms)
        told = Message("reply", (says("announcement-planned", item=one.id, at=draft.send_at, rooms=names),))
        return [ctx.respond(told, item=one.id), ctx.wake("publish", draft.send_at, item=one.id)]
    published = one.published(draft, ctx.now)
    await store.mark_announcement(ctx.db, published)
    return [await publishing.publish(ctx, published), await _tell_author(ctx, published)]


async def change(ctx: Ctx, one: Announcement, draft: Draft, options: Options) -> Effects:
    """What is wanted now differs from what was."""
    if one.state is State.WITHDRAWN:
        raise Refusal("announcement-gone", item=one.id, example="")
    if draft == one.draft and one.pending is None and one.state is not State.LAPSED:
        return ctx.reply("announcement-unchanged", item=one.id)
    rereads = bool(options.reread)
    unconfirmed = one.state in (State.PREVIEW, State.LAPSED)
    if unconfirmed or draft.differs_for_readers(one.draft):
        return await preview(ctx, one, draft, rereads=rereads)
    return await apply(ctx, one, draft, rereads=rereads)


async def apply(ctx: Ctx, one: Announcement, draft: Draft, *, rereads: bool) -> Effects:
    """Make a change that is decided."""
    if one.state is State.SCHEDULED:
        await store.mark_announcement(ctx.db, one)
        return [ctx.unwake(one.id, "publish"), await go(ctx, one, draft)]
    languages = ctx.spoken_languages()
    rings = rereads or facts(one.draft.wording, languages) != facts(draft.wording, languages)
    after = one.changed(draft, asks_again=rings)
    await store.mark_announcement(ctx.db, after)
    told = ctx.reply("announcement-changed", item=one.id) if ctx.room.id not in draft.rooms else None
    return [await publishing.change(ctx, one, after, rings=rings), told]


async def lapse(ctx: Ctx | Timer, one: Announcement) -> Effects:
    """Nobody said yes in time: nothing goes, and the author hears so."""
    await store.mark_announcement(ctx.db, one.unconfirmed())
    message = Message("reply", (says("announcement-lapsed", item=one.id),))
    told = ctx.tell(ctx.responsible_for(one.author), message, item=one.id)
    return [Redact(of=one.preview) if one.preview else None, told]


async def take_back(ctx: Ctx, one: Announcement) -> Effects:
    """Withdraw, whatever state it is in."""
    await store.mark_announcement(ctx.db, one.withdrawn())
    preview = Redact(of=one.preview) if one.preview else None
    return [preview, await publishing.withdraw(ctx, one)]


async def published_notice(ctx: Ctx | Timer, one: Announcement) -> Message:
    """ "A12 publiée : 6B, 6C"."""
    names = [ctx.label(room) for id_ in one.draft.rooms if (room := await ctx.room_of(id_)) is not None]
    return Message("reply", (says("announcement-published", item=one.id, rooms=", ".join(names)),))


async def _waits(ctx: Ctx, one: Announcement) -> bool:
    rooms = [room for id_ in one.draft.rooms if (room := await ctx.room_of(id_)) is not None]
    return one.draft.waits and any([await ctx.opens_at(room) for room in rooms])


async def _tell_author(ctx: Ctx, one: Announcement) -> Effects:
    """Where they do not see it themselves, the author reads that it is out; a routine post can be undone."""
    if one.draft.rooms == (ctx.room.id,) or await _waits(ctx, one):
        return None  # that it waits for the morning, and until when, is told by itself
    undo = len(one.draft.rooms) == 1 and one.draft.urgency is Urgency.NORMAL and ctx.room.direct is not None
    offers = (views.NO,) if undo else ()
    return ctx.respond(await published_notice(ctx, one), item=one.id, offers=offers)
