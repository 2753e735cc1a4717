"""From what somebody typed to a date poll: each answer must be a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from coedu_bot.api import Days, Deadline, Point, Range, Refusal, split_choices
from plugins.polls.date_domain import Moment, Span, WholeDays, begins_on, is_past, read_span, written
from plugins.polls.domain import FEWEST_OPTIONS, LONGEST_TEXT, MOST_OPTIONS, Form, Poll, Showing, Voice
from plugins.polls.drafting import check_may_open, check_voice_known, default_voice, room_of
from plugins.polls.registration import Any_, Ctx

_KINDS = frozenset({Point, Days, Range})


@dataclass(frozen=True, slots=True)
class DateOptions:
    """What can be said besides question and dates."""

    to: tuple[str, ...] = ()
    ends: Deadline | None = None
    voice: Voice | None = None
    reminder: bool | None = None


async def draft_dates(ctx: Ctx, text: str, options: DateOptions) -> Poll:
    """The date poll that the command asks for, without an id; raises Refusal for what is missing or wrong."""
    question, spans = _read(ctx, text)
    room = await room_of(ctx, options.to, "example-dates-more")
    voice = options.voice or default_voice(ctx, room)
    check_voice_known(ctx, room, voice)
    await check_may_open(ctx, room)
    poll = Poll(
        id="",
        author=ctx.actor.id,
        room=room.id,
        question=question,
        options=tuple(written(span) for span in spans),
        form=Form.DATES,
        voice=voice,
        showing=Showing.LIVE,
        until=options.ends,
        reminds=bool(options.reminder),
    )
    check_end(ctx, poll)
    return poll


def check_end(ctx: Any_, poll: Poll) -> None:
    """Raises Refusal for an end that comes when all is over, and for a reminder of none."""
    if poll.reminds and poll.until is None:
        raise Refusal("poll-reminder-needs-end", example="example-dates-more")
    last = max((read_span(option) for option in poll.options), key=begins_on)
    if poll.until is not None and is_past(last, poll.until.astimezone(zone_of(ctx, last))):
        raise Refusal("dates-end-late", example="example-dates-more", until=poll.until)


def zone_of(ctx: Any_, span: Span) -> ZoneInfo:
    """Whose clock a date is on."""
    zone = span.begins.tzinfo if isinstance(span, Moment) else None
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo(ctx.school.zone)


def _read(ctx: Ctx, text: str) -> tuple[str, tuple[Span, ...]]:
    question, typed = split_choices(text)
    question = " ".join(question.split())
    if not question:
        raise Refusal("dates-no-question")
    if len(typed) < FEWEST_OPTIONS:
        raise Refusal("dates-few", count=len(typed))
    if len(typed) > MOST_OPTIONS:
        raise Refusal("poll-many-options", count=len(typed))
    if len(question) > LONGEST_TEXT:
        raise Refusal("poll-too-long", count=LONGEST_TEXT)
    spans = tuple(_span(ctx, number, one) for number, one in enumerate(typed, 1))
    for number, span in enumerate(spans):
        if span in spans[:number]:
            raise Refusal("dates-same", typed=typed[number], other=typed[spans.index(span)])
    return question, spans


def _span(ctx: Ctx, number: int, typed: str) -> Span:
    """One option; raises Refusal that names it, with what is wrong about it."""
    try:
        value = ctx.dates.whole(typed, _KINDS)
    except Refusal as refusal:
        raise Refusal("dates-wrong", number=number, typed=typed, reason=refusal.says) from refusal
    match value:
        case Point():
            return Moment(_aware(value))
        case Range(first, last, None):
            return Moment(_aware(first), _aware(last))
        case Days(first, last):
            return WholeDays(first, last)
        case _:
            raise Refusal("dates-in-steps", number=number, typed=typed)


def _aware(point: Point) -> datetime:
    return point.wall.replace(tzinfo=ZoneInfo(point.zone))
