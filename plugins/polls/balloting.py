"""What is ticked in a private ballot counts at once."""

from __future__ import annotations

import re

from coedu_bot.api import Effects
from plugins.polls import ballots, date_voting, store
from plugins.polls.casting import check_voice, keep_vote
from plugins.polls.domain import Form
from plugins.polls.registration import Chosen, Ctx, plugin
from plugins.polls.store import Cast
from plugins.polls.voting import acknowledgement, answered

_SEVERAL = re.compile(r"\d{1,2}(?:(?:\s*[,;+&]\s*|\s+)\d{1,2})+")


@plugin.answer(on="menu")
async def typed(ctx: Ctx) -> Effects:
    """`1 3` while a ballot is open, `1 oui 2 non` while a date is asked; None for anything else."""
    poll = await store.get_poll(ctx.db, ctx.about) if ctx.about else None
    if poll is not None and poll.form is Form.DATES:
        return await date_voting.answer_menu(ctx, poll)
    return await answered(ctx) if _SEVERAL.fullmatch(ctx.text.strip(" .!?…")) else None


@plugin.menu(ballots.MENU)
async def ticked(ctx: Chosen, choice: str) -> Effects:
    """One more answer, or one less; the last one allowed ends it."""
    poll = await store.get_poll(ctx.db, ctx.item) if ctx.item else None
    if poll is None:
        return None
    before = tuple(ctx.payload)
    if choice == ballots.DONE:
        return ctx.respond(await acknowledgement(ctx, poll, before), item=poll.id)
    await check_voice(ctx, poll, ctx.voted_at)
    answers = _toggled(before, choice)
    kept = await keep_vote(ctx, poll, Cast(ctx.event.event_id, ctx.actor.id, answers, ctx.voted_at))
    if len(answers) == poll.choices or not poll.is_open:
        return [kept, ctx.respond(await acknowledgement(ctx, poll, answers), item=poll.id)]
    return [kept, ballots.menu(poll, ctx.actor.id, answers)]


def _toggled(before: tuple[str, ...], choice: str) -> tuple[str, ...]:
    left = tuple(answer for answer in before if answer != choice)
    return left if choice in before else (*before, choice)
