"""A date for people's calendars, and the table of who can come when for the author."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from coedu_bot.api import Attachment, spreadsheet
from plugins.polls.date_domain import (
    USUAL_LENGTH,
    Moment,
    Span,
    WholeDays,
    begins_on,
    of_voice,
    spans_of,
    standing,
)
from plugins.polls.domain import Poll, Vote
from plugins.polls.electing import Voices

_PRODUCT = "-//Coedu Bot//polls//EN"


def calendar_file(poll: Poll, span: Span, server: str, now: datetime) -> Attachment:
    """One event (RFC 5545); a later version of the same poll takes its place in calendars that have it."""
    import icalendar

    event = icalendar.Event()
    # the companion's random name: ids of two bots, or of one begun anew, may be the same
    event.add("UID", f"{poll.id}-{poll.companion}@{server}")
    event.add("SEQUENCE", poll.version)
    event.add("DTSTAMP", now.astimezone(UTC))
    event.add("SUMMARY", poll.question)
    for name, value in _times(span):
        event.add(name, value)
    calendar = icalendar.Calendar()
    calendar.add("PRODID", _PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add_component(event)
    calendar.add_missing_timezones(first_date=_year(span, 0), last_date=_year(span, 1))
    return Attachment(f"{poll.id}.ics", "text/calendar", calendar.to_ical())


def _times(span: Span) -> list[tuple[str, Any]]:
    if isinstance(span, WholeDays):
        return [("DTSTART", span.first), ("DTEND", span.last + timedelta(days=1))]
    ends = span.ends or span.begins.astimezone(UTC) + USUAL_LENGTH
    length = ends.astimezone(UTC) - span.begins.astimezone(UTC)
    return [("DTSTART", span.begins), ("DURATION", length)]


def _year(span: Span, later: int) -> date:
    """Zones are told for the year of the event; the history of a zone is long."""
    return date(begins_on(span).year + later, 1, 1)


def dates_table(poll: Poll, known: Voices, votes: Sequence[Vote], phrase: Callable[[str], str]) -> Attachment:
    """A CSV: one line for each voice, one column for each date."""
    heads = [_column(span) for span in spans_of(poll)]
    columns = [phrase("poll-csv-voice"), *heads, phrase("poll-csv-noted")]
    return spreadsheet(poll.id, [columns, *_rows(poll, known, votes, phrase)])


def _rows(poll: Poll, known: Voices, votes: Sequence[Vote], phrase: Callable[[str], str]) -> list[list[str]]:
    stands = standing(poll, votes)
    noted = {vote.voter: vote.noted_by or "" for vote in votes}
    rows = []
    for voice, name in sorted(known.names.items(), key=lambda one: one[1].casefold()):
        said = of_voice(poll.voice, {voice, *known.electorate.voices[voice]}, stands)
        words = (
            phrase(f"dates-answer-{said[number]}") if number in said else "" for number in _numbers(poll)
        )
        rows.append([name, *words, noted.get(voice, "")])
    return rows


def _numbers(poll: Poll) -> range:
    return range(1, len(poll.options) + 1)


def _column(span: Span) -> str:
    return f"{span.begins:%Y-%m-%d %H:%M}" if isinstance(span, Moment) else span.first.isoformat()
