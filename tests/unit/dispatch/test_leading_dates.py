"""A date as the first argument of a command, and the words after it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from coedu_bot.api import Point, Range, Refusal, Schedule
from coedu_bot.dispatch.arguments import Reading, read_arguments
from coedu_bot.dispatch.when import Dates
from coedu_bot.plugin import Command
from coedu_bot.usage import parse_usage

ZONE = "Europe/Paris"
NOW = datetime(2026, 9, 16, 10, tzinfo=ZoneInfo(ZONE))
READING = Reading(Dates(NOW, ZONE, ("fr", "en")), lambda value: {})


async def remind(ctx: None, when: Schedule, text: str) -> None: ...


COMMAND = Command("remind", parse_usage("remind <when> <text...>"), remind, "reminders")


def test_a_date_is_taken_from_the_front_and_the_rest_is_text() -> None:
    values = read_arguments(COMMAND, "demain 18h apporter le cahier", READING, None)
    assert isinstance(values["when"], Point)
    assert values["when"].wall == datetime(2026, 9, 17, 18)
    assert values["text"] == "apporter le cahier"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("demain apporter le cahier", "date-needs-time"),
        ("tous les lundis piscine", "date-needs-time"),
        ("jeudi 16h-17h piscine", "date-not-one"),
        ("apporter le cahier", "date-leftover"),
        ("apporter le cahier demain 18h", "date-did-you-mean"),
        ("demain vers 18h apporter le cahier", "date-did-you-mean"),
        ("vendredi 9 octobre 18h ou 19h cahier", "date-leftover"),
        ("hier 18h apporter le cahier", "date-past"),
        ("demain 18h", "argument-missing"),
        ("", "argument-missing"),
    ],
)
def test_without_a_moment_or_without_words_it_is_refused(text: str, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_arguments(COMMAND, text, READING, None)
    assert refused.value.says.key == key


def test_a_refusal_asks_about_the_moment_that_the_text_holds() -> None:
    with pytest.raises(Refusal) as refused:
        read_arguments(COMMAND, "apporter le cahier vendredi 9 octobre vers 18h", READING, None)
    values = refused.value.says.values
    assert values["moment"] == datetime(2026, 10, 9, 18, tzinfo=ZoneInfo(ZONE))
    assert values["typed"] == "apporter le cahier vendredi 9 octobre vers 18h"


def test_a_refusal_says_what_was_clear_and_what_was_not() -> None:
    with pytest.raises(Refusal) as refused:
        READING.dates.moment("demain matin dès l’aube")
    assert refused.value.says.key == "date-leftover"
    with pytest.raises(Refusal) as refused:
        READING.dates.moment("vendredi dans la journée")
    assert refused.value.says.key == "date-leftover-part"
    assert refused.value.says.values == {"understood": "vendredi", "rest": "dans la journée"}


def test_a_refusal_quotes_no_whole_text() -> None:
    with pytest.raises(Refusal) as refused:
        read_arguments(COMMAND, "apporter le cahier " * 50, READING, None)
    assert len(refused.value.says.values["typed"]) < 70


async def open_slots(ctx: None, when: tuple[Range, ...]) -> None: ...


def test_ranges_are_taken_as_a_list() -> None:
    command = Command("slots", parse_usage("slots <when...>"), open_slots, "slots")
    ranges = read_arguments(command, "jeudi 8/10 16h30-18h, vendredi 9/10 8h-9h", READING, None)["when"]
    assert [one.last.wall.hour for one in ranges] == [18, 9]
    with pytest.raises(Refusal):
        read_arguments(command, "jeudi 8/10 16h30-18h, bientôt", READING, None)
