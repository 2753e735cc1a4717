"""Ballots: private menus in which answers are ticked one after the other.

Several choices are always answered so; a native poll is, too, by those whom its reminder reaches.
"""

from __future__ import annotations

from coedu_bot.api import Choice, CloseMenus, Effects, Menu, Priority, Says, UserId, says
from plugins.polls import handing, store
from plugins.polls.domain import Form, Poll
from plugins.polls.registration import Any_

MENU = "ballot"
DONE = "done"


async def hand_out(ctx: Any_, poll: Poll) -> Effects:
    """A ballot for everybody who has a voice."""
    if poll.form is not Form.PRIVATE:
        return None
    return await handing.to_all(ctx, poll, ballot)


async def ballot(ctx: Any_, poll: Poll, person: UserId, priority: Priority = Priority.ANSWER) -> Menu:
    """The ballot of somebody, with what they have ticked already."""
    votes = [vote for vote in await store.list_votes(ctx.db, poll.id) if vote.voter == person]
    newest = max(votes, key=lambda one: (one.sent_at, one.position), default=None)
    return menu(poll, person, newest.answers if newest else (), priority)


def collect(poll: Poll, person: UserId | None = None) -> Effects:
    """No ballot stays open, of somebody or at all."""
    may_be_open = poll.form is Form.PRIVATE or (poll.form is Form.NATIVE and poll.reminded_at is not None)
    return CloseMenus(name=MENU, item=poll.id, person=person) if may_be_open else None


def menu(poll: Poll, person: UserId, ticked: tuple[str, ...], priority: Priority = Priority.ANSWER) -> Menu:
    """All answers at their numbers, the ticked ones marked, so that they can be unticked."""
    choices = [
        Choice(answer, says("poll-ticked", option=option) if answer in ticked else option)
        for answer, option in zip(poll.answers, poll.options, strict=True)
    ]
    done = [Choice(DONE, says("poll-ballot-done"))] if ticked else []
    return Menu(
        person=person,
        name=MENU,
        question=_question(poll, ticked),
        choices=[*choices, *done],
        item=poll.id,
        payload=list(ticked),
        priority=priority,
        waits=priority is Priority.LATER,
    )


def _question(poll: Poll, ticked: tuple[str, ...]) -> list[Says]:
    if ticked:
        chosen = [poll.options[int(answer) - 1] for answer in ticked]
        return [says("poll-ballot-more", item=poll.id, options=chosen)]
    asked = says("poll-ballot", item=poll.id, question=poll.question)
    return [asked, says("poll-choices", count=poll.choices)] if poll.choices > 1 else [asked]
