"""Dates and hours as teachers type them: read exactly, or refused with the reason; never guessed."""

from coedu_bot.language.dates.leading import read_leading
from coedu_bot.language.dates.reading import read
from coedu_bot.language.dates.values import DateNotUnderstood, Days, Point, Range, Reason, Recurrence, Value

__all__ = [
    "DateNotUnderstood",
    "Days",
    "Point",
    "Range",
    "Reason",
    "Recurrence",
    "Value",
    "read",
    "read_leading",
]
