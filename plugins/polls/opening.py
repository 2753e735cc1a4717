"""A poll is opened, changed before anybody voted, moved, or cancelled."""

from __future__ import annotations

from dataclasses import replace

from coedu_bot.api import Effects, ItemId, Message, Priority, Refusal, Says, says
from plugins.polls import asking, secret_counting, secret_store, store, views
from plugins.polls.date_drafting import DateOptions, check_end
from plugins.polls.date_opening import of_dates, redraft
from plugins.polls.domain import Form, Poll, State
from plugins.polls.drafting import Options, draft_of, is_sensitive, same_question
from plugins.polls.electing import voices
from plugins.polls.registration import Any_, Ctx, plugin
from plugins.polls.secrecy import needed


@plugin.command(
    "poll [text...]",
    options=Options,
    needs="poll.open",
    posts=True,
    listed=True,
    dialogue=asking.DIALOGUE,
)
async def open_poll(ctx: Ctx, text: str, options: Options) -> Effects:
    """Ask a room something."""
    draft = await draft_of(ctx, text, options)
    poll = await asking.begin(ctx, draft, "P")
    told = await asking.tell_author(ctx, poll, *await _few_voters(ctx, poll))
    return [await asking.ask(ctx, poll), told, asking.without_reminder(ctx, poll), await _advise(ctx, poll)]


@plugin.command("polls [text...]", becomes="poll")
async def list_polls(ctx: Ctx, text: str) -> Effects:
    """List the polls of the room; in private, one's own and those of one's rooms."""
    if ctx.room.direct is None:
        return ctx.respond(views.overview(await store.list_polls_in(ctx.db, ctx.room.id)))
    polls = {one.id: one for one in await store.list_polls_by(ctx.db, ctx.actor.id)}
    for room in await ctx.rooms_of(ctx.actor.id):
        polls |= {one.id: one for one in await store.list_polls_in(ctx.db, room.id) if one.is_open}
    return ctx.respond(views.overview(list(polls.values())))


@plugin.item_command("modify <item> [text...]", options=Options, listed=True)
async def modify(ctx: Ctx, item: ItemId, text: str, options: Options) -> Effects:
    """Change a poll that somebody else may have opened."""
    poll = await existing(ctx, item)
    await check_may_close(ctx, poll)
    if text.strip():
        said = of_dates(options) if poll.form is Form.DATES else options
        return await change(ctx, poll, await redraft(ctx, poll, text, said))
    until, reminds = (
        options.ends or poll.until,
        poll.reminds if options.reminder is None else options.reminder,
    )
    draft = replace(poll, until=until, reminds=reminds)
    if poll.form is Form.DATES:
        check_end(ctx, draft)
    return await change(ctx, poll, draft)


@plugin.edited
async def edited(
    ctx: Ctx, item: str, text: str = "", options: Options | DateOptions | None = None, **_: object
) -> Effects:
    """The command was edited: what it says now is what is wanted."""
    poll = await existing(ctx, item)
    return await change(ctx, poll, await redraft(ctx, poll, text, options))


async def change(ctx: Ctx, poll: Poll, draft: Poll) -> Effects:
    """Before the first vote anything changes, by a new poll; later only its end."""
    if not poll.is_open:
        raise Refusal("poll-over", example="", item=poll.id)
    if draft.room != poll.room:
        raise Refusal("poll-room-fixed", example="", item=poll.id)
    if same_question(draft, poll):
        return await _move_end(ctx, poll, draft)
    if await store.count_votes(ctx.db, poll.id) or await secret_store.count_secret_votes(ctx.db, poll.id):
        raise Refusal("poll-locked", example="", item=poll.id)
    new = asking.with_refs(replace(draft, id=poll.id, author=poll.author, version=poll.version + 1))
    await store.mark_poll(ctx.db, new)
    return [
        await asking.withdraw(ctx, poll),
        await asking.ask(ctx, new),
        ctx.reply("poll-replaced", item=poll.id),
    ]


async def _move_end(ctx: Ctx, poll: Poll, draft: Poll) -> Effects:
    moved = replace(
        poll, until=draft.until, reminds=draft.reminds, quorum=draft.quorum, version=poll.version + 1
    )
    if (poll.until, poll.reminds, poll.quorum) == (draft.until, draft.reminds, draft.quorum):
        return ctx.reply("poll-unchanged", item=poll.id)
    await store.mark_poll(ctx.db, moved)
    told = [ctx.reply("poll-changed", item=poll.id), asking.without_reminder(ctx, moved)]
    return [ctx.unwake(poll.id), asking.timers(ctx, moved), await asking.renew(ctx, moved), told]


@plugin.item_command("cancel <item> [rest...]")
async def cancel(ctx: Ctx, item: ItemId, rest: str) -> Effects:
    """Take a poll back: no result."""
    poll = await existing(ctx, item)
    await check_may_close(ctx, poll)
    if poll.is_over:
        raise Refusal("poll-over", example="", item=poll.id)
    return [await call_off(ctx, poll), ctx.reply("poll-cancelled", item=poll.id)]


@plugin.taken_back
async def taken_back(ctx: Ctx, item: str) -> Effects:
    """The question was redacted: by somebody who may, it cancels the poll."""
    poll = await store.get_poll(ctx.db, item)
    if poll is None or not await may_close(ctx, poll):
        return None
    return await call_off(ctx, poll)


async def call_off(ctx: Ctx, poll: Poll) -> Effects:
    """Whoever had answered is told once."""
    if poll.is_over:
        return None
    await store.mark_poll(ctx.db, replace(poll, state=State.CANCELLED, ended_at=ctx.now))
    heard = {vote.voter for vote in await store.list_votes(ctx.db, poll.id) if vote.voter.startswith("@")}
    forgotten: Effects = None
    if poll.form is Form.SECRET:
        in_secret, forgotten = await secret_counting.call_off(ctx, poll)
        heard |= in_secret
    message = Message("reply", (says("poll-called-off", question=poll.question),))
    told = [ctx.tell(person, message, priority=Priority.LATER) for person in sorted(heard - {ctx.actor.id})]
    await store.remove_votes(ctx.db, poll.id)
    return [ctx.unwake(poll.id), await asking.withdraw(ctx, poll), forgotten, told]


async def existing(ctx: Any_, id_: str) -> Poll:
    """The poll of this id; raises Refusal if it is something else."""
    poll = await store.get_poll(ctx.db, id_.upper())
    if poll is None:
        raise Refusal("item-cannot", item=id_, example="")
    return poll


async def may_close(ctx: Ctx, poll: Poll) -> bool:
    """Its author, or a teacher of the class."""
    room = await ctx.room_of(poll.room)
    return ctx.actor.id == poll.author or (room is not None and await ctx.actor_may("poll.close", room))


async def check_may_close(ctx: Ctx, poll: Poll) -> None:
    if not await may_close(ctx, poll):
        room = await ctx.room_of(poll.room) or ctx.room
        roles = [says(f"role-{role}") for role in ctx.school.who_may("poll.close", room=room)]
        raise Refusal("no-right", example="", roles=roles)


async def _few_voters(ctx: Ctx, poll: Poll) -> tuple[Says, ...]:
    """A secret poll of a handful of people will show nothing."""
    if poll.form is not Form.SECRET:
        return ()
    known = await voices(ctx, poll)
    wanted = needed(poll)
    return (says("secret-few-voters", count=wanted),) if len(known.electorate.voices) < wanted else ()


async def _advise(ctx: Ctx, poll: Poll) -> Effects:
    """A delicate matter asked in the open: its author is told privately what that means."""
    if poll.form is not Form.NATIVE or not await is_sensitive(ctx, poll):
        return None
    return asking.privately(ctx, poll, says("poll-sensitive", item=poll.id), says("secret-advice"))
