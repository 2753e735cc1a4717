"""A date as the first argument of a command, and the words after it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from coedu_bot.api import Point, Refusal, Schedule
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
        ("apporter le cahier", "date-leftover"),
        ("hier 18h apporter le cahier", "date-past"),
        ("demain 18h", "argument-missing"),
        ("", "argument-missing"),
    ],
)
def test_without_a_moment_or_without_words_it_is_refused(text: str, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_arguments(COMMAND, text, READING, None)
    assert refused.value.says.key == key
