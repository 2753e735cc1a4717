"""A date poll is opened; what its command says after an edit."""

from __future__ import annotations

from coedu_bot.api import Effects, Refusal
from plugins.polls import asking
from plugins.polls.date_drafting import DateOptions, draft_dates
from plugins.polls.domain import Form, Poll
from plugins.polls.drafting import Options, draft_of
from plugins.polls.registration import Ctx, plugin


@plugin.command(
    "dates [text...]",
    options=DateOptions,
    needs="poll.open",
    posts=True,
    listed=True,
    dialogue=asking.DIALOGUE,
)
async def open_dates(ctx: Ctx, text: str, options: DateOptions) -> Effects:
    """Ask a room which date suits."""
    draft = await draft_dates(ctx, text, options)
    poll = await asking.begin(ctx, draft, "D")
    told = await asking.tell_author(ctx, poll)
    return [await asking.ask(ctx, poll), told, asking.without_reminder(ctx, poll)]


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
