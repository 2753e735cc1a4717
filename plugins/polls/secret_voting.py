"""Votes in secret polls: given privately, once, and taken out of sight as soon as they are counted."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from coedu_bot.api import (
    Effects,
    Message,
    Priority,
    Redact,
    Refusal,
    UserId,
    fold,
    new_ref,
    says,
)
from plugins.polls import date_ballots, date_voting, secret_ballots, secret_store, secret_views, store
from plugins.polls.domain import Form, Poll, Voice, valid_choice
from plugins.polls.electing import voices
from plugins.polls.registration import Any_, Chosen, Ctx, plugin
from plugins.polls.secrecy import new_code
from plugins.polls.secret_store import SecretVote

_NUMBERS = re.compile(r"\d{1,2}(?:(?:\s*[,;+&]\s*|\s+)\d{1,2})*")


@plugin.menu(secret_ballots.MENU, secret=True)
async def chosen(ctx: Chosen, choice: str) -> Effects:
    """An entry of the ballot's menu, tapped or in words."""
    poll = await store.get_poll(ctx.db, ctx.item) if ctx.item else None
    return await cast(ctx, poll, (choice,), ctx.voted_at) if poll else None


@plugin.answer(on="poll.ballot")
async def answered(ctx: Ctx) -> Effects:
    """A reply to the ballot: the number, the words, or several numbers."""
    poll = await store.get_poll(ctx.db, ctx.about) if ctx.about else None
    if poll is None:
        return None
    if poll.form is Form.DATES:
        return await date_voting.answer_in_words(ctx, poll)
    return await vote_in_words(ctx, poll, ctx.text)


async def vote_in_words(ctx: Ctx, poll: Poll, typed: str) -> Effects:
    """`2` or an option's words; without any, somebody who looks for their ballot gets one."""
    sent_at = min(ctx.event.sent_at, ctx.now)
    if not typed.strip():
        await _free_voices(ctx, poll, sent_at)
        elsewhere = ctx.room.direct != ctx.actor.id
        told = ctx.reply("sent-privately", kind="sent-privately") if elsewhere else None
        return [await secret_ballots.hand_to(ctx, poll, ctx.actor.id), told]
    answers = _read(poll, typed)
    if ctx.room.direct != ctx.actor.id:
        return await _aloud(ctx, poll) if answers else None
    if not answers:
        options = [
            says("poll-option", number=number, option=option) for number, option in enumerate(poll.options, 1)
        ]
        raise Refusal("secret-unclear", example="", options=options)
    return await cast(ctx, poll, answers, sent_at)


async def cast(ctx: Ctx, poll: Poll, answers: tuple[str, ...], sent_at: datetime) -> Effects:
    """Keep one vote for every voice that its voter still has; what was sent is taken away."""
    free = await _free_voices(ctx, poll, sent_at)
    taken = {vote.code for vote in await secret_store.list_secret_votes(ctx.db, poll.id)}
    receipt, codes = new_ref(), list[str]()
    for voice in free:
        codes.append(new_code(secrets.choice, {*taken, *codes}))
        vote = SecretVote(voice, ctx.actor.id, answers, codes[-1], receipt)
        await secret_store.add_secret_vote(ctx.db, poll.id, vote)
    may = ctx.room.may_redact_others(ctx.bot_id)
    message = secret_views.receipt(poll, codes, stays=not may)
    return [
        secret_ballots.collect(poll, ctx.actor.id),
        ctx.tell(ctx.actor.id, message, item=poll.id, ref=receipt),
        Redact(event=ctx.event.event_id, room=ctx.room.id) if may else None,
    ]


async def _free_voices(ctx: Ctx, poll: Poll, sent_at: datetime) -> list[str]:
    """The voices that this person can still give; raises Refusal if there is none, or no more time."""
    if poll.is_over or not poll.takes_votes_of(sent_at):
        raise Refusal("poll-over", example="", item=poll.id)
    mine = (await voices(ctx, poll)).electorate.of(ctx.actor.id)
    if not mine:
        author = await ctx.name_of(poll.author, poll.room)
        raise Refusal("poll-no-voice", example="", item=poll.id, author=author)
    given = {vote.voice: vote.voter for vote in await secret_store.list_secret_votes(ctx.db, poll.id)}
    free = [voice for voice in mine if voice not in given]
    if not free:
        raise await _second_vote(ctx, poll, {given[voice] for voice in mine})
    return free


async def _second_vote(ctx: Ctx, poll: Poll, voters: set[UserId]) -> Refusal:
    """Another household learns only that there is a vote."""
    if ctx.actor.id in voters:
        return Refusal("secret-voted", example="", item=poll.id)
    if poll.voice is Voice.HOUSEHOLD:
        return Refusal("secret-voted-household", example="", item=poll.id)
    author = await ctx.name_of(poll.author, poll.room)
    return Refusal("poll-answered", example="", item=poll.id, author=author)


async def _aloud(ctx: Ctx, poll: Poll) -> Effects:
    """Said before the others it does not count; the ballot comes privately."""
    await _free_voices(ctx, poll, min(ctx.event.sent_at, ctx.now))
    may = ctx.room.may_redact_others(ctx.bot_id)
    told = Message("reply", (says("secret-aloud", item=poll.id),))
    return [
        Redact(event=ctx.event.event_id, room=ctx.room.id) if may else None,
        ctx.answer_privately(told, item=poll.id, priority=Priority.ANSWER),
        await secret_ballots.hand_to(ctx, poll, ctx.actor.id),
    ]


def _read(poll: Poll, typed: str) -> tuple[str, ...]:
    """The answers that a text means, none if it means none; what was typed is quoted nowhere."""
    text = typed.strip().rstrip(".!")
    if _NUMBERS.fullmatch(text):
        numbers = tuple(dict.fromkeys(str(int(number)) for number in re.findall(r"\d+", text)))
        return valid_choice(numbers, poll.answers, poll.choices) if len(numbers) <= poll.choices else ()
    words = [fold(option).strip() for option in poll.options]
    return (str(words.index(fold(text).strip()) + 1),) if fold(text).strip() in words else ()


@plugin.guardians_added
async def give_ballots(ctx: Any_, users: frozenset[UserId]) -> Effects:
    """A household that comes while a secret or a date poll is open votes too."""
    effects: list[Effects] = []
    for form, hand_to in ((Form.SECRET, secret_ballots.hand_to), (Form.DATES, date_ballots.hand_to)):
        for poll in await store.list_open_polls(ctx.db, form):
            known = await voices(ctx, poll)
            speakers = {one for who in known.electorate.voices.values() for one in who}
            effects += [await hand_to(ctx, poll, user, Priority.LATER) for user in sorted(users & speakers)]
    return effects
