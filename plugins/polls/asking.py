"""From a poll to what is sent when it opens, is renewed, or is taken away."""

from __future__ import annotations

from dataclasses import replace

from coedu_bot.api import Ask, Edit, Effects, Message, Post, Priority, Redact, Says, new_ref, says
from plugins.polls import ballots, date_ballots, date_views, secret_ballots, secret_views, store, views
from plugins.polls.date_counting import counted
from plugins.polls.domain import FEWEST_OPTIONS, Form, Poll, Showing, tally
from plugins.polls.drafting import is_sensitive
from plugins.polls.electing import voices
from plugins.polls.registration import Any_, Ctx

DIALOGUE = (
    Ask("text"),
    Ask("answers", lines=FEWEST_OPTIONS),
    Ask("to", option=True, rooms=True),
    Ask("ends", option=True, dates=True, optional=True, skip="poll-no-end"),
)
"""What a bare command asks for in private, one thing at a time."""


def with_refs(poll: Poll) -> Poll:
    """A poll with messages of its own to be."""
    return replace(poll, ref=new_ref(), companion=new_ref())


async def begin(ctx: Ctx, draft: Poll, letter: str) -> Poll:
    """A draft becomes a poll with an id of this letter."""
    poll = with_refs(replace(draft, id=await ctx.new_item(letter)))
    await store.add_poll(ctx.db, poll, ctx.now)
    return poll


async def tell_author(ctx: Ctx, poll: Poll, *more: Says) -> Effects:
    """Where they do not see it themselves, the author reads that it is out; and what may come of it."""
    if poll.room == ctx.room.id:
        return ctx.respond(Message("reply", more), item=poll.id) if more else None
    room = await ctx.room_of(poll.room)
    return ctx.reply("poll-opened", *more, item=poll.id, room=ctx.label(room) if room else "")


def privately(ctx: Ctx, poll: Poll, *said: Says) -> Effects:
    """What only whoever acts needs to know is not said before the families."""
    message = Message("reply", said)
    direct = ctx.room.direct is not None
    return ctx.respond(message, item=poll.id) if direct else ctx.tell(ctx.actor.id, message, item=poll.id)


def without_reminder(ctx: Ctx, poll: Poll) -> Effects:
    """A reminder was asked for, and would come too late."""
    reminds_at = poll.reminds_at()
    late = reminds_at is not None and reminds_at <= ctx.now
    return privately(ctx, poll, says("poll-no-reminder")) if late else None


async def ask(ctx: Any_, poll: Poll) -> Effects:
    """The native poll, the companion under it, and its timers."""
    effects: list[Effects] = []
    if poll.form is Form.NATIVE:
        effects.append(
            Post(
                room=poll.room,
                message=views.native_fallback(poll, example(ctx, poll)),
                poll=views.native(poll),
                item=poll.id,
                version=poll.version,
                ref=poll.ref,
                priority=Priority.ROUTINE,
                waits=True,
            )
        )
    message = await companion(ctx, poll)
    effects.append(
        Post(
            room=poll.room,
            message=message,
            item=poll.id,
            version=poll.version,
            ref=poll.companion,
            priority=Priority.ROUTINE,
            waits=True,
        )
    )
    handed = [
        await ballots.hand_out(ctx, poll),
        await secret_ballots.hand_out(ctx, poll),
        await date_ballots.hand_out(ctx, poll),
    ]
    return [*effects, handed, timers(ctx, poll)]


async def companion(ctx: Any_, poll: Poll) -> Message:
    """What stands under the poll now."""
    if poll.form is Form.SECRET:
        return secret_views.companion(poll, _ask_for_ballot(ctx, poll))
    if poll.form is Form.DATES:
        return date_views.companion(poll, await counted(ctx, poll), example(ctx, poll))
    counts = None
    if poll.form is not Form.NATIVE and poll.showing is Showing.LIVE:
        electorate = (await voices(ctx, poll)).electorate
        counts = tally(poll, await store.list_votes(ctx.db, poll.id), electorate)
    visible = poll.form is Form.NATIVE and await is_sensitive(ctx, poll)
    return views.companion(poll, example(ctx, poll), visible=visible, counts=counts)


async def renew(ctx: Any_, poll: Poll) -> Effects:
    """The companion as it should read now."""
    return Edit(of=poll.companion, message=await companion(ctx, poll), version=poll.version)


async def withdraw(ctx: Any_, poll: Poll) -> Effects:
    """What shows the poll goes."""
    native = Redact(of=poll.ref) if poll.form is Form.NATIVE else None
    collected = [
        ballots.collect(poll),
        await secret_ballots.withdraw(ctx, poll),
        await date_ballots.withdraw(ctx, poll),
    ]
    return [ctx.unwake(poll.id), collected, native, Redact(of=poll.companion)]


def timers(ctx: Any_, poll: Poll) -> Effects:
    """The end, and the reminder a day before it if that is still to come."""
    if poll.until is None:
        return None
    reminds_at = poll.reminds_at()
    remind = (
        ctx.wake("remind", reminds_at, item=poll.id)
        if reminds_at and reminds_at > ctx.now and not poll.reminded_at
        else None
    )
    return [ctx.wake("end", poll.until, item=poll.id), remind]


def _ask_for_ballot(ctx: Any_, poll: Poll) -> str:
    """What to type when no ballot came: `voter P7`."""
    return f"{ctx.vocabulary.words('command-vote', ctx.school.language)[0]} {poll.id}"


def example(ctx: Any_, poll: Poll) -> str:
    """What to type where polls are not shown: `!voter P7 2`."""
    word = ctx.vocabulary.words("command-vote", ctx.school.language)[0]
    answer = date_ballots.example(ctx) if poll.form is Form.DATES else min(2, len(poll.options))
    return f"{ctx.prefix}{word} {poll.id} {answer}"
