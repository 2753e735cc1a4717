"""What is ticked in a private ballot counts at once."""

from __future__ import annotations

from coedu_bot.api import Effects
from plugins.polls import ballots, store, views
from plugins.polls.registration import Chosen, plugin
from plugins.polls.store import Cast
from plugins.polls.voting import answered, check_voice, keep_vote

plugin.answer(on="menu")(answered)  # `1 3` while a ballot is open


@plugin.menu(ballots.MENU)
async def ticked(ctx: Chosen, choice: str) -> Effects:
    """One more answer, or one less; the last one allowed ends it."""
    poll = await store.get_poll(ctx.db, ctx.item) if ctx.item else None
    if poll is None:
        return None
    before = tuple(ctx.payload)
    if choice == ballots.DONE:
        return ctx.respond(views.receipt(poll, before), item=poll.id)
    await check_voice(ctx, poll, ctx.voted_at)
    answers = _toggled(before, choice)
    kept = await keep_vote(ctx, poll, Cast(ctx.event.event_id, ctx.actor.id, answers, ctx.voted_at))
    if len(answers) == poll.choices:
        return [kept, ctx.respond(views.receipt(poll, answers), item=poll.id)]
    return [kept, ballots.menu(poll, ctx.actor.id, answers)]


def _toggled(before: tuple[str, ...], choice: str) -> tuple[str, ...]:
    left = tuple(answer for answer in before if answer != choice)
    return left if choice in before else (*before, choice)
