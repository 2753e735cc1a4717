"""What people see of a date poll, from text keys; dates are put into every reader's language and zone."""

from __future__ import annotations

from collections.abc import Sequence

from coedu_bot.api import Block, Bullets, Code, Day, Hour, Message, Says, ShortDay, When, Written, says
from plugins.polls.date_domain import Answer, Answers, DateTally, Moment, Span, WholeDays, spans_of
from plugins.polls.domain import Poll, State, Voice


def shown(span: Span) -> Says:
    """A date in full, with its year."""
    if isinstance(span, WholeDays):
        return _days(Day(span.first), Day(span.last), span)
    return _moment(span.begins, span)


def briefly(span: Span) -> Says:
    """A date without its year, for lists."""
    if isinstance(span, WholeDays):
        return _days(ShortDay(span.first), ShortDay(span.last), span)
    return _moment(When(span.begins), span)


def _moment(begins: object, span: Moment) -> Says:
    if span.ends is None:
        return says("dates-at", begins=begins)
    same_day = span.begins.date() == span.ends.date()
    return says("dates-hours", begins=begins, ends=Hour(span.ends) if same_day else When(span.ends))


def _days(first: object, last: object, span: WholeDays) -> Says:
    return (
        says("dates-at", begins=first)
        if span.first == span.last
        else says("dates-days", first=first, last=last)
    )


def companion(poll: Poll, tally: DateTally, example: str) -> Message:
    """What the room reads, in all its languages: the dates, how many can come when, how to answer."""
    counts = (Bullets(count_lines(poll, tally)), says("dates-legend"), voted(poll, tally))
    lines: list[Says] = [] if poll.until is None else [says("poll-until", at=When(poll.until))]
    if poll.voice is not Voice.PERSON:
        lines.append(says(f"poll-voice-{poll.voice}"))
    lines += [says("poll-how-private", example=Code(example)), says("dates-numbers-only")]
    how = (Bullets(tuple(lines)),) if poll.is_open else ()
    return Message("poll", (_head(poll), Written(f"**{poll.question}**"), *counts, *how), rings=True)


def _head(poll: Poll) -> Says:
    if poll.chosen is not None and poll.state is State.CLOSED:
        return says("dates-fixed", item=poll.id, date=shown(spans_of(poll)[poll.chosen - 1]))
    return says("dates-head" if poll.is_open else "dates-over", item=poll.id)


def count_lines(poll: Poll, tally: DateTally) -> tuple[Says, ...]:
    """A line for each date: how many can, could if need be, cannot."""
    return tuple(
        says(
            "dates-line",
            number=str(number),
            date=briefly(span),
            yes=counts[Answer.YES],
            maybe=counts[Answer.MAYBE],
            no=counts[Answer.NO],
        )
        for number, (span, counts) in enumerate(zip(spans_of(poll), tally.counts, strict=True), 1)
    )


def voted(poll: Poll, tally: DateTally) -> Says:
    """How many voices of how many."""
    return says(f"poll-voted-{poll.voice}", count=tally.voted, all=tally.all)


def ballot(poll: Poll, room: str, author: str, example: str) -> Message:
    """What everybody who has a voice is asked privately; with an `author`, who will see what they say."""
    lines: list[Says] = [] if poll.until is None else [says("poll-until", at=When(poll.until))]
    lines += [says("dates-how", example=Code(example)), says("dates-tap-all")]
    if author:
        lines.append(says("dates-who-sees", author=author))
    blocks = (says("dates-ballot", item=poll.id, room=room), *asked(poll), Bullets(tuple(lines)))
    return Message("poll.ballot", blocks, rings=True)


def asked(poll: Poll) -> tuple[Block, ...]:
    """The question and the dates in full."""
    return Written(f"**{poll.question}**"), Bullets(numbered(poll))


def numbered(poll: Poll) -> tuple[Says, ...]:
    """The dates with their numbers."""
    return tuple(
        says("poll-option", number=number, option=shown(span))
        for number, span in enumerate(spans_of(poll), 1)
    )


def receipt(poll: Poll, answers: Answers, example: str, noted_for: str = "") -> Message:
    """To somebody who answered, or entered somebody else's answer: all that is noted now."""
    if not answers:
        key = "poll-noted-none" if noted_for else "poll-withdrawn"
        return Message("poll.receipt", (says(key, item=poll.id, name=noted_for),))
    spans = spans_of(poll)
    lines = tuple(
        says(
            "dates-said",
            number=str(number),
            date=briefly(spans[number - 1]),
            answer=says(f"dates-answer-{answer}"),
        )
        for number, answer in sorted(answers.items())
    )
    head = says("dates-noted" if noted_for else "dates-receipt", item=poll.id, name=noted_for)
    more = () if noted_for else (says("dates-change", example=Code(example)),)
    return Message("poll.receipt", (head, Bullets(lines), *more))


def proposal(poll: Poll, tally: DateTally, best: int | None, example: str) -> Message:
    """To the author at the end: how it stands, and which date suits most."""
    suits = says("dates-none-suits")
    if best is not None:
        suits = says("dates-best", date=shown(spans_of(poll)[best - 1]))
    blocks = (
        says("dates-over", item=poll.id),
        Written(f"**{poll.question}**"),
        Bullets(count_lines(poll, tally)),
        says("dates-legend"),
        voted(poll, tally),
        suits,
        says("dates-choose-how", example=Code(example)),
    )
    return Message("poll.result", blocks, rings=True)


def result(poll: Poll, tally: DateTally, *, moved: bool) -> Message:
    """What the room reads when the date is fixed."""
    assert poll.chosen is not None
    date = shown(spans_of(poll)[poll.chosen - 1])
    blocks = (
        says("dates-moved" if moved else "dates-fixed", item=poll.id, date=date),
        Written(f"**{poll.question}**"),
        Bullets(count_lines(poll, tally)),
        says("dates-legend"),
        voted(poll, tally),
    )
    return Message("poll.result", blocks, rings=True)


def current(poll: Poll, tally: DateTally) -> Message:
    """How it stands, for who asks."""
    head = says("poll-current", item=poll.id) if poll.is_open else _head(poll)
    counts = (Bullets(count_lines(poll, tally)), says("dates-legend"), voted(poll, tally))
    return Message("poll.result", (head, Written(f"**{poll.question}**"), *counts))


def reminder(poll: Poll, room: str, example: str) -> Message:
    """A day before the end, to those who have not answered."""
    assert poll.until is not None
    head = says("poll-reminder", room=room, at=When(poll.until))
    return Message(
        "poll.reminder", (head, *asked(poll), says("dates-how", example=Code(example))), rings=True
    )


def choices(poll: Poll, tally: DateTally, best: int | None) -> Sequence[tuple[str, Says]]:
    """Each date as the author reads it when they choose one: number and label."""
    return [
        (
            str(number),
            says(
                "dates-choice-best" if number == best else "dates-choice",
                date=briefly(span),
                yes=counts[Answer.YES],
                maybe=counts[Answer.MAYBE],
            ),
        )
        for number, (span, counts) in enumerate(zip(spans_of(poll), tally.counts, strict=True), 1)
    ]
