"""A date poll is opened; what its command says after an edit."""

from __future__ import annotations

from dataclasses import replace

from coedu_bot.api import Ask, Effects, Refusal
from plugins.polls import asking, store
from plugins.polls.date_drafting import DateOptions, draft_dates
from plugins.polls.domain import FEWEST_OPTIONS, Form, Poll
from plugins.polls.drafting import Options, draft_of
from plugins.polls.registration import Ctx, plugin


@plugin.command(
    "dates [text...]",
    options=DateOptions,
    needs="poll.open",
    posts=True,
    listed=True,
    dialogue=(
        Ask("text"),
        Ask("answers", lines=FEWEST_OPTIONS),
        Ask("to", option=True, rooms=True),
        Ask("ends", option=True, dates=True, optional=True, skip="poll-no-end"),
    ),
)
async def open_dates(ctx: Ctx, text: str, options: DateOptions) -> Effects:
    """Ask a room which date suits."""
    draft = await draft_dates(ctx, text, options)
    poll = asking.with_refs(replace(draft, id=await ctx.new_item("D")))
    await store.add_poll(ctx.db, poll, ctx.now)
    room = await ctx.room_of(poll.room)
    elsewhere = room is not None and poll.room != ctx.room.id
    told = ctx.reply("poll-opened", item=poll.id, room=ctx.label(room)) if room and elsewhere else None
    return [await asking.ask(ctx, poll), told]


async def redraft(ctx: Ctx, poll: Poll, text: str, options: Options | DateOptions | None) -> Poll:
    """What the command of a poll says now; raises Refusal where it asks for a poll of another kind."""
    if poll.form is Form.DATES and isinstance(options, DateOptions):
        return await draft_dates(ctx, text, options)
    if poll.form is Form.DATES or isinstance(options, DateOptions):
        raise Refusal("edit-lost-command", item=poll.id)
    return await draft_of(ctx, text, options or Options())


def of_dates(options: Options) -> DateOptions:
    """`modifier` takes the options of all polls; those that dates do not have are left aside."""
    return DateOptions(to=options.to, ends=options.ends, voice=options.voice, reminder=options.reminder)
