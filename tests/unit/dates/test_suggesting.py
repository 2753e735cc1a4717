"""What is offered when a date was refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coedu_bot.language.dates import READ_LANGUAGES, DateNotUnderstood, read, suggest
from tests.unit.dates.phrases import NOW, ZONE, cases, shown


def offered(text: str, *languages: str) -> str | None:
    point = suggest(text, now=NOW, zone=ZONE, languages=languages)
    return shown(point) if point else None


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("demain vers 18h", "at 2026-09-17T18:00"),
        ("apporter 3 cahiers demain à 18h", "at 2026-09-17T18:00"),
        ("vendredi dès 16h goûter", "at 2026-09-18T16:00"),
        ("9 octbre 18h", "at 2026-10-09T18:00"),
        ("vendrdi 18h", "at 2026-09-18T18:00"),
        ("around 6pm tomorrow", "at 2026-09-17T18:00"),
        ("morgen gegen 18 Uhr", "at 2026-09-17T18:00"),
    ],
)
def test_a_whole_date_among_other_words_or_mistyped_is_offered(text: str, point: str) -> None:
    assert offered(text, "fr", *READ_LANGUAGES) == point


@pytest.mark.parametrize(
    "text",
    ["demain 18h ou 19h", "demain", "18h environ", "bonjour", "", "lundi 8h et mardi 9h", "hier vers 18h"],
)
def test_where_it_is_not_one_moment_nothing_is_offered(text: str) -> None:
    assert offered(text, *READ_LANGUAGES) is None


def test_a_language_that_we_do_not_read_is_guessed_at() -> None:
    assert offered("domani alle 18:00", "it", *READ_LANGUAGES) == "at 2026-09-17T18:00"


@pytest.mark.parametrize(
    "text", ["venerdì 9 ottobre alle 18", "domani 35 sedie alle 18:00", "ieri alle 18:00"]
)
def test_a_guess_that_lost_a_figure_or_is_far_off_is_not_offered(text: str) -> None:
    assert offered(text, "it") is None


def test_nothing_is_offered_for_what_is_refused_as_impossible() -> None:
    """Asking about another day than was typed would be worse than saying that there is none such."""
    for language, now, text, expected in cases("dates_fr"):
        if (now, expected) == (f"{NOW:%Y-%m-%dT%H:%M}", "refuse") and (found := offered(text, language)):
            with pytest.raises(DateNotUnderstood) as refused:
                read(text, now=NOW, zone=ZONE, languages=[language])
            assert refused.value.reason == "leftover", f"{text} {found}"


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    point = suggest(text, now=NOW, zone=ZONE, languages=[*READ_LANGUAGES, "it"])
    assert point is None or point.at > NOW
