"""Dates as people type them, for the options and arguments of commands: exact, or refused with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.language.dates import (
    DateNotUnderstood,
    Days,
    Point,
    Range,
    Recurrence,
    Value,
    read,
    read_leading,
)

Schedule = Point | Recurrence
"""When something is to happen: once, or again and again."""

KINDS = frozenset({Point, Days, Range, Recurrence})

_END_OF_DAY = time(18)
"""A day by which something is wanted ends when families are home; the preview shows the hour."""


@dataclass(frozen=True, slots=True)
class Dates:
    """Reads what one person types at one moment: in their zone, in the languages they may use."""

    now: datetime
    zone: str
    languages: Sequence[str]

    def moment(self, typed: str) -> datetime:
        """One moment, aware, in its named zone so that a timer keeps the wall time; raises Refusal."""
        return _aware(_wanted(self._read(typed), typed, frozenset({Point})))

    def deadline(self, typed: str) -> datetime:
        """As `moment`, but a day alone means its early evening."""
        value = self._read(typed)
        if not isinstance(value, Days) or value.first != value.last:
            return _aware(_wanted(value, typed, frozenset({Point})))
        deadline = datetime.combine(value.last, _END_OF_DAY, ZoneInfo(self.zone))
        if deadline <= self.now:
            raise Refusal("date-past", typed=typed)
        return deadline

    def whole(self, typed: str, kinds: frozenset[type]) -> Value:
        """A value of one of these kinds that is all that was typed; raises Refusal."""
        return _wanted(self._read(typed), typed, kinds)

    def leading(self, text: str, kinds: frozenset[type]) -> tuple[Value, str]:
        """A value of one of these kinds that the text begins with, and what follows it; raises Refusal."""
        try:
            value, rest = read_leading(text, now=self.now, zone=self.zone, languages=self.languages)
        except DateNotUnderstood as problem:
            raise _refusal(problem, text) from problem
        return _wanted(value, text.removesuffix(rest).rstrip(" :,"), kinds), rest

    def _read(self, typed: str) -> Value:
        try:
            return read(typed, now=self.now, zone=self.zone, languages=self.languages)
        except DateNotUnderstood as problem:
            raise _refusal(problem, typed) from problem


def _refusal(problem: DateNotUnderstood, typed: str) -> Refusal:
    return Refusal(f"date-{problem.reason}", typed=problem.understood or typed)


def _wanted(value: Value, typed: str, kinds: frozenset[type]) -> Value:
    if type(value) not in kinds:
        raise Refusal("date-needs-time", typed=typed)
    return value


def _aware(value: Value) -> datetime:
    assert isinstance(value, Point)
    return value.wall.replace(tzinfo=ZoneInfo(value.zone))
