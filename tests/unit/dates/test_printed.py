"""What the bot prints reads back, in each of its languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coedu_bot.language.catalog import CORE_LOCALE, Catalog
from coedu_bot.language.dates import READ_LANGUAGES, Days, Point, read, read_leading
from coedu_bot.language.languages import LANGUAGES
from coedu_bot.language.texts import Texts
from coedu_bot.message import Day, Hour, Says, When
from tests.unit.dates.phrases import NOW, PARIS, ZONE

IN_A_YEAR = st.datetimes(min_value=datetime(2026, 9, 17), max_value=datetime(2027, 9, 15))
IN_TEN_YEARS = st.datetimes(min_value=datetime(2026, 9, 17), max_value=datetime(2036, 1, 1))
Print = Callable[[str, object], str]

in_every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Print:
    """Says a value in a language as the bot does, alone in its sentence."""
    folder = tmp_path_factory.mktemp("locale")
    for language in LANGUAGES:
        head, _, _ = (CORE_LOCALE / f"{language}.po").read_text(encoding="utf-8").partition("\n\n")
        (folder / f"{language}.po").write_text(
            f'{head}\n\nmsgid "alone"\nmsgstr "{{it}}"\n', encoding="utf-8"
        )
    catalog = Catalog.load([CORE_LOCALE, folder])
    return lambda language, it: Texts(catalog, language, PARIS).say(Says("alone", {"it": it}))


def aware(wall: datetime) -> datetime:
    return wall.replace(second=0, microsecond=0, tzinfo=PARIS).astimezone(UTC)


def test_every_language_that_the_bot_speaks_is_read() -> None:
    assert set(READ_LANGUAGES) == set(LANGUAGES)


@in_every_language
@settings(deadline=None)
@given(wall=IN_TEN_YEARS)
def test_a_full_date_and_time_reads_back(printed: Print, language: str, wall: datetime) -> None:
    reads_back(printed(language, aware(wall)), aware(wall), language)


@in_every_language
@settings(deadline=None)
@given(wall=IN_A_YEAR)
def test_a_short_date_and_time_reads_back(printed: Print, language: str, wall: datetime) -> None:
    reads_back(printed(language, When(aware(wall))), aware(wall), language)


@in_every_language
@settings(deadline=None)
@example(wall=datetime(2026, 10, 25, 2, 0, fold=1), between=" ")
@example(wall=datetime(2026, 10, 25, 2, 0), between=" ")
@given(wall=IN_TEN_YEARS, between=st.sampled_from([" ", ", ", "\u00a0"]))
def test_a_day_and_an_hour_side_by_side_read_back(
    printed: Print, language: str, wall: datetime, between: str
) -> None:
    day, hour = printed(language, Day(aware(wall))), printed(language, Hour(aware(wall)))
    reads_back(day + between + hour, aware(wall), language)


@in_every_language
@settings(deadline=None)
@given(wall=IN_TEN_YEARS)
def test_a_day_reads_back(printed: Print, language: str, wall: datetime) -> None:
    day = wall.date()
    assert read(printed(language, day), now=NOW, zone=ZONE, languages=[language]) == Days(day, day)


@in_every_language
@pytest.mark.parametrize("hour_in_utc", [0, 1])
def test_an_hour_that_comes_twice_says_which_one_it_is(
    printed: Print, language: str, hour_in_utc: int
) -> None:
    at = datetime(2026, 10, 25, hour_in_utc, 30, tzinfo=UTC)  # 2:30 in Paris, both
    reads_back(printed(language, at), at, language)
    reads_back(printed(language, When(at)), at, language)


def test_the_first_of_two_is_said_in_words_of_people(printed: Print) -> None:
    said = printed("fr", datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert "à 2\u00a0h\u00a030 (avant le changement d’heure)" in said


def reads_back(text: str, at: datetime, language: str) -> None:
    """Alone and before words."""
    wall = at.astimezone(PARIS).replace(tzinfo=None)
    value = read(text, now=NOW, zone=ZONE, languages=[language])
    assert isinstance(value, Point)
    assert (value.wall, value.at) == (wall, at)
    assert read_leading(f"{text} : xyz", now=NOW, zone=ZONE, languages=[language]) == (value, "xyz")
