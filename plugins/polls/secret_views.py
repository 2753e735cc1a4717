"""What people see of a secret poll, from text keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coedu_bot.api import Block, Bullets, Code, Message, Says, When, Written, says
from plugins.polls import views
from plugins.polls.domain import Poll, Tally, Voice
from plugins.polls.secrecy import codes_by_answer, needed


def companion(poll: Poll, example: str) -> Message:
    """What the room reads: that there is a poll, and where one votes."""
    lines = _conditions(poll, example) if poll.is_open else [says("poll-ended", item=poll.id)]
    head = says("poll-head", item=poll.id)
    return Message("poll", (head, views.wording(poll), Bullets(tuple(lines))), rings=True)


def _conditions(poll: Poll, example: str) -> list[Says]:
    lines: list[Says] = [] if poll.until is None else [says("poll-until", at=When(poll.until))]
    if poll.voice is not Voice.PERSON:
        lines.append(says(f"poll-voice-{poll.voice}"))
    return [*lines, says("secret-fewest", count=needed(poll)), says("secret-room", example=Code(example))]


def ballot(poll: Poll, room: str) -> Message:
    """What a voter reads privately, with the promise and its limits."""
    lines: list[Says] = [] if poll.until is None else [says("poll-until", at=When(poll.until))]
    if poll.choices > 1:
        lines.append(says("poll-choices", count=poll.choices))
    lines += [
        says("secret-how" if poll.choices == 1 else "secret-how-several"),
        says("secret-promise"),
        says("secret-until-end"),
        says("secret-phone"),
    ]
    head = says("secret-ballot", item=poll.id, room=room)
    return Message("poll.ballot", (head, views.wording(poll), Bullets(tuple(lines))), rings=True)


def receipt(poll: Poll, codes: Sequence[str], *, stays: bool) -> Message:
    """That the vote is kept, and how it will be found; never what it was."""
    text = says("secret-receipt", item=poll.id, codes=[Code(code) for code in codes])
    more = (says("secret-erase"),) if stays else ()
    return Message("poll.receipt", (text, *more))


def result(
    poll: Poll, tally: Tally, ballots: Mapping[str, tuple[str, ...]], *, several_languages: bool = False
) -> Message:
    """What the room reads at the end: the counts and every ballot by its code, or only how many voted."""
    question = views.wording(poll) if several_languages else Written(f"**{poll.question}**")
    blocks: list[Block] = [says("poll-result", item=poll.id), question]
    if ballots:
        blocks += [Bullets(views.result_lines(poll, tally)), views.voted(poll, tally)]
        blocks += [says("secret-list"), Bullets(_codes(poll, ballots))]
    else:
        blocks += [views.voted(poll, tally), says("secret-too-few", count=needed(poll))]
    return Message("poll.result", tuple(blocks), rings=True)


def current(poll: Poll, tally: Tally) -> Message:
    """How many have voted so far; no more than that."""
    blocks = (says("poll-current", item=poll.id), Written(f"**{poll.question}**"), views.voted(poll, tally))
    return Message("poll.result", blocks)


def _codes(poll: Poll, ballots: Mapping[str, tuple[str, ...]]) -> tuple[Says, ...]:
    found = codes_by_answer(poll, ballots)
    return tuple(
        says("secret-codes", number=answer, codes=", ".join(codes))
        for answer, codes in found.items()
        if codes
    )
