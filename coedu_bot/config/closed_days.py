"""Days without school: a zone that comes with the bot, a calendar file, or a list of dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from coedu_bot.config.problems import nearest_or_all
from coedu_bot.config.values import days
from coedu_bot.school.calendar import Calendar, Holiday

SHIPPED = Path(__file__).parent / "holidays"
_MOST_RECURRENCES = 60


def zones() -> list[str]:
    """The calendars that come with the bot: zone-a, zone-b, zone-c."""
    return sorted(path.stem for path in SHIPPED.glob("*.ics"))


def calendar_of(said: str | Sequence[str | date], folder: Path) -> tuple[Calendar, list[tuple[int, str]]]:
    """The calendar and, by place in the list, what cannot be read (-1: the file itself)."""
    if isinstance(said, str):
        return _from_file(said, folder)
    found: list[Holiday] = []
    problems: list[tuple[int, str]] = []
    for index, one in enumerate(said):
        try:
            found.append(Holiday(*days(str(one))))
        except ValueError as problem:
            problems.append((index, str(problem)))
    return Calendar.of(found), problems


def _from_file(name: str, folder: Path) -> tuple[Calendar, list[tuple[int, str]]]:
    path = _place(name, folder)
    if path is None:
        advice = nearest_or_all(name.removesuffix(".ics"), zones())
        return Calendar(), [(-1, f'"{name}" is neither a file nor a zone; {advice}')]
    try:
        return Calendar.of(_read(path.read_bytes())), []
    except (OSError, ValueError):
        return Calendar(), [(-1, f'"{name}" is not a calendar; expected an .ics file')]


def _place(name: str, folder: Path) -> Path | None:
    own = folder / name
    if own.is_file():
        return own
    return SHIPPED / f"{name.removesuffix('.ics')}.ics" if name.removesuffix(".ics") in zones() else None


def _read(data: bytes) -> list[Holiday]:
    """Every whole-day event; what has an hour is an appointment, not a holiday."""
    import icalendar

    events = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return [holiday for event in events for holiday in _holidays(event)]


def _holidays(event: Any) -> Iterator[Holiday]:
    first = event.decoded("DTSTART")
    if isinstance(first, datetime):
        return
    after = event.decoded("DTEND", None) or first + event.decoded("DURATION", timedelta(days=1))
    length = max(after - first, timedelta(days=1)) - timedelta(days=1)
    for start in _starts(event, first):
        yield Holiday(start, start + length, str(event.get("SUMMARY", "")))


def _starts(event: Any, first: date) -> Iterator[date]:
    rule = event.get("RRULE")
    if rule is None:
        yield first
        return
    from dateutil.rrule import rrulestr

    begin = datetime(first.year, first.month, first.day)  # noqa: DTZ001  # a day has no zone
    for moment in islice(rrulestr(rule.to_ical().decode(), dtstart=begin), _MOST_RECURRENCES):
        yield moment.date()
