"""The end of a date poll: its author is proposed the best date and fixes one; the room gets it as a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from coedu_bot.api import (
    CatchUp,
    Choice,
    CloseMenus,
    Effects,
    Menu,
    Message,
    Priority,
    Refusal,
    UserId,
    says,
)
from plugins.polls import asking, date_ballots, date_views, store
from plugins.polls.date_counting import counted, keep_counts
from plugins.polls.date_domain import DateTally, best, is_past, spans_of
from plugins.polls.date_drafting import zone_of
from plugins.polls.date_files import calendar_file, dates_table
from plugins.polls.domain import Poll, State
from plugins.polls.electing import voices
from plugins.polls.opening import check_may_close
from plugins.polls.registration import Any_, Chosen, Ctx, Timer, plugin
from plugins.polls.showing import post

MENU = "date-choice"


async def close(ctx: Ctx, poll: Poll, typed: str) -> Effects:
    """`fin D3` ends the answers and proposes a date; `fin D3 2` fixes the second."""
    number = _number(poll, typed)
    if number is not None:
        return await _fix(ctx, poll, number)
    if not poll.is_open and (poll.state is not State.CLOSED or poll.chosen is not None):
        raise Refusal("poll-over", example="", item=poll.id)
    told = ctx.reply("dates-ended", item=poll.id) if ctx.room.direct != ctx.actor.id else None
    if poll.is_open:
        return [await end(ctx, poll, min(ctx.event.sent_at, ctx.now)), told]
    return [await _propose(ctx, poll, await counted(ctx, poll), {ctx.actor.id}), told]


async def end(ctx: Any_, poll: Poll, at: datetime) -> Effects:
    """No answer after this moment counts; those in time are heard first, if the bot was down."""
    await store.mark_poll(ctx.db, poll.closing(at))
    asked = [ctx.unwake(poll.id), date_ballots.collect(poll)]
    return [*asked, CatchUp(name="count-dates", item=poll.id)]


@plugin.timer("count-dates")
async def count_dates(ctx: Timer, item: str) -> Effects:
    """All is heard: the author, who has the table of answers, reads which date suits most."""
    poll = await store.get_poll(ctx.db, item)
    if poll is None or poll.state is not State.CLOSING:
        return None
    closed = replace(poll, state=State.CLOSED)
    await store.mark_poll(ctx.db, closed)
    tally = await keep_counts(ctx, closed)
    renewed, table = await asking.renew(ctx, closed), await send_table(ctx, closed, closed.author)
    if closed.chosen is not None:
        return [renewed, _publish(ctx, closed, tally, moved=False), table]
    return [renewed, await _propose(ctx, closed, tally, {closed.author}), table]


@plugin.menu(MENU)
async def chosen(ctx: Chosen, choice: str) -> Effects:
    """The author's choice, or that of a colleague who ended the answers."""
    poll = await store.get_poll(ctx.db, ctx.item) if ctx.item else None
    if poll is None:
        return None
    await check_may_close(ctx, poll)
    return await _fix(ctx, poll, int(choice))


async def _fix(ctx: Ctx, poll: Poll, number: int) -> Effects:
    """This is the date; another can be fixed later, calendars move it."""
    span = spans_of(poll)[number - 1]
    if poll.state is State.CANCELLED:
        raise Refusal("poll-over", example="", item=poll.id)
    if is_past(span, ctx.now.astimezone(zone_of(ctx, span))):
        raise Refusal("dates-past", example="", date=date_views.shown(span))
    fixed = replace(poll, chosen=number, version=poll.version + 1)
    told = None
    if ctx.room.id != poll.room:
        told = ctx.reply("dates-fixed", item=poll.id, date=date_views.shown(span))
    asked = CloseMenus(name=MENU, item=poll.id)
    if poll.state is State.CLOSED:
        await store.mark_poll(ctx.db, fixed)
        published = _publish(ctx, fixed, await counted(ctx, fixed), moved=poll.chosen not in (None, number))
        return [asked, await asking.renew(ctx, fixed), published, told]
    if poll.is_open:
        return [asked, await end(ctx, fixed, min(ctx.event.sent_at, ctx.now)), told]
    await store.mark_poll(ctx.db, fixed)
    return [asked, told]


async def send_table(ctx: Any_, poll: Poll, to: UserId) -> Effects:
    """Who can come when, as a file, privately."""
    language, known = await ctx.language_of(to), await voices(ctx, poll)
    votes = await store.list_votes(ctx.db, poll.id)
    file = dates_table(poll, known, votes, lambda key: ctx.phrase(key, language))
    message = Message("poll.result", (says("poll-table", item=poll.id),))
    return ctx.tell(to, message, item=poll.id, attachment=file)


def _publish(ctx: Any_, poll: Poll, tally: DateTally, *, moved: bool) -> Effects:
    """The date in the room, with the counts, and as a file for everybody's calendar."""
    assert poll.chosen is not None
    span, server = spans_of(poll)[poll.chosen - 1], ctx.bot_id.partition(":")[2]
    file = calendar_file(poll, span, server, ctx.now)
    caption = Message("poll.result", (says("dates-file", item=poll.id, date=date_views.briefly(span)),))
    return [post(poll, date_views.result(poll, tally, moved=moved)), post(poll, caption, file)]


async def _propose(ctx: Any_, poll: Poll, tally: DateTally, to: set[UserId]) -> Effects:
    spans = spans_of(poll)
    suits = best(tally, spans, ctx.now.astimezone(zone_of(ctx, spans[0])))
    example = f"{ctx.word('close', ctx.school.language)} {poll.id} {suits or 1}"
    message = date_views.proposal(poll, tally, suits, example)
    choices = [Choice(number, label) for number, label in date_views.choices(poll, tally, suits)]
    return [
        [
            ctx.tell(one, message, item=poll.id, priority=Priority.ROUTINE, waits=True),
            Menu(
                person=one,
                name=MENU,
                question=says("dates-choose", item=poll.id, question=poll.question),
                choices=choices,
                item=poll.id,
                priority=Priority.ROUTINE,
                waits=True,
            ),
        ]
        for one in sorted(to)
    ]


def _number(poll: Poll, typed: str) -> int | None:
    """The number of a date after `fin D3`; None where there is nothing. Raises Refusal."""
    text = typed.strip().rstrip(".!")
    if not text:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= len(poll.options):
        dates = date_views.numbered(poll)
        raise Refusal("dates-number-unknown", example="", typed=typed.strip(), dates=dates)
    return int(text)
