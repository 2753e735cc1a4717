"""Ballots are handed to everybody who has a voice; those that are messages go with their poll."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from coedu_bot.api import Effects, Message, Priority, Redact, UserId, new_ref
from plugins.polls import ballot_store
from plugins.polls.domain import Poll
from plugins.polls.electing import voices
from plugins.polls.registration import Any_

HandTo = Callable[[Any_, Poll, UserId, Priority], Awaitable[Effects]]


async def to_all(ctx: Any_, poll: Poll, hand_to: HandTo) -> Effects:
    """A ballot for everybody who has a voice; it waits for the end of their night."""
    known = await voices(ctx, poll)
    people = sorted({one for who in known.electorate.voices.values() for one in who})
    return [await hand_to(ctx, poll, person, Priority.LATER) for person in people]


async def write(
    ctx: Any_, poll: Poll, person: UserId, message: Message, priority: Priority, offers: tuple[str, ...] = ()
) -> Effects:
    """Send a message that is somebody's ballot, and remember it."""
    ref = new_ref()
    await ballot_store.mark_ballot(ctx.db, poll.id, person, ref)
    return ctx.tell(
        person,
        message,
        item=poll.id,
        version=poll.version,
        ref=ref,
        offers=offers,
        priority=priority,
        waits=priority is Priority.LATER,
        lapses_at=poll.until,
    )


async def take_back(ctx: Any_, poll: Poll) -> Effects:
    """The ballots that were sent go."""
    sent = await ballot_store.list_ballots(ctx.db, poll.id)
    return [Redact(of=ref) for ref in sent.values()]
