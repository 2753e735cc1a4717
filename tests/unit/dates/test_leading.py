"""A date that begins a line, and the words after it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from coedu_bot.language.dates import DateNotUnderstood, Point, read_leading

ZONE = "Europe/Paris"
NOW = datetime(2026, 9, 16, 10, tzinfo=ZoneInfo(ZONE))
LANGUAGES = ("fr", "en")


@pytest.mark.parametrize(
    ("text", "wall", "rest"),
    [
        ("demain 18h apporter le cahier", "2026-09-17T18:00", "apporter le cahier"),
        ("vendredi à 17h30 : réunion en salle 12", "2026-09-18T17:30", "réunion en salle 12"),
        ("vendredi à 17h30\u00a0: réunion", "2026-09-18T17:30", "réunion"),
        ("dans 2 heures appeler la mairie", "2026-09-16T12:00", "appeler la mairie"),
        ("la veille de la sortie (9 octobre) à 18h pique-nique", "2026-10-08T18:00", "pique-nique"),
        (
            "demain 18 h 30, le Cahier de Zoé\net la trousse",
            "2026-09-17T18:30",
            "le Cahier de Zoé\net la trousse",
        ),
        ("tomorrow at 6pm bring the notebook", "2026-09-17T18:00", "bring the notebook"),
        ("demain 18h", "2026-09-17T18:00", ""),
    ],
)
def test_the_longest_beginning_that_is_a_date_is_read(text: str, wall: str, rest: str) -> None:
    value, after = read_leading(text, now=NOW, zone=ZONE, languages=LANGUAGES)
    assert isinstance(value, Point)
    assert (f"{value.wall:%Y-%m-%dT%H:%M}", after) == (wall, rest)


@pytest.mark.parametrize("text", ["apporter le cahier demain 18h", "", "demain18h cahier", "hier 18h cahier"])
def test_a_text_that_begins_otherwise_is_refused(text: str) -> None:
    with pytest.raises(DateNotUnderstood):
        read_leading(text, now=NOW, zone=ZONE, languages=LANGUAGES)
