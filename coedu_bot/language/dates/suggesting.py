"""What somebody may have meant by a date that was refused: an offer, never taken for what they said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo

from coedu_bot.language import moments
from coedu_bot.language.dates.marks import Date, Later, Mark, Number, Said, Weekday, Word
from coedu_bot.language.dates.meaning import value_of
from coedu_bot.language.dates.moments import point
from coedu_bot.language.dates.reading import LONGEST
from coedu_bot.language.dates.scanning import READ_LANGUAGES, scan, that_may_read
from coedu_bot.language.dates.text import spelled
from coedu_bot.language.dates.values import DateNotUnderstood, Point

_A_PIECE = re.compile(r"\s*[^\s,;:()]+[\s,;:()]*")
_A_NAME = re.compile(r"[^\W\d_]{4,}")
_NEAR = 0.8
_MOST_WORDS = 24
_LONGEST_GUESS = 60
_SOON = timedelta(days=732)


def suggest(text: str, *, now: datetime, zone: str, languages: Sequence[str]) -> Point | None:
    """One moment to ask about: ours with other words left aside or names mistyped, else dateparser's."""
    plain = spelled(text.strip()[:LONGEST]).plain
    for language in that_may_read([one for one in languages if one in READ_LANGUAGES], plain):
        marks = _marks_in(plain, language)
        if Word.OR in marks:
            return None  # of which of them?
        found = _moment(marks, now, zone) or _moment(
            _marks_in(_corrected(plain, language), language), now, zone
        )
        if found is not None:
            return found
    return _guess(text.strip(), now, zone, [one for one in languages if one not in READ_LANGUAGES])


def _moment(marks: list[Mark], now: datetime, zone: str) -> Point | None:
    """`apporter le cahier demain vers 18h` holds a whole date; an hour alone would be too little."""
    if not any(isinstance(mark, Weekday | Date | Said | Later) for mark in marks):
        return None
    for kept in (marks, [mark for mark in marks if not isinstance(mark, Number)]):
        try:
            value = value_of(kept, now, zone)
        except DateNotUnderstood as problem:
            if problem.reason != "leftover":
                return None
        else:
            return value if isinstance(value, Point) else None
    return None


def _marks_in(plain: str, language: str) -> list[Mark]:
    """All that means something, wherever it stands."""
    marks: list[Mark] = []
    place = words = 0
    while place < len(plain) and words < _MOST_WORDS:
        scanned = scan(plain[place:], language)
        marks += (one.mark for one in scanned.placed)
        place += scanned.placed[-1].end if scanned.placed else 0
        piece = _A_PIECE.match(plain, place)
        place = piece.end() if piece else len(plain)
        words += 1
    return marks


def _corrected(plain: str, language: str) -> str:
    """The text with names of days and months that are nearly right made right."""

    def nearest(name: re.Match[str]) -> str:
        return next(iter(get_close_matches(name[0], _names(language), 1, _NEAR)), name[0])

    return _A_NAME.sub(nearest, plain)


@cache
def _names(language: str) -> tuple[str, ...]:
    locale = moments.locale(language)
    names = (*locale.days["format"]["wide"].values(), *locale.months["format"]["wide"].values())
    return tuple(spelled(name).plain for name in names)


def _guess(text: str, now: datetime, zone: str, languages: Sequence[str]) -> Point | None:
    """dateparser's reading in a language that we do not read, if each figure of the text is in it."""
    if not languages or len(text) > _LONGEST_GUESS:
        return None
    local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    wall = _parsed(text, local, languages)
    if wall is None or wall > local + _SOON or not _figures(text) <= _figures(f"{wall:%d %m %Y %y %H %M %I}"):
        return None
    try:
        return point(wall, zone, now.astimezone(UTC))
    except DateNotUnderstood:
        return None


def _parsed(text: str, local: datetime, languages: Sequence[str]) -> datetime | None:
    import dateparser
    from dateparser.data.languages_info import language_order

    known = [one for one in dict.fromkeys(languages) if one in language_order]
    how = {"RELATIVE_BASE": local, "PREFER_DATES_FROM": "future", "DATE_ORDER": "DMY"}
    try:
        wall = dateparser.parse(text, languages=known, settings=how) if known else None
    except Exception:  # it guesses at texts of strangers, and what it cannot read is no fault of ours
        return None
    return wall.replace(second=0, microsecond=0, tzinfo=None) if wall else None


def _figures(text: str) -> set[int]:
    return {int(one) for one in re.findall(r"\d+", text)}
