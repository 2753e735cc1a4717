"""Native polls on the wire: MSC3381 under its unstable names, which today's clients show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coedu_bot.effects import NativePoll
from coedu_bot.message import Says

START = "org.matrix.msc3381.poll.start"
END = "org.matrix.msc3381.poll.end"
_TEXT = "org.matrix.msc1767.text"
_KIND = "org.matrix.msc3381.poll."


def start_content(poll: NativePoll, say: Callable[[Says], str], fallback: str) -> dict[str, Any]:
    """The content of a poll's start; `fallback` follows question and answers where polls are not known."""
    question = _said(poll.question, say)
    answers = [(id_, _said(label, say)) for id_, label in poll.answers]
    lines = [question, *(f"{number}. {label}" for number, (_, label) in enumerate(answers, 1)), fallback]
    return {
        _TEXT: "\n".join(line for line in lines if line),
        START: {
            "kind": _KIND + ("disclosed" if poll.disclosed else "undisclosed"),
            "max_selections": poll.most,
            "question": {_TEXT: question, "body": question, "msgtype": "m.text"},
            "answers": [{"id": id_, _TEXT: label} for id_, label in answers],
        },
        "m.mentions": {},
    }


def end_content(text: str) -> dict[str, Any]:
    """The content of a poll's end, without its relation."""
    return {END: {}, _TEXT: text, "m.mentions": {}}


def _said(words: Says | str, say: Callable[[Says], str]) -> str:
    return words if isinstance(words, str) else say(words)
