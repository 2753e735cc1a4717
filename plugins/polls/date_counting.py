"""How a date poll stands: as its answers say, and once it has ended as it was counted then."""

from __future__ import annotations

from plugins.polls import outcomes, store
from plugins.polls.date_domain import DateTally, kept_counts, read_counts, tally_dates
from plugins.polls.domain import Poll, Tally
from plugins.polls.electing import voices
from plugins.polls.registration import Any_


async def counted(ctx: Any_, poll: Poll) -> DateTally:
    """The counts; who comes or leaves after the end changes none of them."""
    ended = await outcomes.get_outcome(ctx.db, poll.id)
    if ended is not None:
        return DateTally(read_counts(ended.counts, len(poll.options)), ended.voted, ended.all)
    known = await voices(ctx, poll)
    return tally_dates(poll, await store.list_votes(ctx.db, poll.id), known.electorate)


async def keep_counts(ctx: Any_, poll: Poll) -> DateTally:
    """Count for good, at the end."""
    tally = await counted(ctx, poll)
    await outcomes.add_outcome(ctx.db, poll.id, Tally(kept_counts(tally), tally.voted, tally.all))
    return tally
