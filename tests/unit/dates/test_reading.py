"""Dates as people type them; the phrases were written down before the grammar was."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.language.dates import READ_LANGUAGES, DateNotUnderstood, Days, Point, Range, Recurrence, read
from tests.unit.dates.phrases import NOW, ZONE, cases, outcome

FILES = ("cases_dates", *(f"dates_{language}" for language in READ_LANGUAGES))
WORDS = (
    *("demain", "lundi", "8h", "9", "octobre", "le", "12/10", "soir", "prochain", "-", ",", "et", "du", "au"),
    *("dans", "deux", "heures", "à", "midi", "tous", "les", "sur deux", "mois", "jusqu'au", "par", "10 min"),
)


@pytest.mark.parametrize("name", FILES)
def test_every_phrase_means_what_its_writer_meant(name: str) -> None:
    misses = [
        f"{language} {text!r}: {expected} was meant, {found} read"
        for language, now, text, expected in cases(name)
        if (found := outcome(now, text, [language])) != expected
    ]
    assert misses == []


@pytest.mark.parametrize("name", FILES)
def test_with_all_languages_at_hand_each_phrase_still_means_the_same(name: str) -> None:
    """People write in their own language whatever the settings say; what one refuses none may misread."""
    misses = [
        f"{language} {text!r}: {expected} was meant, {found} read"
        for language, now, text, expected in cases(name)
        for first in ((language,), ())
        if (found := outcome(now, text, [*first, *READ_LANGUAGES])) != expected
    ]
    assert misses == []


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


@pytest.mark.parametrize(
    "text",
    [
        "tous les ans le 31 février à 8h",
        "tous les lundis à 8h jusqu'au 17 septembre",
        "tous les 3 lundis 8h",
        "tous les 32 du mois 8h",
        "tous les lundis et lundis 8h",
        "tous les lundis de 16h à 17h",
        "tous les lundis 8h par 10 min",
        "jeudi 16h-17h par 0 min",
        "dans 0 minutes",
        "dans 2,5 jours",
        "dans 99999 mois",
        "un lundi sur deux sur deux 8h",
        "du lundi au lundi à 8h",
        "lundi 8h et mardi 9h",
        "tous les jours sauf lundi mardi mercredi jeudi vendredi samedi dimanche 8h",
        "du 16 au 12 octobre",
        "du 14 au 18 septembre",
        "vendredi 16h-18h-19h",
        "semaine A semaine B lundi 8h",
        "sauf lundi 8h",
        "tous les lundi à",
        "de 31 à 9h30",
        "demain à 31 h",
        "tous les jusqu'au",
    ],
)
def test_what_never_comes_or_makes_no_sense_is_refused(text: str) -> None:
    assert outcome("2026-09-16T10:00", text, ["fr"]) == "refuse"


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
    match found:
        case Point():
            assert found.at > NOW
        case Days():
            assert NOW.date() <= found.first <= found.last
        case Range():
            assert NOW < found.first.at < found.last.at
        case Recurrence():
            assert found.first > NOW.replace(tzinfo=None)


@given(st.data(), st.sampled_from(READ_LANGUAGES))
def test_words_of_any_language_in_any_order_are_read_or_refused(data: st.DataObject, language: str) -> None:
    known = sorted({word for _, _, text, _ in cases(f"dates_{language}") for word in text.split()})
    words = data.draw(st.lists(st.sampled_from(known), max_size=10))
    with contextlib.suppress(DateNotUnderstood):
        read(" ".join(words), now=NOW, zone=ZONE, languages=[language])


def test_a_day_alone_is_a_day() -> None:
    tomorrow = NOW.date() + timedelta(days=1)
    assert read("demain", now=NOW, zone=ZONE, languages=["fr"]) == Days(tomorrow, tomorrow)
