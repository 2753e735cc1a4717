"""The end of a poll: all votes read once more, counted, and the result shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from coedu_bot.api import (
    CatchUp,
    Effects,
    EndPoll,
    GatherVotes,
    ItemId,
    Message,
    PollAnswered,
    Priority,
    Refusal,
    UserId,
    says,
)
from plugins.polls import (
    asking,
    ballots,
    date_ballots,
    date_counting,
    date_fixing,
    date_views,
    outcomes,
    secret_counting,
    store,
    tables,
    views,
)
from plugins.polls.domain import Form, Poll, Showing, State, Vote, tally
from plugins.polls.electing import Voices, voices
from plugins.polls.opening import check_may_close, existing, may_close
from plugins.polls.registration import Any_, Ctx, Gathered, Timer, plugin
from plugins.polls.showing import caption, chart_of, post
from plugins.polls.store import Cast


@plugin.command("close <item> [rest...]")
async def close(ctx: Ctx, item: ItemId, rest: str) -> Effects:
    """End a poll now."""
    poll = await existing(ctx, item)
    await check_may_close(ctx, poll)
    if poll.form is Form.DATES:
        return await date_fixing.close(ctx, poll, rest)
    if not poll.is_open:
        raise Refusal("poll-over", example="", item=poll.id)
    ended = await end(ctx, poll, min(ctx.event.sent_at, ctx.now))
    told = ctx.reply("poll-closing", item=poll.id) if ctx.room.id != poll.room else None
    return [ended, told]


@plugin.timer("end")
async def end_at_its_time(ctx: Timer, item: str) -> Effects:
    """The deadline."""
    poll = await store.get_poll(ctx.db, item)
    if poll is None or not poll.is_open or poll.until is None or poll.until > ctx.now:
        return None
    return await end(ctx, poll, poll.until)


@plugin.poll_ended(on="poll")
async def ended_by_hand(ctx: Ctx) -> Effects:
    """Somebody ended the native poll in their client: valid from whoever may redact there (MSC3381)."""
    poll = await store.get_poll(ctx.db, ctx.about) if ctx.about else None
    if poll is None or not poll.is_open or not ctx.room.may_redact_others(ctx.actor.id):
        return None
    return await end(ctx, poll, min(ctx.event.sent_at, ctx.now))


async def end(ctx: Any_, poll: Poll, at: datetime) -> Effects:
    """No vote after this moment counts; all that were sent before it are heard, or read, and then counted."""
    if poll.form is Form.DATES:
        return await date_fixing.end(ctx, poll, at)
    closing = poll.closing(at)
    await store.mark_poll(ctx.db, closing)
    forgotten = ctx.unwake(poll.id)
    if poll.form is Form.SECRET:
        return [forgotten, secret_counting.end(closing)]
    return [forgotten, CatchUp(name="count-heard", item=poll.id)]


@plugin.timer("count-heard")
async def count_heard(ctx: Timer, item: str) -> Effects:
    """All that was tapped or written in time is heard: no ballot stays open."""
    poll = await store.get_poll(ctx.db, item)
    if poll is None or poll.state is not State.CLOSING:
        return None
    if poll.form is Form.PRIVATE:
        return [ballots.collect(poll), await publish(ctx, poll)]
    return [
        ballots.collect(poll),
        EndPoll(of=poll.ref, message=views.ended(poll)),
        GatherVotes(of=poll.ref, name="close", item=poll.id),
    ]


@plugin.gathered("close")
async def count(ctx: Gathered) -> Effects:
    """The homeserver's word on who voted what; what has no key yet counts as it was heard, if it was."""
    poll = await store.get_poll(ctx.db, ctx.item)
    if poll is None or poll.state is not State.CLOSING:
        return None
    heard = await store.list_native(ctx.db, poll.id)
    unread = [event for event in ctx.unreadable if event not in heard]
    if ctx.votes is not None:
        kept = [heard[event] for event in ctx.unreadable if event in heard]
        await store.mark_native(ctx.db, poll.id, [*map(_cast, ctx.votes), *kept])
    return await publish(ctx, poll, unreadable=len(unread))


async def publish(ctx: Any_, poll: Poll, *, unreadable: int = 0) -> Effects:
    """Count, close, and say it in the room; the table goes to the author alone."""
    known = await voices(ctx, poll)
    votes = await store.list_votes(ctx.db, poll.id)
    counted = tally(poll, votes, known.electorate)
    closed = replace(poll, state=State.CLOSED)
    await store.mark_poll(ctx.db, closed)
    await outcomes.add_outcome(ctx.db, poll.id, counted)
    room = await ctx.room_of(poll.room)
    several = room is not None and len(ctx.school.languages_of(room)) > 1
    message = views.result(closed, counted, unreadable=unreadable, several_languages=several)
    shown = post(closed, message)
    renewed = None if poll.form is Form.NATIVE else await asking.renew(ctx, closed)
    held_back = counted.voted < poll.quorum
    picture = None if held_back else post(closed, caption(closed), chart_of(closed, counted))
    return [renewed, shown, picture, await send_table(ctx, closed, known, votes, poll.author)]


@plugin.command("results <item>")
async def results(ctx: Ctx, item: ItemId) -> Effects:
    """Say how a poll stands to those who may see it."""
    poll = await existing(ctx, item)
    if poll.state is State.CANCELLED:
        raise Refusal("poll-over", example="", item=poll.id)
    staff = await may_close(ctx, poll)
    await _check_may_see(ctx, poll, staff)
    if poll.form is Form.SECRET:
        return await secret_counting.results(ctx, poll, staff=staff)
    if poll.form is Form.DATES:
        return await _results_of_dates(ctx, poll, staff=staff)
    published = await outcomes.get_outcome(ctx.db, poll.id)
    if published is not None:
        return ctx.respond(replace(views.result(poll, published), rings=False), item=poll.id)
    known = await voices(ctx, poll)
    votes = await store.list_votes(ctx.db, poll.id)
    message = views.current(poll, tally(poll, votes, known.electorate))
    if ctx.room.direct is None and poll.showing is Showing.LIVE:
        return ctx.respond(message, item=poll.id)
    answer = ctx.answer_privately(message, item=poll.id)
    return [answer, await send_table(ctx, poll, known, votes, ctx.actor.id) if staff else None]


async def _results_of_dates(ctx: Ctx, poll: Poll, *, staff: bool) -> Effects:
    message = date_views.current(poll, await date_counting.counted(ctx, poll))
    if ctx.room.direct is None:
        return ctx.respond(message, item=poll.id)
    table = await date_fixing.send_table(ctx, poll, ctx.actor.id) if staff else None
    return [ctx.answer_privately(message, item=poll.id), table]


@plugin.timer("remind")
async def remind(ctx: Timer, item: str) -> Effects:
    """A day before the end, once, privately, to those for whom nobody has answered."""
    poll = await store.get_poll(ctx.db, item)
    if poll is None or not poll.is_open or poll.reminded_at is not None:
        return None
    await store.mark_poll(ctx.db, replace(poll, reminded_at=ctx.now))
    known = await voices(ctx, poll)
    voted = await _voices_heard(ctx, poll, known)
    silent = {one for voice, who in known.electorate.voices.items() if voice not in voted for one in who}
    room = await ctx.room_of(poll.room)
    where = ctx.label(room) if room else ""
    return [await _reminded(ctx, poll, person, where) for person in sorted(silent - {poll.author})]


async def _reminded(ctx: Any_, poll: Poll, person: UserId, room: str) -> Effects:
    if poll.form is Form.DATES:
        said = date_ballots.example(ctx, await ctx.language_of(person))
        message = date_views.reminder(poll, room, said)
        asked = date_ballots.ask(poll, person, 1, {}, Priority.LATER)
    else:
        message = views.reminder(poll, room, asking.example(ctx, poll))
        # a ballot for several choices, or a secret one, has been there since the beginning
        asked = ballots.menu(poll, person, (), Priority.LATER) if poll.form is Form.NATIVE else None
    return [ctx.tell(person, message, item=poll.id, priority=Priority.LATER, waits=True), asked]


async def _voices_heard(ctx: Any_, poll: Poll, known: Voices) -> set[str]:
    if poll.form is Form.SECRET:
        return await secret_counting.voices_heard(ctx, poll)
    if poll.form is Form.DATES:
        return set((await date_counting.counted(ctx, poll)).answers)
    return set(tally(poll, await store.list_votes(ctx.db, poll.id), known.electorate).choices)


async def send_table(ctx: Any_, poll: Poll, known: Voices, votes: Sequence[Vote], to: str) -> Effects:
    """Who said what, as a file, privately."""
    language = await ctx.language_of(to)
    file = tables.table(poll, known, votes, lambda key: ctx.phrase(key, language), ctx.school.zone)
    message = Message("poll.result", (says("poll-table", item=poll.id),))
    return ctx.tell(to, message, item=poll.id, attachment=file)


async def _check_may_see(ctx: Ctx, poll: Poll, staff: bool) -> None:
    room = await ctx.room_of(poll.room)
    inside = room is not None and await ctx.is_member(room.id, ctx.actor.id)
    if not staff and not inside:
        raise Refusal("item-unknown", example="", item=poll.id)
    if poll.state is not State.CLOSED and poll.showing is Showing.AT_END and not staff:
        raise Refusal("poll-result-later", example="", item=poll.id)


def _cast(answer: PollAnswered) -> Cast:
    return Cast(answer.event_id, answer.sender, answer.answers, answer.sent_at, answer.spoiled, native=True)
