"""What all answers to polls have in common: whose count, and when; how they are kept, shown and hidden."""

from __future__ import annotations

from datetime import datetime

from coedu_bot.api import Effects, Message, Priority, Redact, Refusal, fold, says
from plugins.polls import asking, store
from plugins.polls.domain import Form, Poll
from plugins.polls.electing import voices
from plugins.polls.registration import Any_, Ctx
from plugins.polls.store import Cast


async def check_voice(ctx: Ctx, poll: Poll, at: datetime) -> None:
    """Raises Refusal where an answer of this moment, or of this person, does not count."""
    check_in_time(poll, at)
    if not (await voices(ctx, poll)).electorate.of(ctx.actor.id):
        author = await ctx.name_of(poll.author, poll.room)
        raise Refusal("poll-no-voice", example="", item=poll.id, author=author)


def check_in_time(poll: Poll, at: datetime) -> None:
    """Raises Refusal for an answer that was given after the end, or when all is counted."""
    if poll.is_over or not poll.takes_votes_of(at):
        raise Refusal("poll-over", example="", item=poll.id)


async def keep_vote(ctx: Ctx, poll: Poll, cast: Cast) -> Effects:
    """Keep an answer, in the place of what the same message said before; the room sees the counts."""
    await store.remove_vote(ctx.db, cast.event)
    await store.add_vote(ctx.db, poll.id, cast)
    return await show_counts(ctx, poll)


async def enter_vote(ctx: Ctx, poll: Poll, answers: tuple[str, ...], name: str) -> tuple[str, Effects]:
    """Staff say what a family without a telephone answers; returns how the voice is called.

    Raises Refusal.
    """
    room = await ctx.room_of(poll.room)
    if room is None or not await ctx.actor_may("poll.proxy", room):
        roles = [says(f"role-{role}") for role in ctx.school.who_may("poll.proxy", room=room or ctx.room)]
        raise Refusal("no-right", example="", roles=roles)
    sent_at = min(ctx.event.sent_at, ctx.now)
    check_in_time(poll, sent_at)
    known = await voices(ctx, poll)
    voice = known.find(name)
    if voice is None:
        raise Refusal("poll-voice-unknown", example="example-vote-more", typed=name, item=poll.id)
    cast = Cast(ctx.handle or ctx.event.event_id, voice, answers, sent_at, noted_by=ctx.actor.name)
    hide = Redact(event=ctx.handle, room=ctx.room.id) if _may_hide(ctx) else None
    return known.names[voice], [await keep_vote(ctx, poll, cast), hide]


def for_whom(ctx: Ctx, text: str) -> tuple[str, str]:
    """`2 pour Petit` is what Petit said."""
    words = text.split()
    for place, word in enumerate(words):
        if place and fold(word) in ctx.vocabulary.choice_words("for"):
            return " ".join(words[:place]), " ".join(words[place + 1 :])
    return text, ""


async def tell_once(ctx: Ctx, poll: Poll, key: str) -> Effects:
    """Tell a voter something about their voice, the first time only."""
    if not await store.mark_told(ctx.db, poll.id, ctx.actor.id, key):
        return None
    author = await ctx.name_of(poll.author, poll.room)
    message = Message("reply", (says(key, item=poll.id, author=author),))
    return ctx.tell(ctx.actor.id, message, item=poll.id, priority=Priority.ANSWER)


def hidden(ctx: Ctx, poll: Poll) -> Effects:
    """What was meant to be private is taken out of a shared room."""
    if poll.form is Form.NATIVE or not _may_hide(ctx):
        return None
    return Redact(event=ctx.event.event_id, room=ctx.room.id)


async def show_counts(ctx: Any_, poll: Poll) -> Effects:
    """Where votes are private, the room shows the counts as they come."""
    return await asking.renew(ctx, poll) if poll.shows_counts else None


def _may_hide(ctx: Ctx) -> bool:
    return ctx.room.direct is None and ctx.room.may_redact_others(ctx.bot_id)
