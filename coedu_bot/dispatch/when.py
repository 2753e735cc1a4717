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
    read_ranges,
    suggest,
)

Schedule = Point | Recurrence
"""When something is to happen: once, or again and again."""

KINDS = frozenset({Point, Days, Range, Recurrence})

_END_OF_DAY = time(18)
"""A day by which something is wanted ends when families are home; the preview shows the hour."""

_QUOTED = 60
"""A refusal quotes this much of what was typed: behind a date that was not found stands a whole text."""


@dataclass(frozen=True, slots=True)
class Dates:
    """Reads what one person types at one moment: in their zone, in the languages they may use."""

    now: datetime
    zone: str
    languages: Sequence[str]

    def moment(self, typed: str) -> datetime:
        """One moment, aware, in its named zone so that a timer keeps the wall time; raises Refusal."""
        return _aware(self._wanted(self._read(typed), typed, frozenset({Point})))

    def deadline(self, typed: str) -> datetime:
        """As `moment`, but a day alone means its early evening."""
        value = self._read(typed)
        if not isinstance(value, Days) or value.first != value.last:
            return _aware(self._wanted(value, typed, frozenset({Point})))
        deadline = datetime.combine(value.last, _END_OF_DAY, ZoneInfo(self.zone))
        if deadline <= self.now:
            raise Refusal("date-past", typed=typed)
        return deadline

    def whole(self, typed: str, kinds: frozenset[type]) -> Value:
        """A value of one of these kinds that is all that was typed; raises Refusal."""
        return self._wanted(self._read(typed), typed, kinds)

    def leading(self, text: str, kinds: frozenset[type]) -> tuple[Value, str]:
        """A value of one of these kinds that the text begins with, and what follows it; raises Refusal."""
        try:
            value, rest = read_leading(text, now=self.now, zone=self.zone, languages=self.languages)
        except DateNotUnderstood as problem:
            raise self._refusal(problem, text) from problem
        typed = text.strip().removesuffix(rest).rstrip(" :,")
        return self._wanted(value, typed, kinds, text), rest

    def ranges(self, typed: str) -> tuple[Range, ...]:
        """Ranges separated by commas; raises Refusal."""
        try:
            return read_ranges(typed, now=self.now, zone=self.zone, languages=self.languages)
        except DateNotUnderstood as problem:
            raise self._refusal(problem, typed) from problem

    def schedule(self, text: str) -> tuple[Schedule, str]:
        """The point or recurrence that a text begins with, and what follows it; raises Refusal."""
        value, rest = self.leading(text, frozenset({Point, Recurrence}))
        assert isinstance(value, Point | Recurrence)
        return value, rest

    def _read(self, typed: str) -> Value:
        try:
            return read(typed, now=self.now, zone=self.zone, languages=self.languages)
        except DateNotUnderstood as problem:
            raise self._refusal(problem, typed) from problem

    def _wanted(self, value: Value, typed: str, kinds: frozenset[type], text: str = "") -> Value:
        if type(value) in kinds:
            return value
        if not isinstance(value, Days):
            raise Refusal("date-not-one", typed=typed)
        raise self._offer(text) or Refusal("date-needs-time", typed=typed)

    def _refusal(self, problem: DateNotUnderstood, typed: str) -> Refusal:
        """What was wrong; where words were left over, a moment that may have been meant or what was clear."""
        understood, rest = _quoted(problem.understood), _quoted(problem.rest)
        if problem.reason != "leftover":
            return Refusal(f"date-{problem.reason}", typed=understood or _quoted(typed))
        if (offer := self._offer(typed)) is not None:
            return offer
        if rest and self._is_date(problem.understood):
            return Refusal("date-leftover-part", understood=understood, rest=rest)
        return Refusal("date-leftover", typed=understood or _quoted(typed))

    def _is_date(self, text: str) -> bool:
        try:
            return bool(read(text, now=self.now, zone=self.zone, languages=self.languages))
        except DateNotUnderstood:
            return False

    def _offer(self, typed: str) -> Refusal | None:
        """Ask whether they meant a moment that the text holds."""
        point = suggest(typed, now=self.now, zone=self.zone, languages=self.languages)
        if point is None:
            return None
        return Refusal("date-did-you-mean", typed=_quoted(typed), moment=_aware(point))


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= _QUOTED:
        return text
    return (text[:_QUOTED].rpartition(" ")[0] or text[:_QUOTED]) + " …"


def _aware(value: Value) -> datetime:
    assert isinstance(value, Point)
    return value.wall.replace(tzinfo=ZoneInfo(value.zone))
