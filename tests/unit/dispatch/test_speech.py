"""When the bot is spoken to, and when people only write `!`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.dispatch.speech import Ears, Speech, spoken_to

EARS = Ears("!", "@coedu:ecole.example", "Coedu Bot")


@pytest.mark.parametrize(
    ("text", "word", "rest"),
    [
        ("!annonce La sortie est reportée.", "annonce", "La sortie est reportée."),
        ("! annonce La sortie", "annonce", "La sortie"),
        ("!\u00a0annonce La sortie", "annonce", "La sortie"),
        ("!annonce : La sortie", "annonce", "La sortie"),
        ("Coedu Bot: aide", "aide", ""),
        ("coedu bot, aide sondage", "aide", "sondage"),
        ("@coedu:ecole.example: aide", "aide", ""),
        ("!annonce Sortie\nDépart à 8 h", "annonce", "Sortie\nDépart à 8 h"),
    ],
)
def test_prefix_and_name_call_the_bot(text: str, word: str, rest: str) -> None:
    assert spoken_to(EARS, text, direct=False) == Speech(word, rest, certain=True)


@pytest.mark.parametrize("text", ["!!!", "! ", "Bravo !", "", "Coedu Botanique", "…", "!?"])
def test_emphasis_is_not_a_command(text: str) -> None:
    assert spoken_to(EARS, text, direct=False) is None


def test_in_private_no_prefix_is_needed_but_it_may_be_text() -> None:
    assert spoken_to(EARS, "annonce Sortie", direct=True) == Speech("annonce", "Sortie", certain=False)


@given(st.text(max_size=200), st.booleans())
def test_no_text_breaks_listening(text: str, direct: bool) -> None:
    spoken_to(EARS, text, direct=direct)
