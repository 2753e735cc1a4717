"""Who has read: taps, `suivi`, and the nudges to those who have not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coedu_bot.api import Base, Effects, ItemId, Message, Refusal, UserId, fold, says
from plugins.announcements import publishing, reports, store, views
from plugins.announcements.audience import Audience, Receipt, Standing, receipts
from plugins.announcements.domain import LAPSES_AFTER, Announcement, Reading, State
from plugins.announcements.drafting import existing
from plugins.announcements.reaching import COPIES, is_addressed, reach
from plugins.announcements.registration import Any_, Ctx, Settings, Tap, Timer, plugin


@plugin.tap(views.YES, on="announcement")
@plugin.tap(views.YES, on="announcement.copy")
@plugin.tap(views.YES, on="announcement.nudge")
@plugin.tap(views.YES, on="announcement.correction")
async def acknowledge(ctx: Tap) -> Effects:
    """Somebody has read it; taking the tap away is a slip and never un-reads."""
    one = await store.get_announcement(ctx.db, ctx.about) if ctx.about else None
    if one is None or ctx.removed or one.state is not State.PUBLISHED or not one.draft.asks:
        return None
    if await is_addressed(ctx, one.draft, ctx.actor.id, one.author):
        await store.add_reading(ctx.db, one.id, Reading(ctx.actor.id, one.asked_version, ctx.tapped_at))
    return None


@plugin.command("follow <item> [rest...]", private=True)
async def follow(ctx: Ctx, item: ItemId, rest: str) -> Effects:
    """Show who has read, or note that somebody said so on the telephone or on paper."""
    one = await existing(ctx, item)
    await _check_may_follow(ctx, one)
    followed = await _followed(ctx, one)
    if rest.strip():
        return await _note(ctx, followed, rest)
    table = reports.table(
        one, followed.entries, lambda key: ctx.phrase(key, ctx.actor.language), ctx.school.zone
    )
    message = reports.report(one, followed.entries, by_household=followed.by_household)
    return ctx.answer_privately(message, item=one.id, attachment=table)


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
    followed = await _followed(ctx, one)
    sent = await _nudge(ctx, followed)
    return [sent, ctx.answer_privately(_nudged(followed), item=one.id)]


@plugin.timer("nudge")
async def nudge_by_itself(ctx: Timer, item: str) -> Effects:
    """A day before it is wanted; not if somebody has nudged in the last day."""
    one = await store.get_announcement(ctx.db, item)
    if one is None or one.state is not State.PUBLISHED:
        return None
    again_at = one.may_nudge_at()
    if again_at is not None and ctx.now < again_at:
        return None
    return await _nudge(ctx, await _followed(ctx, one))


@plugin.command("copies <wanted>")
async def choose_copies(ctx: Ctx, wanted: bool) -> Effects:
    """Stop or take up again the private copies that come because of one's language."""
    await ctx.keep_choice(ctx.actor.id, COPIES, wanted)
    key = "announcement-copies-on" if wanted else "announcement-copies-off"
    return ctx.answer_privately(Message("reply", (says(key),)))


@plugin.guardians_added
async def give_what_is_open(ctx: Base[Settings], users: frozenset[UserId]) -> Effects:
    """A household that comes in the middle of the year receives what is still to be read."""
    effects: list[Effects] = []
    for one in await store.list_published_since(ctx.db, ctx.now - LAPSES_AFTER):
        if not one.draft.asks or (one.draft.until is not None and one.draft.until <= ctx.now):
            continue
        reached = await reach(ctx, one.draft, one.author)
        copies = await store.list_copies(ctx.db, one.id)
        lost = await ctx.list_lost(copy.ref for copy in copies)  # when they were suspended, say
        had = {copy.person for copy in copies if copy.ref not in lost}
        new = [reader for reader in reached.audience.readers if reader.id in users - had]
        posts = publishing.copies_for(ctx, one, reached, new)
        await publishing.remember(ctx, one, posts)
        effects.append(posts)
    return effects


@dataclass(frozen=True, slots=True)
class _Followed:
    """An announcement, whom it addresses and where they stand."""

    one: Announcement
    audience: Audience
    entries: list[Receipt]

    @property
    def by_household(self) -> bool:
        return self.audience.families > 0

    @property
    def missing(self) -> list[Receipt]:
        """Those who can be nudged."""
        return [entry for entry in self.entries if entry.standing is Standing.MISSING]


async def _followed(ctx: Any_, one: Announcement) -> _Followed:
    audience = (await reach(ctx, one.draft, one.author)).audience
    readings = await store.list_readings(ctx.db, one.id)
    in_touch = await ctx.in_touch(sorted(audience.ids))
    return _Followed(one, audience, receipts(one, audience, readings, in_touch))


async def _nudge(ctx: Any_, followed: _Followed) -> Effects:
    people = dict.fromkeys(user for entry in followed.missing for user in entry.party.ids)
    if people:
        await store.mark_announcement(ctx.db, replace(followed.one, nudged_at=ctx.now))
    return await publishing.nudge(ctx, followed.one, list(people))


def _nudged(followed: _Followed) -> Message:
    count, item = len(followed.missing), followed.one.id
    if not count:
        all_read = all(entry.has_read for entry in followed.entries)
        key = "announcement-all-read" if all_read else "announcement-none-to-nudge"
        return Message("reply", (says(key, item=item),))
    key = "announcement-nudge-sent-households" if followed.by_household else "announcement-nudge-sent"
    return Message("reply", (says(key, item=item, count=count),))


async def _note(ctx: Ctx, followed: _Followed, rest: str) -> Effects:
    """`lu Petit`: who noted it stays visible."""
    word, _, name = rest.strip().partition(" ")
    if fold(word) not in ctx.vocabulary.choice_words("read") or not name.strip():
        raise Refusal("argument-left-over", rest=rest)
    one, entry = followed.one, _find(followed.entries, name)
    if entry is None:
        raise Refusal("announcement-person-unknown", typed=name.strip(), item=one.id)
    if not entry.has_read:
        key = entry.party.readers[0].key
        await store.add_reading(ctx.db, one.id, Reading(key, one.asked_version, ctx.now, ctx.actor.name))
    after = await _followed(ctx, one)
    total = reports.total(one, after.entries, by_household=after.by_household)
    told = says("announcement-noted", name=entry.name, total=total)
    return ctx.answer_privately(Message("reply", (told,)), item=one.id)


def _find(entries: list[Receipt], name: str) -> Receipt | None:
    """The one party of this name, or with somebody of this name in it; None if there is none or several."""
    wanted = fold(name).strip()
    exact = [entry for entry in entries if fold(entry.name).strip() == wanted]
    partial = [entry for entry in entries if any(wanted in fold(one).split() for one in _names(entry))]
    found = exact or partial
    return found[0] if len(found) == 1 else None


def _names(entry: Receipt) -> list[str]:
    people = [reader.name for reader in entry.party.readers]
    return [entry.name, *people]


async def _check_may_follow(ctx: Ctx, one: Announcement) -> None:
    rooms = [room for id_ in one.draft.rooms if (room := await ctx.room_of(id_)) is not None]
    if ctx.actor.id in (one.author, ctx.responsible_for(one.author)):
        return
    if any([await ctx.actor_may("announce.follow", room) for room in rooms]):
        return
    roles = [says(f"role-{role}") for role in ctx.school.who_may("announce.follow", room=ctx.room)]
    raise Refusal("no-right", example="", roles=roles)
