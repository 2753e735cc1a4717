"""Ballots of secret polls: handed to everybody who has a voice, and taken back."""

from __future__ import annotations

from coedu_bot.api import Choice, CloseMenus, Effects, Menu, Priority, Redact, UserId, new_ref, says
from plugins.polls import secret_store, secret_views
from plugins.polls.domain import Form, Poll
from plugins.polls.electing import voices
from plugins.polls.registration import Any_

MENU = "secret-ballot"


async def hand_out(ctx: Any_, poll: Poll) -> Effects:
    """A ballot for everybody who has a voice; it waits for the end of their night."""
    if poll.form is not Form.SECRET:
        return None
    known = await voices(ctx, poll)
    people = sorted({one for who in known.electorate.voices.values() for one in who})
    return [await hand_to(ctx, poll, person, Priority.LATER) for person in people]


async def hand_to(ctx: Any_, poll: Poll, person: UserId, priority: Priority = Priority.ANSWER) -> Effects:
    """The ballot of somebody: a message that explains and, where one answer is asked, a menu."""
    room = await ctx.room_of(poll.room)
    ref, waits = new_ref(), priority is Priority.LATER
    await secret_store.mark_ballot(ctx.db, poll.id, person, ref)
    message = secret_views.ballot(poll, ctx.label(room) if room else "")
    told = ctx.tell(
        person,
        message,
        item=poll.id,
        version=poll.version,
        ref=ref,
        priority=priority,
        waits=waits,
        lapses_at=poll.until,
    )
    return [told, _menu(poll, person, priority, waits=waits) if poll.choices == 1 else None]


def _menu(poll: Poll, person: UserId, priority: Priority, *, waits: bool) -> Menu:
    return Menu(
        person=person,
        name=MENU,
        question=says("poll-line-open", item=poll.id, question=poll.question),
        choices=[Choice(answer, option) for answer, option in zip(poll.answers, poll.options, strict=True)],
        item=poll.id,
        priority=priority,
        waits=waits,
    )


def collect(poll: Poll, person: UserId | None = None) -> Effects:
    """No ballot stays open, of somebody or at all."""
    return CloseMenus(name=MENU, item=poll.id, person=person) if poll.form is Form.SECRET else None


async def withdraw(ctx: Any_, poll: Poll) -> Effects:
    """The poll goes: so do the ballots that were sent."""
    if poll.form is not Form.SECRET:
        return None
    sent = await secret_store.list_ballots(ctx.db, poll.id)
    return [collect(poll), [Redact(of=ref) for ref in sent.values()]]
