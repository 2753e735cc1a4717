"""What a room is shown of a result besides its text."""

from __future__ import annotations

from coedu_bot.api import Attachment, Message, Post, Priority, Written
from plugins.polls import chart
from plugins.polls.domain import Poll, Tally


def chart_of(poll: Poll, counted: Tally) -> Attachment:
    """The picture of a result."""
    best = counted.leaders()
    bars = [
        chart.Bar(option, counted.counts[answer], answer in best)
        for answer, option in zip(poll.answers, poll.options, strict=True)
    ]
    return Attachment(f"{poll.id}.png", "image/png", chart.picture(bars))


def caption(poll: Poll) -> Message:
    """What stands under the picture."""
    return Message("poll.result", (Written(f"{poll.id} · {poll.question}"),))


def post(poll: Poll, message: Message, file: Attachment | None = None) -> Post:
    """Something about a poll, to its room."""
    return Post(
        room=poll.room,
        message=message,
        item=poll.id,
        version=poll.version,
        attachment=file,
        priority=Priority.ROUTINE,
        waits=True,
    )
