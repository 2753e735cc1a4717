"""Ballots of secret polls: handed to everybody who has a voice, and taken back."""

from __future__ import annotations

from coedu_bot.api import Choice, CloseMenus, Effects, Menu, Priority, UserId, says
from plugins.polls import handing, secret_views
from plugins.polls.domain import Form, Poll
from plugins.polls.registration import Any_

MENU = "secret-ballot"


async def hand_out(ctx: Any_, poll: Poll) -> Effects:
    """A ballot for everybody who has a voice; it waits for the end of their night."""
    if poll.form is not Form.SECRET:
        return None
    return await handing.to_all(ctx, poll, hand_to)


async def hand_to(ctx: Any_, poll: Poll, person: UserId, priority: Priority = Priority.ANSWER) -> Effects:
    """The ballot of somebody: a message that explains and, where one answer is asked, a menu."""
    room = await ctx.room_of(poll.room)
    message = secret_views.ballot(poll, ctx.label(room) if room else "")
    told = await handing.write(ctx, poll, person, message, priority)
    return [told, _menu(poll, person, priority) if poll.choices == 1 else None]


def _menu(poll: Poll, person: UserId, priority: Priority) -> Menu:
    return Menu(
        person=person,
        name=MENU,
        question=says("poll-line-open", item=poll.id, question=poll.question),
        choices=[Choice(answer, option) for answer, option in zip(poll.answers, poll.options, strict=True)],
        item=poll.id,
        priority=priority,
        waits=priority is Priority.LATER,
    )


def collect(poll: Poll, person: UserId | None = None) -> Effects:
    """No ballot stays open, of somebody or at all."""
    return CloseMenus(name=MENU, item=poll.id, person=person) if poll.form is Form.SECRET else None


async def withdraw(ctx: Any_, poll: Poll) -> Effects:
    """The poll goes: so do the ballots that were sent."""
    if poll.form is not Form.SECRET:
        return None
    return [collect(poll), await handing.take_back(ctx, poll)]
