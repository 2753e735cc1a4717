"""Commands, taps and timers of announcements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coedu_bot.api import Ask, Effects, ItemId, MediaFile, Message, Redact, says
from plugins.announcements import publishing, store, views
from plugins.announcements.deciding import (
    apply,
    change,
    go,
    goes_at_night,
    lapse,
    preview,
    published_notice,
    take_back,
)
from plugins.announcements.domain import CONFIRM_WITHIN, UNDO_WITHIN, Announcement, State, Urgency
from plugins.announcements.drafting import (
    Options,
    altered,
    check,
    check_may_change,
    draft_of,
    existing,
    item_named,
    may_change,
    names_of,
)
from plugins.announcements.registration import Any_, Ctx, Tap, Timer, plugin


@plugin.command(
    "announce [text...]",
    options=Options,
    needs="announce.post",
    posts=True,
    dialogue=(Ask("text"), Ask("to", option=True, rooms=True)),
)
async def announce(ctx: Ctx, text: str, options: Options) -> Effects:
    """Tell one or more rooms something."""
    if (named := await item_named(ctx, text)) is not None:
        await check_may_change(ctx, named)
        return await change(ctx, named, await altered(ctx, named.draft, "", options), options)
    draft = await draft_of(ctx, text, options)
    one = Announcement(id=await ctx.new_item(), author=ctx.actor.id, draft=draft, state=State.PREVIEW)
    await store.add_announcement(ctx.db, one, ctx.now)
    if draft.needs_preview() or await goes_at_night(ctx, draft):
        return await preview(ctx, one, draft)
    return await go(ctx, one, draft)


@plugin.command("announcements [text...]", needs="announce.post", becomes="announce")
async def list_announcements(ctx: Ctx, text: str) -> Effects:
    """List what is planned and published: one's own in private, the room's in a room."""
    if ctx.room.direct:
        return ctx.respond(views.overview(await store.list_announcements_by(ctx.db, ctx.actor.id)))
    return ctx.respond(views.overview(await store.list_announcements_in(ctx.db, ctx.room.id)))


@plugin.item_command("cancel <item> [rest...]")
async def cancel(ctx: Ctx, item: ItemId, rest: str) -> Effects:
    """Take an announcement back, published or planned."""
    one = await existing(ctx, item)
    await check_may_change(ctx, one)
    return [await take_back(ctx, one), ctx.reply("announcement-cancelled", item=one.id)]


@plugin.item_command("modify <item> [text...]", options=Options)
async def modify(ctx: Ctx, item: ItemId, text: str, options: Options) -> Effects:
    """Change an announcement that somebody else may have written."""
    one = await existing(ctx, item)
    await check_may_change(ctx, one)
    return await change(ctx, one, await altered(ctx, one.draft, text, options), options)


@plugin.edited
async def edited(ctx: Ctx, item: str, text: str, options: Options) -> Effects:
    """The command was edited: what it says now is what is wanted, options left out included."""
    one = await existing(ctx, item)
    file = ctx.file or (MediaFile(**one.draft.file) if one.draft.file else None)
    draft = await draft_of(replace(ctx, file=file), text, options)
    return await change(ctx, one, draft, options)


@plugin.taken_back
async def taken_back(ctx: Ctx, item: str) -> Effects:
    """The command was redacted: by somebody who may cancel, it takes everything back."""
    one = await store.get_announcement(ctx.db, item)
    if one is None or not await may_change(ctx, one):
        return None
    return await take_back(ctx, one)


@plugin.tap(views.YES, on="announcement.preview")
async def confirm(ctx: Tap) -> Effects:
    """The author has looked at the preview and says yes."""
    one = await _previewed(ctx)
    if one is None or one.pending is None:
        return None
    if ctx.tapped_at - ctx.posted_at > CONFIRM_WITHIN:
        return await lapse(ctx, one)
    if ctx.now - ctx.tapped_at > ctx.stale_after:
        return await preview(ctx, one, one.pending, rereads=one.rereads)  # said yes hours ago: still meant?
    await check(ctx, one.pending)
    withdrawn = Redact(of=ctx.ref)
    if one.state is State.PREVIEW:
        return [withdrawn, await go(ctx, one, one.pending)]
    return [withdrawn, await apply(ctx, one, one.pending, rereads=one.rereads)]


@plugin.tap(views.NO, on="announcement.preview")
async def decline(ctx: Tap) -> Effects:
    """The author has looked at the preview and says no."""
    one = await _previewed(ctx)
    if one is None:
        return None
    await store.mark_announcement(ctx.db, one.unconfirmed())
    return [Redact(of=ctx.ref), ctx.reply("announcement-declined", item=one.id)]


@plugin.tap(views.NO, on="reply")
async def undo(ctx: Tap) -> Effects:
    """The author takes a routine post back within half a minute."""
    one = await store.get_announcement(ctx.db, ctx.about) if ctx.about else None
    if one is None or ctx.removed or ctx.actor.id != one.author or one.state is State.WITHDRAWN:
        return None
    if ctx.tapped_at - ctx.posted_at > UNDO_WITHIN:
        return ctx.reply("announcement-undo-late", item=one.id)
    return [await take_back(ctx, one), ctx.reply("announcement-cancelled", item=one.id)]


@plugin.tap(views.NO, on="announcement.copy")
async def withdraw_urgent(ctx: Tap) -> Effects:
    """A coordinator takes an urgent announcement back."""
    one = await store.get_announcement(ctx.db, ctx.about) if ctx.about else None
    if one is None or ctx.removed or one.state is State.WITHDRAWN or one.draft.urgency is not Urgency.URGENT:
        return None
    rooms = [room for id_ in one.draft.rooms if (room := await ctx.room_of(id_))]
    if ctx.actor.id not in await publishing.coordinators_of(ctx, rooms):
        return None
    message = Message("reply", (says("announcement-withdrawn-by", item=one.id, by=ctx.actor.name),))
    told = ctx.tell(ctx.responsible_for(one.author), message)
    return [await take_back(ctx, one), told, ctx.reply("announcement-cancelled", item=one.id)]


@plugin.timer("lapse")
async def lapse_unconfirmed(ctx: Timer, item: str) -> Effects:
    """Ten minutes after the preview was read, it no longer counts; one not delivered yet waits on."""
    one = await store.get_announcement(ctx.db, item)
    if one is None or one.preview is None or one.preview != ctx.payload:
        return None
    sent_at = await ctx.sent_at(one.preview)
    if sent_at is None or ctx.now - sent_at < CONFIRM_WITHIN:
        return ctx.wake("lapse", (sent_at or ctx.now) + CONFIRM_WITHIN, item=item, payload=one.preview)
    return await lapse(ctx, one)


@plugin.timer("publish")
async def publish_planned(ctx: Timer, item: str) -> Effects:
    """The hour its author chose; not where announcements were switched off meanwhile."""
    one = await store.get_announcement(ctx.db, item)
    if one is None or one.state is not State.SCHEDULED:
        return None
    author = ctx.responsible_for(one.author)
    rooms = await _still_using_it(ctx, one.draft.rooms)
    if not rooms:
        await store.mark_announcement(ctx.db, replace(one, state=State.WITHDRAWN))
        off = says("plugin-off-there", room=", ".join(await names_of(ctx, one.draft.rooms)))
        return ctx.tell(author, Message("reply", (off,)), item=one.id)
    published = one.published(replace(one.draft, rooms=rooms), ctx.now)
    await store.mark_announcement(ctx.db, published)
    told = ctx.tell(author, await published_notice(ctx, published), item=one.id)
    return [await publishing.publish(ctx, published, planned_for=ctx.due if ctx.late else None), told]


@plugin.items_old
async def forget(ctx: Any_, items: Sequence[str]) -> Sequence[str]:
    """Announcements are kept as long as the school says; those still to come stay."""
    return await store.remove_announcements(ctx.db, items)


async def _still_using_it(ctx: Timer, rooms: Sequence[str]) -> tuple[str, ...]:
    """The rooms where announcements are not switched off."""
    known = {id_: await ctx.room_of(id_) for id_ in rooms}
    return tuple(id_ for id_, room in known.items() if not (room and ctx.is_off_in(room)))


async def _previewed(ctx: Tap) -> Announcement | None:
    """The announcement whose newest preview was tapped by its author."""
    one = await store.get_announcement(ctx.db, ctx.about) if ctx.about else None
    theirs = one is not None and ctx.actor.id in (one.author, ctx.responsible_for(one.author))
    newest = one is not None and one.preview == ctx.ref and theirs
    return one if newest and not ctx.removed else None
