"""Votes: on the native poll, in words, and those that staff enter for a family."""

from __future__ import annotations

import re

from coedu_bot.api import Effects, ItemId, Message, React, Refusal, Says, fold, says
from plugins.polls import ballots, date_voting, secret_voting, store, views
from plugins.polls.casting import (
    check_voice,
    enter_vote,
    for_whom,
    hidden,
    keep_vote,
    show_counts,
    tell_once,
)
from plugins.polls.domain import Form, Poll, Voice, Vote, speaker, stands
from plugins.polls.electing import Voices, voices
from plugins.polls.opening import existing
from plugins.polls.registration import Ballot, Ctx, plugin
from plugins.polls.store import Cast

_NUMBERS = re.compile(r"\d{1,2}(?:(?:\s*[,;+&]\s*|\s+)\d{1,2})*")


@plugin.vote(on="poll")
async def voted(ctx: Ballot) -> Effects:
    """An answer to the native poll: always kept, counted by the rules when counted."""
    poll = await store.get_poll(ctx.db, ctx.about) if ctx.about else None
    if poll is None or poll.ref != ctx.ref:
        return None
    if ctx.removed:
        await store.remove_vote(ctx.db, ctx.voted)
        return None
    if poll.is_over or not poll.takes_votes_of(ctx.voted_at):
        return None
    refused = await _refused(ctx, poll)
    cast = Cast(ctx.voted, ctx.actor.id, ctx.answers, ctx.voted_at, ctx.spoiled, native=True)
    await store.add_vote(ctx.db, poll.id, cast)
    return [refused, ballots.collect(poll, ctx.actor.id)]


@plugin.command("vote <item> [choice...]", becomes="poll")
async def vote(ctx: Ctx, item: ItemId, choice: str) -> Effects:
    """Answer in words, for oneself or (staff) for a family without a telephone."""
    poll = await existing(ctx, item)
    try:
        return await _vote_in_words(ctx, poll, choice)
    except Refusal as refusal:
        # what names a family, or was to stay between us, is repeated to nobody else
        refusal.privately |= bool(for_whom(ctx, choice)[1]) or poll.form is not Form.NATIVE
        raise


async def _vote_in_words(ctx: Ctx, poll: Poll, choice: str) -> Effects:
    if poll.form is Form.DATES:
        return await date_voting.vote_in_words(ctx, poll, choice)
    said, name = for_whom(ctx, choice)
    if poll.form is Form.SECRET:
        return await _vote_secretly(ctx, poll, said, name)
    if poll.form is not Form.NATIVE and not choice.strip():
        return await _ballot(ctx, poll)
    answers = read_choice(poll, said)
    if name:
        return await _vote_for(ctx, poll, answers, name)
    return await cast_vote(ctx, poll, answers)


@plugin.unsaid("vote")
async def unsaid(ctx: Ctx) -> Effects:
    """The message with the answer is gone, so the answer is too; the one before counts again."""
    poll = await store.get_poll_of_vote(ctx.db, ctx.handle) if ctx.handle else None
    if poll is None or ctx.handle is None or poll.is_over:
        return None
    await store.remove_vote(ctx.db, ctx.handle)
    return await show_counts(ctx, poll)


@plugin.answer(on="poll")
@plugin.answer(on="poll.reminder")
async def answered(ctx: Ctx) -> Effects:
    """A reply that is nothing but a number or an option is a vote; anything else is talk."""
    poll = await store.get_poll(ctx.db, ctx.about) if ctx.about else None
    if poll is None or poll.is_over:
        return None
    if poll.form is Form.SECRET:
        return await secret_voting.vote_in_words(ctx, poll, ctx.text)
    if poll.form is Form.DATES:
        return await date_voting.answer_in_words(ctx, poll)
    try:
        answers = read_choice(poll, ctx.text)
    except Refusal:
        if ctx.room.direct is None:
            return None
        raise
    return await cast_vote(ctx, poll, answers)


@plugin.answer(on="poll.receipt")
async def changed(ctx: Ctx) -> Effects:
    """In reply to a receipt an answer changes what was noted; anything else is a message to the author."""
    poll = await store.get_poll(ctx.db, ctx.about) if ctx.about else None
    if poll is None or poll.is_over or poll.form is Form.SECRET:
        return None
    if poll.form is Form.DATES:
        return await date_voting.answer_in_words(ctx, poll)
    try:
        return await cast_vote(ctx, poll, read_choice(poll, ctx.text))
    except Refusal:
        return None


async def _vote_secretly(ctx: Ctx, poll: Poll, said: str, name: str) -> Effects:
    if name:
        raise Refusal("secret-no-proxy", example="", item=poll.id)
    return await secret_voting.vote_in_words(ctx, poll, said)


async def cast_vote(ctx: Ctx, poll: Poll, answers: tuple[str, ...]) -> Effects:
    """One person's answer, in words."""
    sent_at = min(ctx.event.sent_at, ctx.now)
    await check_voice(ctx, poll, sent_at)
    kept = await keep_vote(ctx, poll, Cast(ctx.handle or ctx.event.event_id, ctx.actor.id, answers, sent_at))
    return [
        ballots.collect(poll, ctx.actor.id),
        await _receipt(ctx, poll, answers),
        hidden(ctx, poll),
        kept,
    ]


async def _ballot(ctx: Ctx, poll: Poll) -> Effects:
    """A fresh ballot for who asks for one."""
    await check_voice(ctx, poll, min(ctx.event.sent_at, ctx.now))
    elsewhere = ctx.room.direct != ctx.actor.id
    told = ctx.reply("sent-privately", kind="sent-privately") if elsewhere else None
    return [await ballots.ballot(ctx, poll, ctx.actor.id), told]


async def _vote_for(ctx: Ctx, poll: Poll, answers: tuple[str, ...], name: str) -> Effects:
    called, kept = await enter_vote(ctx, poll, answers, name)
    message = views.receipt(poll, answers, noted_for=called)
    return [ctx.answer_privately(message, item=poll.id), kept]


def read_choice(poll: Poll, typed: str) -> tuple[str, ...]:
    """Numbers (`2`, `1 3`), or an option's own words; `0` for none. Raises Refusal."""
    text = typed.strip().rstrip(".!")
    if text == "0":
        return ()
    if _NUMBERS.fullmatch(text):
        answers = tuple(str(int(number)) for number in re.findall(r"\d+", text))
    else:
        words = [fold(option).strip() for option in poll.options]
        answers = (str(words.index(fold(text).strip()) + 1),) if fold(text).strip() in words else ()
    if not answers or any(answer not in poll.answers for answer in answers):
        raise Refusal("poll-choice-unknown", example="", typed=typed.strip() or "…", options=_numbered(poll))
    if len(set(answers)) > poll.choices:
        raise Refusal("poll-too-many", example="", count=poll.choices)
    return tuple(dict.fromkeys(answers))


def _numbered(poll: Poll) -> list[Says]:
    return [
        says("poll-option", number=number, option=option) for number, option in enumerate(poll.options, 1)
    ]


async def _refused(ctx: Ctx, poll: Poll) -> Effects:
    """Who has no voice here, or whose child's other household was first, is told so once, privately."""
    known = await voices(ctx, poll)
    if not known.electorate.of(ctx.actor.id):
        return await tell_once(ctx, poll, "poll-no-voice")
    forestalled = await _is_forestalled(ctx, poll, known)
    return await tell_once(ctx, poll, "poll-answered") if forestalled else None


async def _is_forestalled(ctx: Ctx, poll: Poll, known: Voices) -> bool:
    """Whether the child's other household was first."""
    if poll.voice is not Voice.PUPIL:
        return False
    votes = await store.list_votes(ctx.db, poll.id)
    first = {_speaker(poll, known, votes, voice) for voice in known.electorate.of(ctx.actor.id)}
    return bool(first - {None, ctx.actor.id})


def _speaker(poll: Poll, known: Voices, votes: list[Vote], voice: str) -> str | None:
    speakers = {voice, *known.electorate.voices[voice]}
    return speaker(poll.voice, speakers, stands(poll, votes))


async def _receipt(ctx: Ctx, poll: Poll, answers: tuple[str, ...]) -> Effects:
    """In private in words; before others a tick says enough, and only where the vote was open anyway."""
    noted = await acknowledgement(ctx, poll, answers)
    if ctx.room.direct is None and poll.form is Form.NATIVE and noted.kind == "poll.receipt":
        return React(key="✅", event=ctx.event.event_id, room=ctx.room.id)
    return ctx.answer_privately(noted, item=poll.id)


async def acknowledgement(ctx: Ctx, poll: Poll, answers: tuple[str, ...]) -> Message:
    """What was noted for somebody; or that an answer of the child's other household stands."""
    if await _is_forestalled(ctx, poll, await voices(ctx, poll)):
        author = await ctx.name_of(poll.author, poll.room)
        return Message("reply", (says("poll-answered", item=poll.id, author=author),))
    return views.receipt(poll, answers)
