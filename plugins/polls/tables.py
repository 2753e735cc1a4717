"""The result as a table for the author: who said what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from coedu_bot.api import Attachment, spreadsheet
from plugins.polls.domain import Poll, Stand, Vote, speaker, stands
from plugins.polls.electing import Voices

Phrase = Callable[[str], str]
_HEADS = ("poll-csv-voice", "poll-csv-answer", "poll-csv-time", "poll-csv-noted")


def table(poll: Poll, known: Voices, votes: Sequence[Vote], phrase: Phrase, zone: str) -> Attachment:
    """A CSV: one line for each voice."""
    return spreadsheet(poll.id, _voices(poll, known, votes, phrase, zone))


def _voices(poll: Poll, known: Voices, votes: Sequence[Vote], phrase: Phrase, zone: str) -> list[list[str]]:
    standing = stands(poll, votes)
    noted = {(vote.voter, vote.position): vote.noted_by or "" for vote in votes}
    rows = [[phrase(key) for key in _HEADS]]
    for voice, name in sorted(known.names.items(), key=lambda one: one[1].casefold()):
        who = speaker(poll.voice, {voice, *known.electorate.voices[voice]}, standing)
        stand = standing[who] if who is not None else None
        by = noted.get((who, stand.position), "") if who and stand else ""
        rows.append([name, *_said(poll, stand, zone), by])
    return rows


def _said(poll: Poll, stand: Stand | None, zone: str) -> tuple[str, str]:
    if stand is None:
        return "", ""
    chosen = ", ".join(poll.options[int(answer) - 1] for answer in stand.choice)
    return chosen, f"{stand.said_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
