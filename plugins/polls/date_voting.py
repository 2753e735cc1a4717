"""Answers to dates: from the menu, in words, by a tap for all, or entered by staff; each counts at once."""

from __future__ import annotations

from collections.abc import Mapping

from coedu_bot.api import Code, Effects, Message, Refusal, fold
from plugins.polls import date_ballots, date_views, store
from plugins.polls.casting import (
    check_voice,
    enter_vote,
    for_whom,
    hidden,
    keep_vote,
    show_counts,
    tell_once,
)
from plugins.polls.date_domain import Answer, Answers, spans_of, standing, vote_of
from plugins.polls.date_words import SIGNS, read_answers
from plugins.polls.domain import Form, Poll, Voice
from plugins.polls.electing import voices
from plugins.polls.registration import Chosen, Ctx, Tap, plugin
from plugins.polls.store import Cast


@plugin.menu(date_ballots.MENU)
async def chosen(ctx: Chosen, choice: str) -> Effects:
    """One date is answered, or passed over; the next is asked."""
    poll = await store.get_poll(ctx.db, ctx.item) if ctx.item else None
    if poll is None:
        return None
    number = int(ctx.payload)
    kept: Effects = None
    if choice != date_ballots.SKIP:
        await check_voice(ctx, poll, ctx.voted_at)
        answers = {number: Answer(choice)}
        kept = await keep_vote(
            ctx, poll, Cast(ctx.event.event_id, ctx.actor.id, vote_of(answers), ctx.voted_at)
        )
    said = await date_ballots.said_by(ctx, poll, ctx.actor.id)
    if number < len(spans_of(poll)):
        return [kept, date_ballots.ask(poll, ctx.actor.id, number + 1, said)]
    told = await _another_was_first(ctx, poll)
    return [kept, told or (ctx.respond(_receipt(ctx, poll, said), item=poll.id) if said else None)]


async def vote_in_words(ctx: Ctx, poll: Poll, typed: str) -> Effects:
    """`voter D3 1 oui 2 peut-être`, maybe for a family; bare, whoever looks for their ballot gets one."""
    if not typed.strip():
        return await _fresh_ballot(ctx, poll)
    if (own := _read(ctx, poll, typed)) is not None:  # a word of an answer may mean "for", too
        return await _cast(ctx, poll, own)
    said, name = for_whom(ctx, typed)
    answers = _read(ctx, poll, said) if name else None
    if answers is None:
        raise _unclear(ctx, poll, typed)
    called, kept = await enter_vote(ctx, poll, vote_of(answers), name)
    message = date_views.receipt(poll, answers, "", noted_for=called)
    return [ctx.answer_privately(message, item=poll.id), kept]


async def answer_in_words(ctx: Ctx, poll: Poll) -> Effects:
    """A reply that is nothing but answers; anything else is talk, or in private a message to the author."""
    answers = _read(ctx, poll, ctx.text)
    if answers is not None:
        return await _cast(ctx, poll, answers)
    if ctx.room.direct is None or not ctx.text.strip()[:1].isdigit():
        return None
    raise _unclear(ctx, poll, ctx.text)


async def answer_menu(ctx: Ctx, poll: Poll) -> Effects:
    """Several answers at once while a date is asked; None where the text is something else."""
    answers = _read(ctx, poll, ctx.text)
    return None if answers is None else await _cast(ctx, poll, answers)


@plugin.tap("✅", on="poll.ballot")
@plugin.tap("🤷", on="poll.ballot")
@plugin.tap("❌", on="poll.ballot")
async def tapped(ctx: Tap) -> Effects:
    """The same answer to all dates, and its taking back."""
    poll = await store.get_poll(ctx.db, ctx.about) if ctx.about else None
    if poll is None or poll.form is not Form.DATES or ctx.room.direct != ctx.actor.id:
        return None
    if ctx.removed:
        return await _untapped(ctx, poll)
    await check_voice(ctx, poll, ctx.tapped_at)
    answers = dict.fromkeys(range(1, len(poll.options) + 1), SIGNS[ctx.key])
    kept = await keep_vote(ctx, poll, Cast(ctx.tapped, ctx.actor.id, vote_of(answers), ctx.tapped_at))
    return [kept, await _confirmed(ctx, poll)]


async def _untapped(ctx: Tap, poll: Poll) -> Effects:
    if not poll.is_open:
        return None
    await store.remove_vote(ctx.db, ctx.tapped)
    return await show_counts(ctx, poll)


async def _cast(ctx: Ctx, poll: Poll, answers: Answers) -> Effects:
    sent_at = min(ctx.event.sent_at, ctx.now)
    await check_voice(ctx, poll, sent_at)
    cast = Cast(ctx.handle or ctx.event.event_id, ctx.actor.id, vote_of(answers), sent_at)
    return [await keep_vote(ctx, poll, cast), await _confirmed(ctx, poll), hidden(ctx, poll)]


async def _confirmed(ctx: Ctx, poll: Poll) -> Effects:
    """All that somebody has said so far, privately; the menu has asked enough."""
    said = await date_ballots.said_by(ctx, poll, ctx.actor.id)
    told = await _another_was_first(ctx, poll)
    receipt = told or ctx.answer_privately(_receipt(ctx, poll, said), item=poll.id)
    return [date_ballots.collect(poll, ctx.actor.id), receipt]


async def _another_was_first(ctx: Ctx, poll: Poll) -> Effects:
    """Whose child's other household has answered is told so once, and no more."""
    if poll.voice is not Voice.PUPIL:
        return None
    known, stands = await voices(ctx, poll), standing(poll, await store.list_votes(ctx.db, poll.id))
    for voice in known.electorate.of(ctx.actor.id):
        who = [one for one in {voice, *known.electorate.voices[voice]} if one in stands]
        if who and min(who, key=lambda one: stands[one].first) != ctx.actor.id:
            return await tell_once(ctx, poll, "poll-answered")
    return None


async def _fresh_ballot(ctx: Ctx, poll: Poll) -> Effects:
    await check_voice(ctx, poll, min(ctx.event.sent_at, ctx.now))
    elsewhere = ctx.room.direct != ctx.actor.id
    told = ctx.reply("sent-privately", kind="sent-privately") if elsewhere else None
    return [await date_ballots.hand_to(ctx, poll, ctx.actor.id), told]


def _receipt(ctx: Ctx, poll: Poll, said: Answers) -> Message:
    word = ctx.word("vote", ctx.actor.language)
    no = ctx.vocabulary.words("choice-no", ctx.actor.language)[0]
    return date_views.receipt(poll, said, f"{word} {poll.id} 1 {no}")


def _read(ctx: Ctx, poll: Poll, typed: str) -> Answers | None:
    """The answers that a text means, none at all for `0`; None if it means something else."""
    if typed.strip().rstrip(".!") == "0":
        return {}
    return read_answers(fold(typed), _words(ctx), len(poll.options), ctx.vocabulary.choice_words("and"))


def _words(ctx: Ctx) -> Mapping[str, Answer]:
    known = {word: answer for answer in Answer for word in ctx.vocabulary.choice_words(answer)}
    return known | {fold(sign): answer for sign, answer in SIGNS.items()}


def _unclear(ctx: Ctx, poll: Poll, typed: str) -> Refusal:
    """What is not an answer, the dates, and a line that works when copied."""
    language = ctx.actor.language
    said = date_ballots.example(ctx, language)
    wanted = Code(f"{ctx.prefix}{ctx.word('vote', language)} {poll.id} {said}")
    dates = date_views.numbered(poll)
    return Refusal("dates-unclear", example="", typed=typed.strip(), dates=dates, wanted=wanted)
