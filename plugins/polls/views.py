"""What people see of a poll, from text keys."""

from __future__ import annotations

from collections.abc import Sequence

from coedu_bot.api import (
    Block,
    Bullets,
    Code,
    Message,
    NativePoll,
    Says,
    When,
    Written,
    says,
)
from plugins.polls import date_views
from plugins.polls.date_domain import spans_of
from plugins.polls.domain import Form, Poll, Showing, State, Tally, Voice

_LONGEST_BAR = 10


def native(poll: Poll) -> NativePoll:
    """The poll as clients show it."""
    disclosed = poll.showing is Showing.LIVE
    return NativePoll(poll.question, tuple(zip(poll.answers, poll.options, strict=True)), disclosed=disclosed)


def native_fallback(poll: Poll, example: str) -> Message:
    """Under question and options, where polls are not known."""
    return Message("poll", (says("poll-how", example=Code(example)),))


def companion(poll: Poll, example: str, *, visible: bool, counts: Tally | None = None) -> Message:
    """Under the native poll (or instead of it): what rings, in all languages of the room."""
    if not poll.is_open:
        lines = [says("poll-ended", item=poll.id)]
    else:
        lines = _conditions(poll, example, visible=visible)
    blocks: list[Block] = [says("poll-head", item=poll.id), wording(poll), Bullets(tuple(lines))]
    if counts is not None:
        blocks += [Bullets(result_lines(poll, counts)), voted(poll, counts)]
    return Message("poll", tuple(blocks), rings=True)


def _conditions(poll: Poll, example: str, *, visible: bool) -> list[Says]:
    """Until when, whose voice, when the result comes, and how to answer."""
    lines = [says("poll-until", at=When(poll.until))] if poll.until else []
    if poll.choices > 1:
        lines.append(says("poll-choices", count=poll.choices))
    if poll.voice is not Voice.PERSON:
        lines.append(says(f"poll-voice-{poll.voice}"))
    if poll.showing is Showing.AT_END:
        lines.append(says("poll-at-end"))
    if visible:
        lines.append(says("poll-visible"))
    lines.append(says("poll-how" if poll.form is Form.NATIVE else "poll-how-private", example=Code(example)))
    return lines


def wording(poll: Poll) -> Written:
    """Question and numbered options, as one text that can be translated."""
    options = "\n".join(f"{number}. {option}" for number, option in enumerate(poll.options, 1))
    return Written(f"**{poll.question}**\n\n{options}")


def result(poll: Poll, tally: Tally, *, unreadable: int = 0, several_languages: bool = False) -> Message:
    """What the room reads at the end."""
    question = wording(poll) if several_languages else Written(f"**{poll.question}**")
    blocks: list[Block] = [says("poll-result", item=poll.id), question]
    if tally.voted < poll.quorum:
        blocks += [voted(poll, tally), says("poll-quorum", count=poll.quorum)]
    else:
        blocks += [Bullets(result_lines(poll, tally)), voted(poll, tally)]
    if unreadable:
        blocks.append(says("poll-unreadable", count=unreadable))
    return Message("poll.result", tuple(blocks), rings=True)


def current(poll: Poll, tally: Tally) -> Message:
    """How it stands, for who asks."""
    head = says("poll-current", item=poll.id)
    blocks = (head, Written(f"**{poll.question}**"), Bullets(result_lines(poll, tally)), voted(poll, tally))
    return Message("poll.result", blocks)


def result_lines(poll: Poll, tally: Tally) -> tuple[Says, ...]:
    """A line for each option, with a bar."""
    return tuple(
        says(
            "poll-result-line",
            number=answer,
            option=option,
            count=tally.counts[answer],
            bar=_bar(tally.counts[answer], tally.most),
        )
        for answer, option in zip(poll.answers, poll.options, strict=True)
    )


def voted(poll: Poll, tally: Tally) -> Says:
    """How many voices of how many."""
    return says(f"poll-voted-{poll.voice}", count=tally.voted, all=tally.all)


def ended(poll: Poll) -> Message:
    """The end of the native poll, where polls are not known."""
    return Message("poll", (says("poll-ended", item=poll.id),))


def receipt(poll: Poll, choice: Sequence[str], noted_for: str = "") -> Message:
    """To somebody who voted by words, or entered somebody else's vote."""
    chosen = [poll.options[int(answer) - 1] for answer in choice]
    key = ("poll-noted" if chosen else "poll-noted-none") if noted_for else "poll-receipt"
    if not chosen and not noted_for:
        key = "poll-withdrawn"
    return Message("poll.receipt", (says(key, item=poll.id, name=noted_for, options=chosen),))


def reminder(poll: Poll, room: str, example: str) -> Message:
    """A day before the end, to those who have not voted."""
    assert poll.until is not None
    head = says("poll-reminder", room=room, at=When(poll.until))
    key = "poll-how" if poll.form is Form.NATIVE else "poll-how-private"
    return Message("poll.reminder", (head, wording(poll), says(key, example=Code(example))), rings=True)


def overview(polls: Sequence[Poll]) -> Message:
    """What `!sondages` lists."""
    if not polls:
        return Message("reply", (says("poll-none"),))
    return Message("reply", (says("poll-list"), Bullets(tuple(_line(one) for one in polls))))


def _line(one: Poll) -> Says:
    if one.form is Form.DATES and one.chosen is not None:
        date = date_views.briefly(spans_of(one)[one.chosen - 1])
        return says("dates-line-fixed", item=one.id, question=one.question, date=date)
    if one.state is State.OPEN and one.until is not None:
        return says("poll-line-until", item=one.id, question=one.question, at=When(one.until))
    key = {State.OPEN: "poll-line-open", State.CANCELLED: "poll-line-cancelled"}.get(
        one.state, "poll-line-closed"
    )
    return says(key, item=one.id, question=one.question)


def _bar(count: int, most: int) -> str:
    return "▇" * max(1, round(_LONGEST_BAR * count / most)) if count else "·"
