"""A date that begins a line, and the words after it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coedu_bot.language.dates import READ_LANGUAGES, DateNotUnderstood, read, read_leading
from tests.unit.dates.phrases import DATA, NOW, ZONE, cases, shown

LANGUAGES = ("fr", "en")
MONDAYS = "every FREQ=WEEKLY;BYDAY=MO from 2026-09-21T08:00"
WORKDAYS = "every FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR from 2026-09-17T07:45"


def leading(text: str, languages: tuple[str, ...] = LANGUAGES) -> tuple[str, str]:
    value, rest = read_leading(text, now=NOW, zone=ZONE, languages=languages)
    return shown(value), rest


@pytest.mark.parametrize(
    ("text", "value", "rest"),
    [
        ("demain 18h apporter le cahier", "at 2026-09-17T18:00", "apporter le cahier"),
        ("vendredi à 17h30 : réunion en salle 12", "at 2026-09-18T17:30", "réunion en salle 12"),
        ("vendredi à 17h30\u00a0: réunion", "at 2026-09-18T17:30", "réunion"),
        ("dans 2 heures appeler la mairie", "at 2026-09-16T12:00", "appeler la mairie"),
        ("tous les lundis à 8h piscine, prévoir le sac", MONDAYS, "piscine, prévoir le sac"),
        (
            "un lundi sur deux à 8h bibliothèque",
            "every FREQ=WEEKLY;INTERVAL=2;BYDAY=MO from 2026-09-21T08:00",
            "bibliothèque",
        ),
        (
            "le 1er de chaque mois à 9h cantine",
            "every FREQ=MONTHLY;BYMONTHDAY=1 from 2026-10-01T09:00",
            "cantine",
        ),
        ("la veille de la sortie (9 octobre) à 18h pique-nique", "at 2026-10-08T18:00", "pique-nique"),
        ("every weekday at 7:45 have you packed?", WORKDAYS, "have you packed?"),
        (
            "demain 18 h 30, le Cahier de Zoé\net 2 stylos",
            "at 2026-09-17T18:30",
            "le Cahier de Zoé\net 2 stylos",
        ),
        ("demain 18h - 3 stylos", "at 2026-09-17T18:00", "3 stylos"),
        ("demain 18h un parent vient", "at 2026-09-17T18:00", "un parent vient"),
        ("demain 18h de la peinture", "at 2026-09-17T18:00", "de la peinture"),
        ("demain 18h jeu de société", "at 2026-09-17T18:00", "jeu de société"),
        ("demain 18h lundi il y a piscine", "at 2026-09-17T18:00", "lundi il y a piscine"),
        ("demain 18h j'apporte 2/3 du goûter", "at 2026-09-17T18:00", "j'apporte 2/3 du goûter"),
        ("demain soir 20h 30 personnes", "at 2026-09-17T20:30", "personnes"),
        (
            "jeudi 16h30-18h par 10 min entretiens",
            "range 2026-09-17T16:30 2026-09-17T18:00 step 10m",
            "entretiens",
        ),
        ("vendredi (9 octobre) photo de classe", "days 2026-10-09 2026-10-09", "photo de classe"),
        ("demain 18h", "at 2026-09-17T18:00", ""),
        ("demain 18happorter le cahier", "days 2026-09-17 2026-09-17", "18happorter le cahier"),
    ],
)
def test_the_longest_beginning_that_is_a_date_is_read(text: str, value: str, rest: str) -> None:
    assert leading(text) == (value, rest)


def test_in_every_language_words_may_follow() -> None:
    lines = (DATA / "dates_leading.tsv").read_text(encoding="utf-8").splitlines()
    misses = []
    for language, text, expected, rest in (line.split("\t") for line in lines if not line.startswith("#")):
        try:
            found = leading(text, (language, *READ_LANGUAGES))
        except DateNotUnderstood:
            found = ("refuse", "")
        if found != (expected, rest):
            misses.append(f"{language} {text!r}: {expected} was meant, {found} read")
    assert misses == []


def test_a_date_in_another_language_than_the_first_is_read_as_far() -> None:
    arabic = "غدا الساعة ٦ مساء أحضر الدفتر"
    assert leading(arabic, READ_LANGUAGES) == ("at 2026-09-17T18:00", "أحضر الدفتر")


@pytest.mark.parametrize(
    ("text", "reason", "understood"),
    [
        ("", "empty", ""),
        ("apporter le cahier demain 18h", "leftover", ""),
        ("demain18h cahier", "leftover", ""),
        ("demain 18h/19h cahier", "leftover", "demain 18h"),
        ("hier 18h cahier", "past", "hier 18h"),
        ("demain 18h ou 19h cahier", "leftover", "demain 18h ou 19h"),
        ("demain matin le cahier", "needs-time", "demain matin"),
        ("tous les lundis piscine", "needs-time", "tous les lundis"),
        ("le 14 octobre vendredi 17h cahier", "contradiction", "le 14 octobre vendredi 17h"),
        ("lundi 31 février 10h cahier", "impossible", "lundi 31 février 10h"),
    ],
)
def test_a_text_that_begins_otherwise_is_refused_with_what_was_clear(
    text: str, reason: str, understood: str
) -> None:
    with pytest.raises(DateNotUnderstood) as refused:
        print(leading(text))
    assert (refused.value.reason, refused.value.understood) == (reason, understood)


@settings(deadline=None)  # the first reads the lexicon
@given(st.text(max_size=300))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    with contextlib.suppress(DateNotUnderstood):
        read_leading(text, now=NOW, zone=ZONE, languages=READ_LANGUAGES)


PHRASES = [
    (case[0], case[2], case[3]) for name in ("fr", "en", "uk", "ar") for case in cases(f"dates_{name}")
]


@settings(deadline=None)  # the first reads the lexicon
@given(
    st.sampled_from([one for one in PHRASES if one[2] != "refuse"]), st.sampled_from(["xylophone", "هههه"])
)
def test_a_whole_date_before_words_is_read_like_alone(phrase: tuple[str, str, str], word: str) -> None:
    language, text, _ = phrase
    with contextlib.suppress(DateNotUnderstood):  # past at this hour
        alone = read(text, now=NOW, zone=ZONE, languages=[language])
        assert leading(f"{text} : {word} Ünd", (language,)) == (shown(alone), f"{word} Ünd")
