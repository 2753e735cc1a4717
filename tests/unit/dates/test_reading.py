"""Dates as people type them; the phrases were written down before the grammar was."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.language.dates import DateNotUnderstood, Days, Point, read

ZONE = "Europe/Paris"
PARIS = ZoneInfo(ZONE)
DATA = Path(__file__).resolve().parents[2] / "data"
READ_LANGUAGES = ("fr", "en")
NOW = datetime(2026, 9, 16, 10, tzinfo=PARIS)
WORDS = (
    *("demain", "lundi", "8h", "9", "octobre", "le", "12/10", "soir", "prochain"),
    *("dans", "deux", "heures", "à", "midi"),
)


def cases() -> Iterator[tuple[str, str, str, str]]:
    for name in ("cases_dates", "dates_fr", "dates_en"):
        for line in (DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                language, now, text, expected = line.split("\t")
                yield language, now, text, expected


def is_one_day_or_moment(expected: str) -> bool:
    kind, *more = expected.split()
    return kind in ("at", "refuse") or (kind == "days" and more[0] == more[1])


NOW_READ = [case for case in cases() if case[0] in READ_LANGUAGES and is_one_day_or_moment(case[3])]
NOT_READ_YET = [case for case in cases() if case not in NOW_READ]


def outcome(language: str, now: str, text: str) -> str:
    moment = datetime.fromisoformat(now).replace(tzinfo=PARIS)
    try:
        found = read(text, now=moment, zone=ZONE, languages=[language])
    except DateNotUnderstood:
        return "refuse"
    if isinstance(found, Point):
        return f"at {found.wall:%Y-%m-%dT%H:%M}"
    return f"days {found.first} {found.last}"


@pytest.mark.parametrize(("language", "now", "text", "expected"), NOW_READ)
def test_a_phrase_means_what_its_writer_meant(language: str, now: str, text: str, expected: str) -> None:
    assert outcome(language, now, text) == expected


@pytest.mark.parametrize(("language", "now", "text", "expected"), NOT_READ_YET)
def test_what_cannot_be_read_yet_is_refused_and_not_misread(
    language: str, now: str, text: str, expected: str
) -> None:
    """Ranges, recurrences and further languages come later; none may mean one moment meanwhile."""
    assert outcome(language, now, text) in ("refuse", expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("demain 18h ou 19h", "leftover"),
        ("hier 18h", "past"),
        ("31 février 10h", "impossible"),
        ("25h", "impossible"),
        ("mardi 9 octobre 14h", "contradiction"),
        ("le 28 mars 2027 2h30", "nonexistent"),
    ],
)
def test_a_refusal_says_why(text: str, reason: str) -> None:
    with pytest.raises(DateNotUnderstood) as refused:
        read(text, now=NOW, zone=ZONE, languages=["fr", "en"])
    assert refused.value.reason == reason


def test_an_hour_that_comes_twice_is_the_first_and_says_so() -> None:
    point = read("25 octobre 2026 2h30", now=NOW, zone=ZONE, languages=["fr"])
    assert isinstance(point, Point)
    assert point.note == "first-of-two"
    assert point.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_zone_without_summer_time_is_read_alike() -> None:
    point = read(
        "demain 7h45", now=datetime(2027, 3, 27, 12, tzinfo=UTC), zone="Africa/Algiers", languages=["fr"]
    )
    assert isinstance(point, Point)
    assert point.at == datetime(2027, 3, 28, 6, 45, tzinfo=UTC)


def test_a_second_language_is_tried() -> None:
    assert isinstance(read("tomorrow 8am", now=NOW, zone=ZONE, languages=["fr", "en"]), Point)


@given(st.text(max_size=60))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    with contextlib.suppress(DateNotUnderstood):
        read(text, now=NOW, zone=ZONE, languages=["fr", "en"])


@given(st.lists(st.sampled_from(WORDS)))
def test_words_of_dates_in_any_order_give_a_future_or_a_refusal(words: list[str]) -> None:
    try:
        found = read(" ".join(words), now=NOW, zone=ZONE, languages=["fr", "en"])
    except DateNotUnderstood:
        return
    assert found.at > NOW if isinstance(found, Point) else found.first >= NOW.date()


@given(
    st.datetimes(min_value=datetime(2026, 9, 17), max_value=datetime(2036, 1, 1)),
    st.sampled_from(["\u00a0", " ", "\u202f"]),
)
def test_what_the_bot_prints_in_french_reads_back(wall: datetime, space: str) -> None:
    day = format_date(wall.date(), "full", locale="fr").replace(" 1 ", " 1er ")
    text = f"\u2068{day}\u2069 à {wall.hour}{space}h{space}{wall.minute:02}"
    _reads_back(text, wall, "fr")


@given(st.datetimes(min_value=datetime(2026, 9, 17), max_value=datetime(2036, 1, 1)))
def test_what_the_bot_prints_in_english_reads_back(wall: datetime) -> None:
    _reads_back(f"{format_date(wall.date(), 'full', locale='en')} at {wall:%H:%M}", wall, "en")


def _reads_back(text: str, wall: datetime, language: str) -> None:
    wall = wall.replace(second=0, microsecond=0)
    if wall.replace(tzinfo=PARIS).astimezone(UTC).astimezone(PARIS).replace(tzinfo=None) != wall:
        with pytest.raises(DateNotUnderstood, match="nonexistent"):
            read(text, now=NOW, zone=ZONE, languages=[language])
    else:
        found = read(text, now=NOW, zone=ZONE, languages=[language])
        assert isinstance(found, Point)
        assert found.wall == wall


def test_a_day_alone_is_a_day() -> None:
    tomorrow = NOW.date() + timedelta(days=1)
    assert read("demain", now=NOW, zone=ZONE, languages=["fr"]) == Days(tomorrow, tomorrow)
