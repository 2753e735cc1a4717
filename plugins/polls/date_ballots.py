"""Ballots of date polls: a message that says all, and a menu that asks one date after the other."""

from __future__ import annotations

from coedu_bot.api import Choice, CloseMenus, Effects, Menu, Priority, UserId, says
from plugins.polls import date_views, handing, store
from plugins.polls.date_domain import Answer, Answers, spans_of, standing
from plugins.polls.date_words import SIGNS
from plugins.polls.domain import Form, Poll
from plugins.polls.registration import Any_

MENU = "date-ballot"
SKIP = "skip"


async def hand_out(ctx: Any_, poll: Poll) -> Effects:
    """A ballot for everybody who has a voice; it waits for the end of their night."""
    if poll.form is not Form.DATES:
        return None
    return await handing.to_all(ctx, poll, hand_to)


async def hand_to(ctx: Any_, poll: Poll, person: UserId, priority: Priority = Priority.ANSWER) -> Effects:
    """The ballot of somebody, from the first date on."""
    room = await ctx.room_of(poll.room)
    author = "" if person == poll.author else await ctx.name_of(poll.author, poll.room)
    message = date_views.ballot(
        poll, ctx.label(room) if room else "", author, example(ctx, await ctx.language_of(person))
    )
    told = await handing.write(ctx, poll, person, message, priority, tuple(SIGNS))
    return [told, ask(poll, person, 1, await said_by(ctx, poll, person), priority)]


async def said_by(ctx: Any_, poll: Poll, person: UserId) -> Answers:
    """What somebody has answered so far."""
    stand = standing(poll, await store.list_votes(ctx.db, poll.id)).get(person)
    return {number: said.answer for number, said in stand.dates.items()} if stand else {}


def ask(
    poll: Poll, person: UserId, number: int, said: Answers, priority: Priority = Priority.ANSWER
) -> Effects:
    """Ask somebody about one date, with what they have said to it already; none comes after the last."""
    spans = spans_of(poll)
    if number > len(spans):
        return collect(poll, person)
    labels = {answer: says(f"dates-choice-{answer}") for answer in Answer}
    choices = [
        Choice(answer, says("poll-ticked", option=label) if said.get(number) is answer else label)
        for answer, label in labels.items()
    ]
    return Menu(
        person=person,
        name=MENU,
        question=[
            says("poll-line-open", item=poll.id, question=poll.question),
            says("dates-ask", number=number, of=len(spans), date=date_views.shown(spans[number - 1])),
        ],
        choices=[*choices, Choice(SKIP, says("dates-skip"))],
        item=poll.id,
        payload=number,
        priority=priority,
        waits=priority is Priority.LATER,
    )


def collect(poll: Poll, person: UserId | None = None) -> Effects:
    """No menu stays open, of somebody or at all."""
    return CloseMenus(name=MENU, item=poll.id, person=person) if poll.form is Form.DATES else None


async def withdraw(ctx: Any_, poll: Poll) -> Effects:
    """The poll goes: so do the ballots that were sent."""
    if poll.form is not Form.DATES:
        return None
    return [collect(poll), await handing.take_back(ctx, poll)]


def example(ctx: Any_, language: str = "") -> str:
    """What can be typed as an answer, `1 oui 2 peut-être`, in the words of a language or of the school's."""
    known = language or ctx.school.language
    yes, maybe = (ctx.vocabulary.words(f"choice-{one}", known)[0] for one in ("yes", "maybe"))
    return f"1 {yes} 2 {maybe}"
