"""The end of a secret poll: counted, shown, and cut loose from its voters, all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from coedu_bot.api import (
    CatchUp,
    Effects,
    Message,
    Redact,
    Refusal,
    Scrub,
    UserId,
    says,
    spreadsheet,
)
from plugins.polls import asking, secret_ballots, secret_store, secret_views, store
from plugins.polls.domain import Poll, State, Tally
from plugins.polls.electing import Voices, voices
from plugins.polls.registration import Any_, Ctx, Timer, plugin
from plugins.polls.secrecy import count, needed, still_stands
from plugins.polls.secret_store import SecretVote, Turnout
from plugins.polls.showing import caption, chart_of, post


def end(poll: Poll) -> Effects:
    """It is counted once all that was voted in time has been heard."""
    return CatchUp(name="count-secret", item=poll.id)


@plugin.timer("count-secret")
async def count_secret(ctx: Timer, item: str) -> Effects:
    """Everything is heard: from here on no vote is anybody's."""
    poll = await store.get_poll(ctx.db, item)
    if poll is None or poll.state is not State.CLOSING:
        return None
    known = await voices(ctx, poll)
    cast = await secret_store.list_secret_votes(ctx.db, poll.id)
    ballots = _standing(cast, known)
    turnout = Turnout(len(ballots), len(known.electorate.voices))
    shown = ballots if len(ballots) >= needed(poll) else {}
    await secret_store.unlink(ctx.db, poll.id, shown, turnout)
    closed = replace(poll, state=State.CLOSED)
    await store.mark_poll(ctx.db, closed)
    published = await _publish(ctx, closed, shown, turnout)
    return [secret_ballots.collect(poll), await asking.renew(ctx, closed), published, forget(cast)]


def forget(cast: list[SecretVote]) -> Effects:
    """Receipts name a code to its voter: they go from the rooms, from the outbox, and from the files."""
    receipts = sorted({vote.receipt for vote in cast})
    return [[Redact(of=ref, forget=True) for ref in receipts], Scrub()]


async def call_off(ctx: Any_, poll: Poll) -> tuple[set[UserId], Effects]:
    """Cancelled: nothing is counted, all is forgotten; who had voted is to be told."""
    cast = await secret_store.list_secret_votes(ctx.db, poll.id)
    withdrawn = await secret_ballots.withdraw(ctx, poll)
    await secret_store.remove_secret_votes(ctx.db, poll.id)
    return {vote.voter for vote in cast}, [withdrawn, forget(cast)]


async def voices_heard(ctx: Any_, poll: Poll) -> set[str]:
    """The voices that have voted so far."""
    return {vote.voice for vote in await secret_store.list_secret_votes(ctx.db, poll.id)}


async def results(ctx: Ctx, poll: Poll, *, staff: bool) -> Effects:
    """Before the end staff read how many have voted; afterwards everybody reads what was published."""
    turnout = await secret_store.get_turnout(ctx.db, poll.id)
    if turnout is None:
        if not staff:
            raise Refusal("poll-result-later", example="", item=poll.id)
        known = await voices(ctx, poll)
        voted = len(_standing(await secret_store.list_secret_votes(ctx.db, poll.id), known))
        tally = count(poll, {}, voted=voted, voices=len(known.electorate.voices))
        return ctx.answer_privately(secret_views.current(poll, tally), item=poll.id)
    ballots = await secret_store.list_counted_ballots(ctx.db, poll.id)
    message = secret_views.result(poll, _tally(poll, ballots, turnout), ballots)
    return ctx.respond(replace(message, rings=False), item=poll.id)


def _standing(cast: list[SecretVote], known: Voices) -> dict[str, tuple[str, ...]]:
    return {
        vote.code: vote.answers for vote in cast if still_stands(vote.voice, vote.voter, known.electorate)
    }


def _tally(poll: Poll, ballots: Mapping[str, tuple[str, ...]], turnout: Turnout) -> Tally:
    return count(poll, ballots, voted=turnout.voted, voices=turnout.voices)


async def _publish(
    ctx: Any_, poll: Poll, ballots: Mapping[str, tuple[str, ...]], turnout: Turnout
) -> Effects:
    room = await ctx.room_of(poll.room)
    several = room is not None and len(ctx.school.languages_of(room)) > 1
    tally = _tally(poll, ballots, turnout)
    shown = post(poll, secret_views.result(poll, tally, ballots, several_languages=several))
    if not ballots:
        return shown
    picture = post(poll, caption(poll), chart_of(poll, tally))
    return [shown, picture, await _send_table(ctx, poll, ballots)]


async def _send_table(ctx: Any_, poll: Poll, ballots: Mapping[str, tuple[str, ...]]) -> Effects:
    """The ballots as a file for the author: codes and answers, there is nothing else."""
    language = await ctx.language_of(poll.author)
    heads = [ctx.phrase(key, language) for key in ("secret-csv-code", "poll-csv-answer")]
    chosen = {code: [poll.options[int(one) - 1] for one in answers] for code, answers in ballots.items()}
    rows = [[code, ", ".join(chosen[code])] for code in sorted(ballots)]
    message = Message("poll.result", (says("poll-table", item=poll.id),))
    return ctx.tell(poll.author, message, item=poll.id, attachment=spreadsheet(poll.id, [heads, *rows]))
