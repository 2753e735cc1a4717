"""What becomes void, or is forgotten: answers of who may be told nothing any more, polls of long ago."""

from __future__ import annotations

from collections.abc import Sequence

from coedu_bot.api import CloseMenus, Effects, Redact, Room, UserId
from plugins.polls import ballots, date_ballots, outcomes, secret_ballots, secret_store, store
from plugins.polls.casting import show_counts
from plugins.polls.domain import Poll
from plugins.polls.registration import Any_, plugin
from plugins.polls.secret_counting import forget as forget_receipts


@plugin.person_suspended
async def void_votes(ctx: Any_, person: UserId) -> Effects:
    """Take their answers out of every open poll, and away from where clients count them; ask no more."""
    secret = await secret_store.take_votes_of(ctx.db, person)
    voted_in = await store.list_polls_voted_in(ctx.db, person)
    asked = (ballots.MENU, date_ballots.MENU, secret_ballots.MENU)
    return [
        [CloseMenus(name=name, person=person) for name in asked],
        [await _void(ctx, poll, person) for poll in voted_in],
        forget_receipts(secret) if secret else None,
    ]


async def _void(ctx: Any_, poll: Poll, person: UserId) -> Effects:
    room = await ctx.room_of(poll.room) or Room(poll.room)
    native = [
        event for event, cast in (await store.list_native(ctx.db, poll.id)).items() if cast.voter == person
    ]
    await store.remove_votes_of(ctx.db, poll.id, person)
    may = room.may_redact_others(ctx.bot_id)
    hidden = [Redact(event=event, room=room.id) for event in native if may]
    return [hidden, await show_counts(ctx, poll)]


@plugin.items_old
async def forget(ctx: Any_, items: Sequence[str]) -> Sequence[str]:
    """Polls and their votes are kept as long as the school says; those still open to a day to come stay."""
    gone = await store.remove_polls(ctx.db, items, ctx.now)
    await secret_store.remove_secret_polls(ctx.db, gone)
    await outcomes.remove_outcomes(ctx.db, gone)
    return gone
