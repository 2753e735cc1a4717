"""Options among people's text: taken when meant, left when they are text, refused when nearly right."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.dispatch.options import OptionWords, part
from coedu_bot.dispatch.refusal import Refusal

WORDS = OptionWords(
    {
        "pour": "to",
        "salles": "to",
        "envoyer": "send",
        "accuse": "ack",
        "reponse avant": "until",
        "priorite": "priority",
    }
)


def test_a_last_block_of_options_is_taken() -> None:
    text = "Sortie\nDépart à 8 h\n\npour : 6B, 6C\naccusé : foyer\nréponse avant : jeudi 18h"
    parted = part(text, WORDS, free_text=True)
    assert parted.text == "Sortie\nDépart à 8 h"
    assert parted.options == {"to": "6B, 6C", "ack": "foyer", "until": "jeudi 18h"}


def test_a_line_that_looks_like_an_option_elsewhere_is_text() -> None:
    text = "Réunion\npour : toutes les familles\nvenez nombreux"
    assert part(text, WORDS, free_text=True).text == text


def test_one_line_of_text_in_the_last_block_makes_all_of_it_text() -> None:
    text = "Réunion\n\npour : 6B\nÀ bientôt"
    assert part(text, WORDS, free_text=True).options == {}


@pytest.mark.parametrize(
    ("line", "text", "options"),
    [
        ("Sortie pour=6B", "Sortie", {"to": "6B"}),
        ("Sortie pour=6B,6C", "Sortie", {"to": "6B,6C"}),
        ('Sortie envoyer="demain 7h45" pour=6B', "Sortie", {"send": "demain 7h45", "to": "6B"}),
        ("Sortie réponse avant=jeudi", "Sortie", {"until": "jeudi"}),
        ("2+2=4, c'est acquis", "2+2=4, c'est acquis", {}),
    ],
)
def test_options_on_the_first_line(line: str, text: str, options: dict[str, str]) -> None:
    parted = part(line, WORDS, free_text=True)
    assert (parted.text, parted.options) == (text, options)


def test_nearly_an_option_is_refused_with_the_right_one_named() -> None:
    with pytest.raises(Refusal) as refused:
        part("Sortie\n\npour : 6B\nprioritee : urgente", WORDS, free_text=True)
    assert refused.value.says.values["near"] == "priorite"


def test_an_unknown_option_is_refused_where_there_is_no_free_text() -> None:
    with pytest.raises(Refusal):
        part("couleur : bleu", WORDS, free_text=False)


def test_the_same_option_twice_with_other_values_is_refused() -> None:
    with pytest.raises(Refusal):
        part("Sortie pour=6B\n\nsalles : 6C", WORDS, free_text=True)


@given(st.text(max_size=300), st.booleans())
def test_no_text_breaks_parting(text: str, free_text: bool) -> None:
    with suppress(Refusal):
        parted = part(text, WORDS, free_text=free_text)
        assert set(parted.options) <= set(WORDS.names.values())
