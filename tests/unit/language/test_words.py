import pytest
from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.language.words import fold


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("Créneaux", "creneaux"),
        ("CRÉNEAUX\u00a0:", "creneaux:"),
        ("réponse avant :", "reponse avant:"),
        ("l’école", "l'ecole"),
        ("sœur", "soeur"),
        ("Straße", "strasse"),
        ("HATIRLATMA", "hatirlatma"),
        ("hatırlatma", "hatirlatma"),
        ("İPTAL", "iptal"),
        ("пʼятниця", "п'ятниця"),
        ("إعـــلان", "اعلان"),
        ("إعلانٌ", "اعلان"),
        ("16h30–18h", "16h30-18h"),
        ("\u2068A12\u2069", "a12"),
        ("公告", "公告"),
    ],
)
def test_ways_of_typing_a_word_fold_to_one(typed: str, word: str) -> None:
    assert fold(typed) == fold(word) == word


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_the_short_way_for_ascii_agrees_with_the_long_one(text: str) -> None:
    assert fold(text) == fold(text + "é")[: len(fold(text))]
