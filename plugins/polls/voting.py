"""Votes: on the native poll, in words, and those that staff enter for a family."""

from __future__ import annotations

import re
from datetime import datetime

from coedu_bot.api import Effects, ItemId, Message, Priority, React, Redact, Refusal, Says, fold, says
from plugins.polls import asking, ballots, secret_voting, store, views
from plugins.polls.domain import Form, Poll, Showing, Voice, Vote, speaker, stands
from plugins.polls.electing import Voices, voices
from plugins.polls.opening import existing
from plugins.polls.registration import Any_, Ballot, Ctx, plugin
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
    if not poll.is_open:
        return None
    refused = await _refused(ctx, poll)
    cast = Cast(ctx.voted, ctx.actor.id, ctx.answers, ctx.voted_at, ctx.spoiled, native=True)
    await store.add_vote(ctx.db, poll.id, cast)
    return refused


@plugin.command("vote <item> [choice...]", becomes="poll")
async def vote(ctx: Ctx, item: ItemId, choice: str) -> Effects:
    """Answer in words, for oneself or (staff) for a family without a telephone."""
    poll = await existing(ctx, item)
    said, name = _for_whom(ctx, choice)
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
    if poll is None or ctx.handle is None or not poll.is_open:
        return None
    await store.remove_vote(ctx.db, ctx.handle)
    return await _shown(ctx, poll)


@plugin.answer(on="poll")
@plugin.answer(on="poll.reminder")
async def answered(ctx: Ctx) -> Effects:
    """A reply that is nothing but a number or an option is a vote; anything else is talk."""
    poll = await store.get_poll(ctx.db, ctx.about) if ctx.about else None
    if poll is None or not poll.is_open:
        return None
    if poll.form is Form.SECRET:
        return await secret_voting.vote_in_words(ctx, poll, ctx.text)
    try:
        answers = read_choice(poll, ctx.text)
    except Refusal:
        if ctx.room.direct is None:
            return None
        raise
    return await cast_vote(ctx, poll, answers)


async def _vote_secretly(ctx: Ctx, poll: Poll, said: str, name: str) -> Effects:
    if name:
        raise Refusal("secret-no-proxy", example="", item=poll.id)
    return await secret_voting.vote_in_words(ctx, poll, said)


async def cast_vote(ctx: Ctx, poll: Poll, answers: tuple[str, ...]) -> Effects:
    """One person's answer, in words."""
    sent_at = min(ctx.event.sent_at, ctx.now)
    await check_voice(ctx, poll, sent_at)
    refused = await _refused(ctx, poll)
    kept = await keep_vote(ctx, poll, Cast(ctx.handle or ctx.event.event_id, ctx.actor.id, answers, sent_at))
    receipt = refused or _receipt(ctx, poll, answers)
    return [ballots.collect(poll, ctx.actor.id), receipt, _hidden(ctx, poll), kept]


async def _ballot(ctx: Ctx, poll: Poll) -> Effects:
    """A fresh ballot for who asks for one."""
    await check_voice(ctx, poll, min(ctx.event.sent_at, ctx.now))
    elsewhere = ctx.room.direct != ctx.actor.id
    told = ctx.reply("sent-privately", kind="sent-privately") if elsewhere else None
    return [await ballots.ballot(ctx, poll, ctx.actor.id), told]


async def check_voice(ctx: Ctx, poll: Poll, at: datetime) -> None:
    """Raises Refusal where an answer of this moment, or of this person, does not count."""
    if not poll.is_open or not poll.takes_votes_of(at):
        raise Refusal("poll-over", example="", item=poll.id)
    if not (await voices(ctx, poll)).electorate.of(ctx.actor.id):
        author = await ctx.name_of(poll.author, poll.room)
        raise Refusal("poll-no-voice", example="", item=poll.id, author=author)


async def keep_vote(ctx: Ctx, poll: Poll, cast: Cast) -> Effects:
    """Keep an answer, in the place of what the same message said before; the room sees the counts."""
    await store.remove_vote(ctx.db, cast.event)
    await store.add_vote(ctx.db, poll.id, cast)
    return await _shown(ctx, poll)


async def _vote_for(ctx: Ctx, poll: Poll, answers: tuple[str, ...], name: str) -> Effects:
    room = await ctx.room_of(poll.room)
    if room is None or not await ctx.actor_may("poll.proxy", room):
        roles = [says(f"role-{role}") for role in ctx.school.who_may("poll.proxy", room=room or ctx.room)]
        raise Refusal("no-right", example="", roles=roles)
    if not poll.is_open or not poll.takes_votes_of(ctx.now):
        raise Refusal("poll-over", example="", item=poll.id)
    known = await voices(ctx, poll)
    voice = known.find(name)
    if voice is None:
        raise Refusal("poll-voice-unknown", typed=name, item=poll.id)
    sent_at = min(ctx.event.sent_at, ctx.now)
    cast = Cast(ctx.handle or ctx.event.event_id, voice, answers, sent_at, noted_by=ctx.actor.name)
    kept = await keep_vote(ctx, poll, cast)
    message = views.receipt(poll, answers, noted_for=known.names[voice])
    hide = Redact(event=ctx.handle, room=ctx.room.id) if _may_hide(ctx) else None
    return [ctx.answer_privately(message, item=poll.id), hide, kept]


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


def _for_whom(ctx: Ctx, text: str) -> tuple[str, str]:
    """`2 pour Petit` is what Petit said."""
    words = text.split()
    for place, word in enumerate(words):
        if place and fold(word) in ctx.vocabulary.choice_words("for"):
            return " ".join(words[:place]), " ".join(words[place + 1 :])
    return text, ""


async def _refused(ctx: Ctx, poll: Poll) -> Effects:
    """Who has no voice here, or whose child's other household was first, is told so once, privately."""
    known = await voices(ctx, poll)
    mine = known.electorate.of(ctx.actor.id)
    if not mine:
        return await _tell_once(ctx, poll, "poll-no-voice")
    if poll.voice is not Voice.PUPIL:
        return None
    votes = await store.list_votes(ctx.db, poll.id)
    first = {_speaker(poll, known, votes, voice) for voice in mine}
    return await _tell_once(ctx, poll, "poll-answered") if first - {None, ctx.actor.id} else None


def _speaker(poll: Poll, known: Voices, votes: list[Vote], voice: str) -> str | None:
    speakers = {voice, *known.electorate.voices[voice]}
    return speaker(poll.voice, speakers, stands(poll, votes))


async def _tell_once(ctx: Ctx, poll: Poll, key: str) -> Effects:
    if not await store.mark_told(ctx.db, poll.id, ctx.actor.id, key):
        return None
    author = await ctx.name_of(poll.author, poll.room)
    message = Message("reply", (says(key, item=poll.id, author=author),))
    return ctx.tell(ctx.actor.id, message, item=poll.id, priority=Priority.ANSWER)


def _receipt(ctx: Ctx, poll: Poll, answers: tuple[str, ...]) -> Effects:
    """In private in words; before others a tick says enough, and only where the vote was open anyway."""
    if ctx.room.direct is None and poll.form is Form.NATIVE:
        return React(key="✅", event=ctx.event.event_id, room=ctx.room.id)
    return ctx.answer_privately(views.receipt(poll, answers), item=poll.id)


def _hidden(ctx: Ctx, poll: Poll) -> Effects:
    """What was meant to be private is taken out of a shared room."""
    if poll.form is Form.NATIVE or not _may_hide(ctx):
        return None
    return Redact(event=ctx.event.event_id, room=ctx.room.id)


def _may_hide(ctx: Ctx) -> bool:
    return ctx.room.direct is None and ctx.room.may_redact_others(ctx.bot_id)


async def _shown(ctx: Any_, poll: Poll) -> Effects:
    """Where votes are private, the room shows the counts as they come."""
    private = poll.form is Form.PRIVATE and poll.showing is Showing.LIVE
    return await asking.renew(ctx, poll) if private else None
