"""Who has read: taps, `suivi`, and the nudges to those who have not."""

from __future__ import annotations

from dataclasses import replace

from coedu_bot.api import Effects, ItemId, Message, Post, Refusal, fold, says
from plugins.announcements import publishing, store, views
from plugins.announcements.domain import Announcement, Reading, Receipt, State, receipts
from plugins.announcements.drafting import existing
from plugins.announcements.registration import Ctx, Tap, Timer, plugin


@plugin.tap(views.YES, on="announcement")
@plugin.tap(views.YES, on="announcement.copy")
@plugin.tap(views.YES, on="announcement.nudge")
@plugin.tap(views.YES, on="announcement.correction")
async def acknowledge(ctx: Tap) -> Effects:
    """Somebody has read it; taking the tap away is a slip and never un-reads."""
    one = await store.get_announcement(ctx.db, ctx.about) if ctx.about else None
    if one is None or ctx.removed or not await _asked(ctx, one):
        return None
    await store.add_reading(ctx.db, one.id, Reading(ctx.actor.id, one.asked_version, ctx.tapped_at))
    return None


@plugin.command("follow <item> [rest...]", private=True)
async def follow(ctx: Ctx, item: ItemId, rest: str) -> Effects:
    """Show who has read, or note that somebody said so on the telephone or on paper."""
    one = await existing(ctx, item)
    await _check_may_follow(ctx, one)
    if rest.strip():
        return await _note(ctx, one, rest)
    entries = await _receipts(ctx, one)
    file = views.receipts_file(one, entries, lambda key: ctx.phrase(key, ctx.actor.language), ctx.school.zone)
    return ctx.answer_privately(views.receipts(one, entries), item=one.id, attachment=file)


@plugin.command("nudge <item>", private=True, posts=True)
async def nudge(ctx: Ctx, item: ItemId) -> Effects:
    """Write to those who have not read, at most once a day."""
    one = await existing(ctx, item)
    await _check_may_follow(ctx, one)
    if one.state is not State.PUBLISHED or not one.draft.asks:
        raise Refusal("item-cannot", item=one.id, example="")
    again_at = one.may_nudge_at()
    if again_at is not None and ctx.now < again_at:
        raise Refusal("announcement-nudged", example="", item=one.id, at=again_at)
    sent, count = await _nudge(ctx, one)
    key = "announcement-nudge-sent" if count else "announcement-all-read"
    told = Message("reply", (says(key, item=one.id, count=count),))
    return [sent, ctx.answer_privately(told, item=one.id)]


@plugin.timer("nudge")
async def nudge_by_itself(ctx: Timer, item: str) -> Effects:
    """A day before it is wanted; not if somebody has nudged in the last day."""
    one = await store.get_announcement(ctx.db, item)
    if one is None or one.state is not State.PUBLISHED:
        return None
    again_at = one.may_nudge_at()
    if again_at is not None and ctx.now < again_at:
        return None
    sent, _ = await _nudge(ctx, one)
    return sent


async def _nudge(ctx: Ctx | Timer, one: Announcement) -> tuple[Effects, int]:
    missing = [entry.reader for entry in await _receipts(ctx, one) if not entry.has_read]
    if missing:
        await store.mark_announcement(ctx.db, replace(one, nudged_at=ctx.now))
    return await publishing.nudge(ctx, one, missing), len(missing)


async def _note(ctx: Ctx, one: Announcement, rest: str) -> Effects:
    """`lu Petit`: who noted it stays visible."""
    word, _, name = rest.strip().partition(" ")
    if fold(word) not in ctx.vocabulary.choice_words("read") or not name.strip():
        raise Refusal("argument-left-over", rest=rest)
    entry = _find(await _receipts(ctx, one), name)
    if entry is None:
        raise Refusal("announcement-person-unknown", typed=name.strip(), item=one.id)
    if not entry.has_read:
        reading = Reading(entry.reader, one.asked_version, ctx.now, ctx.actor.name)
        await store.add_reading(ctx.db, one.id, reading)
    entries = await _receipts(ctx, one)
    read = sum(1 for one_ in entries if one_.has_read)
    told = says("announcement-noted", name=entry.name, count=read, read=read, all=len(entries))
    posts: list[Post] = ctx.answer_privately(Message("reply", (told,)), item=one.id)
    return posts


def _find(entries: list[Receipt], name: str) -> Receipt | None:
    """The one person whose name this is, or part of; None if nobody or several."""
    wanted = fold(name).strip()
    exact = [entry for entry in entries if fold(entry.name) == wanted]
    partial = [entry for entry in entries if wanted in fold(entry.name).split()]
    found = exact or partial
    return found[0] if len(found) == 1 else None


async def _receipts(ctx: Ctx | Timer, one: Announcement) -> list[Receipt]:
    reached = await publishing.reach(ctx, one.draft, one.author)
    return receipts(one, reached.people, await store.list_readings(ctx.db, one.id))


async def _asked(ctx: Tap, one: Announcement) -> bool:
    """Whether this person is among those whom the announcement addresses."""
    if one.state is not State.PUBLISHED or not one.draft.asks or ctx.actor.id == one.author:
        return False
    return any([await ctx.is_member(room, ctx.actor.id) for room in one.draft.rooms])


async def _check_may_follow(ctx: Ctx, one: Announcement) -> None:
    rooms = [room for id_ in one.draft.rooms if (room := await ctx.room_of(id_)) is not None]
    if ctx.actor.id == one.author or any([await ctx.actor_may("announce.follow", room) for room in rooms]):
        return
    roles = [says(f"role-{role}") for role in ctx.school.who_may("announce.follow", room=ctx.room)]
    raise Refusal("no-right", example="", roles=roles)
