from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from coedu_bot.language.catalog import UnknownTextError
from coedu_bot.language.texts import Texts
from coedu_bot.message import Code, Day, Hour, When, Written, says

Speaker = Callable[[str], Texts]
MORNING = datetime(2026, 10, 9, 6, 30, tzinfo=UTC)  # 8:30 in Paris


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (MORNING, "vendredi 9 octobre 2026 à 8\u00a0h\u00a030"),
        (When(MORNING), "ven. 9 oct. à 8\u00a0h\u00a030"),
        (Day(MORNING), "vendredi 9 octobre 2026"),
        (Day(datetime(2026, 10, 8, 22, 30, tzinfo=UTC)), "vendredi 9 octobre 2026"),
        (date(2026, 10, 9), "vendredi 9 octobre 2026"),
        (Hour(MORNING), "8\u00a0h\u00a030"),
        (Hour(time(8, 0)), "8\u00a0h"),
        (date(2026, 10, 1), "jeudi 1er octobre 2026"),
        (When(datetime(2026, 10, 1, 6, 0, tzinfo=UTC)), "jeu. 1er oct. à 8\u00a0h"),
        ("8\u00a0h  \n\u20299", "8\u00a0h 9"),
        (time(8, 5), "8\u00a0h\u00a005"),
        (time(18, 0), "18\u00a0h"),
        (time(0, 0), "0\u00a0h"),
        (12, "12"),
        (12345, "12\u202f345"),
        (["6B", "6C", "6D"], "6B, 6C et 6D"),
        ([Code("oui"), says("hello")], "`oui` et Bonjour"),
        (says("hello"), "Bonjour"),
        (Code("!rdv A12"), "`!rdv A12`"),
        (Code("a`b"), "``a`b``"),
        ("*fin*\n# titre", r"\*fin\* \# titre"),
        ("محمد", "\u2068محمد\u2069"),
        ("\u202eamoc", "amoc"),
    ],
)
def test_values_are_shown_as_in_french(texts: Speaker, value: Any, shown: str) -> None:
    assert texts("fr").say(says("only", value=value)) == shown


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "Friday, October 9, 2026 at 08:30"),
        ("es", "viernes, 9 de octubre de 2026, 08:30"),
        ("pt", "sexta-feira, 9 de outubro de 2026 às 08:30"),
        ("tr", "9 Ekim 2026 Cuma 08:30"),
        ("uk", "пʼятниця, 9 жовтня 2026\u202fр. о 08:30"),
        ("ro", "vineri, 9 octombrie 2026 la 08:30"),
        ("zh", "2026年10月9日星期五 08:30"),
        ("de", "Freitag, 9. Oktober 2026 um 08:30 Uhr"),
        ("ar", "\u2068الجمعة، 9 أكتوبر 2026 في 08:30\u2069"),
    ],
)
def test_a_moment_is_spelled_out_in_every_language(texts: Speaker, language: str, shown: str) -> None:
    assert texts(language).say(says("only", value=MORNING)).replace("\u00a0р", "\u202fр") == shown


def test_french_typography_is_for_sentences_not_for_what_people_typed(texts: Speaker) -> None:
    said = texts("fr").say(says("value", value="quoi ?"))
    assert said == "Valeur\u00a0: quoi ?\u202f!"


def test_every_value_of_an_arabic_sentence_is_isolated(texts: Speaker) -> None:
    assert texts("ar").say(says("value", value=Code("!rdv 3"))) == "قيمة \u2068`!rdv 3`\u2069"
    assert texts("ar").say(says("value", value=["6B", 7])) == "قيمة \u20686B\u2069 و\u20687\u2069"


def test_an_example_of_several_lines_can_be_copied_whole(texts: Speaker) -> None:
    example = Code("!annonce Sortie\n\npour : 6B")
    assert texts("fr").say(says("only", value=example)) == "\n```\n!annonce Sortie\n\npour : 6B\n```\n"


def test_zero_and_one_are_singular_in_french(texts: Speaker) -> None:
    said = [texts("fr").say(says("pupils", count=count)) for count in (0, 1, 2)]
    assert said == ["0 élève", "1 élève", "2 élèves"]


def test_a_reader_of_a_language_the_bot_does_not_speak_gets_french(texts: Speaker) -> None:
    assert texts("so").say(says("value", value=MORNING)) == texts("fr").say(says("value", value=MORNING))


def test_mistakes_of_the_program_are_errors(texts: Speaker) -> None:
    with pytest.raises(UnknownTextError):
        texts("fr").say(says("no-such-key"))
    with pytest.raises(KeyError, match="value"):
        texts("fr").say(says("only"))
    for wrong in (True, 1.5, None, Written("x"), MORNING.replace(tzinfo=None)):
        with pytest.raises(TypeError):
            texts("fr").say(says("only", value=wrong))
