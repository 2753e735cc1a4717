"""Dates as people type them, for the options and arguments of commands: exact, or refused with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.language.dates import DateNotUnderstood, Days, Point, read

ReadWhen = Callable[[str, datetime, Sequence[str]], datetime]

_END_OF_DAY = time(18)
"""A day by which something is wanted ends when families are home; the preview shows the hour."""


def moment_reader(zone: str) -> ReadWhen:
    """A function that reads a moment typed at some `now`, in the zone of the school; raises Refusal."""

    def read_moment(typed: str, now: datetime, languages: Sequence[str]) -> datetime:
        read_ = _read(typed, now, zone, languages)
        if isinstance(read_, Point):
            return _moment(read_, zone)
        raise Refusal("date-needs-time", typed=typed)

    return read_moment


def deadline_reader(zone: str) -> ReadWhen:
    """As `moment_reader`, but a day alone means its early evening."""

    def read_deadline(typed: str, now: datetime, languages: Sequence[str]) -> datetime:
        read_ = _read(typed, now, zone, languages)
        if isinstance(read_, Point):
            return _moment(read_, zone)
        if not isinstance(read_, Days) or read_.first != read_.last:
            raise Refusal("date-needs-time", typed=typed)
        deadline = datetime.combine(read_.last, _END_OF_DAY, ZoneInfo(zone))
        if deadline <= now:
            raise Refusal("date-past", typed=typed)
        return deadline

    return read_deadline


def _read(typed: str, now: datetime, zone: str, languages: Sequence[str]) -> object:
    try:
        return read(typed, now=now, zone=zone, languages=languages)
    except DateNotUnderstood as problem:
        raise Refusal(f"date-{problem.reason}", typed=typed) from problem


def _moment(point: Point, zone: str) -> datetime:
    """Aware, in its named zone, so that a timer keeps the wall time that was meant."""
    return point.wall.replace(tzinfo=ZoneInfo(zone))
