"""Dates and hours as teachers type them: read exactly, or refused with the reason; never guessed."""

from coedu_bot.language.dates.leading import read_leading
from coedu_bot.language.dates.reading import read
from coedu_bot.language.dates.scanning import READ_LANGUAGES
from coedu_bot.language.dates.several import read_ranges
from coedu_bot.language.dates.suggesting import suggest
from coedu_bot.language.dates.values import DateNotUnderstood, Days, Point, Range, Reason, Recurrence, Value

__all__ = [
    "READ_LANGUAGES",
    "DateNotUnderstood",
    "Days",
    "Point",
    "Range",
    "Reason",
    "Recurrence",
    "Value",
    "read",
    "read_leading",
    "read_ranges",
    "suggest",
]
