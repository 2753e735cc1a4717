"""What marks mean together: a moment, days, a range or a recurrence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from coedu_bot.language.dates.marks import Mark, Word, Wrong
from coedu_bot.language.dates.moments import moment
from coedu_bot.language.dates.recurrences import is_recurring, recurrence
from coedu_bot.language.dates.slots import slots_of
from coedu_bot.language.dates.spans import ends_of, span, without_step
from coedu_bot.language.dates.values import DateNotUnderstood, Value


def value_of(marks: Sequence[Mark], now: datetime, zone: str) -> Value:
    """The one value that all the marks together have; raises DateNotUnderstood."""
    for mark in marks:
        if isinstance(mark, Wrong):
            raise DateNotUnderstood(mark.reason)
    local = now.astimezone(ZoneInfo(zone))
    try:
        return _value(marks, local, zone)
    except OverflowError:
        raise DateNotUnderstood("impossible") from None


def _value(marks: Sequence[Mark], now: datetime, zone: str) -> Value:
    kept, step = without_step(marks)
    if step is None and is_recurring(kept):
        return recurrence(kept, now, zone)
    if (ends := ends_of(kept)) is not None:
        return span(*ends, step, now, zone)
    if step is not None:
        raise DateNotUnderstood("leftover")
    slots = slots_of(kept[1:] if kept[:1] == [Word.TO] else kept)  # "until friday": of a deadline
    if slots.empty:
        raise DateNotUnderstood("leftover")
    return moment(slots, now, zone)
