"""From what somebody typed to a poll: question and options, where, until when, whose voice."""

from __future__ import annotations

import re
from dataclasses import dataclass

from coedu_bot.api import Deadline, Missing, Refusal, Room, fold, says, split_choices
from plugins.polls.domain import FEWEST_OPTIONS, LONGEST_TEXT, MOST_OPTIONS, Form, Poll, Showing, Voice
from plugins.polls.registration import Any_, Ctx


@dataclass(frozen=True, slots=True)
class Options:
    """What can be said besides question and options."""

    to: tuple[str, ...] = ()
    choices: int | None = None
    ends: Deadline | None = None
    results: Showing | None = None
    voice: Voice | None = None
    quorum: int | None = None
    reminder: bool | None = None
    secret: bool | None = None


async def draft_of(ctx: Ctx, text: str, options: Options) -> Poll:
    """The poll that the command asks for, without an id; raises Refusal for what is missing or wrong."""
    question, answers = _read(text)
    room = await room_of(ctx, options.to)
    voice = options.voice or default_voice(ctx, room)
    check_voice_known(ctx, room, voice)
    poll = Poll(
        id="",
        author=ctx.actor.id,
        room=room.id,
        question=question,
        options=answers,
        form=_form(options),
        choices=_choices(options, len(answers)),
        voice=voice,
        showing=options.results or _showing(voice, secret=bool(options.secret)),
        until=options.ends,
        quorum=options.quorum or 0,
        reminds=bool(options.reminder),
    )
    await check_may_open(ctx, room)
    if poll.form is Form.SECRET and poll.showing is Showing.LIVE:
        raise Refusal("secret-results-live")
    if poll.reminds and poll.until is None:
        raise Refusal("poll-reminder-needs-end")
    return poll


async def is_sensitive(ctx: Any_, poll: Poll) -> bool:
    """Whether it touches what families may not want to say before others."""
    said = {_singular(word) for word in re.findall(r"\w+", fold(" ".join((poll.question, *poll.options))))}
    sensitive = ctx.settings_at(await ctx.room_of(poll.room)).sensitive
    return any(_singular(fold(word)) in said for word in sensitive)


def _singular(word: str) -> str:
    return word.removesuffix("s")


def check_voice_known(ctx: Ctx, room: Room, voice: Voice) -> None:
    """Raises Refusal for voices of families that nobody has named."""
    if voice is not Voice.PERSON and not _knows_families(ctx, room):
        raise Refusal("poll-no-families", room=ctx.label(room))


def default_voice(ctx: Ctx, room: Room) -> Voice:
    """As the school set it; else a household where households are known."""
    if not _knows_families(ctx, room):
        return Voice.PERSON
    return ctx.settings_at(room).voice or Voice.HOUSEHOLD


async def room_of(ctx: Ctx, words: tuple[str, ...], example: str = "example-poll-more") -> Room:
    """The one room of the poll: named, or where it was typed."""
    if words:
        rooms = await ctx.find_rooms(words)
        if len(rooms) > 1:
            raise Refusal("poll-one-room")
        return rooms[0]
    if ctx.room.direct is None:
        return ctx.room
    mine = await ctx.rooms_of(ctx.actor.id)
    if len(mine) == 1:
        return mine[0]
    offered = [ctx.label(room) for room in mine][:8]
    raise Missing("to", "poll-where", example=example, offered=offered or ["6B"])


async def check_may_open(ctx: Ctx, room: Room) -> None:
    """Raises Refusal naming the roles that may."""
    if not await ctx.actor_may("poll.open", room):
        roles = [says(f"role-{role}") for role in ctx.school.who_may("poll.open", room=room)]
        raise Refusal("no-right-there", example="", roles=roles, room=ctx.label(room))


def same_question(one: Poll, other: Poll) -> bool:
    """Whether they differ at most in what may change after the first vote."""
    fixed = ("question", "options", "form", "choices", "voice", "showing")
    return all(getattr(one, name) == getattr(other, name) for name in fixed)


def _read(text: str) -> tuple[str, tuple[str, ...]]:
    question, answers = split_choices(text)
    question = " ".join(question.split())
    if not question:
        raise Refusal("poll-no-question")
    if len(answers) < FEWEST_OPTIONS:
        raise Refusal("poll-few-options", count=len(answers))
    if len(answers) > MOST_OPTIONS:
        raise Refusal("poll-many-options", count=len(answers))
    if any(len(text) > LONGEST_TEXT for text in (question, *answers)):
        raise Refusal("poll-too-long", count=LONGEST_TEXT)
    if len({fold(answer) for answer in answers}) < len(answers):
        raise Refusal("poll-same-option")
    return question, tuple(answers)


def _form(options: Options) -> Form:
    if options.secret:
        return Form.SECRET
    return Form.PRIVATE if (options.choices or 1) > 1 else Form.NATIVE


def _choices(options: Options, of: int) -> int:
    wanted = 1 if options.choices is None else options.choices
    if not 1 <= wanted <= of:
        raise Refusal("poll-choices-wrong", choices=wanted, most=of)
    return wanted


def _showing(voice: Voice, *, secret: bool) -> Showing:
    return Showing.LIVE if voice is Voice.PERSON and not secret else Showing.AT_END


def _knows_families(ctx: Ctx, room: Room) -> bool:
    class_ = ctx.school.class_at(room)
    return class_ is not None and ctx.school.families.has_class(class_.id)
