import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.language.typography import french

SENTENCES = st.text(alphabet="aé8 \u00a0\u202f:;!?«»`.*(){}\n/")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Publiée : 6B", "Publiée\u00a0: 6B"),
        ("Publiée: 6B", "Publiée\u00a0: 6B"),
        ("Vraiment ?", "Vraiment\u202f?"),
        ("Quoi ?!", "Quoi\u202f?!"),
        ("**Attention** !", "**Attention**\u202f!"),
        ("Oui ; non", "Oui\u202f; non"),
        ("« {typed} » ?", "«\u00a0{typed}\u00a0»\u202f?"),
        ("«ici»", "«\u00a0ici\u00a0»"),
        ("{name} : lu", "{name}\u00a0: lu"),
        ("à 8:30, voir https://exemple.fr", "à 8:30, voir https://exemple.fr"),
        ("Tapez !aide", "Tapez !aide"),
        ("Tapez `!a b ; c ?` !", "Tapez `!a b ; c ?`\u202f!"),
        ("Tapez ``a ` b ?`` ?", "Tapez ``a ` b ?``\u202f?"),
        ("Fini :\n- un", "Fini\u00a0:\n- un"),
    ],
)
def test_french_spaces_stand_before_punctuation(typed: str, shown: str) -> None:
    assert french(typed) == shown


@given(SENTENCES)
def test_spacing_twice_changes_nothing(text: str) -> None:
    assert french(french(text)) == french(text)


@given(SENTENCES)
def test_only_spaces_change(text: str) -> None:
    spaces = re.compile("[ \u00a0\u202f]")
    assert spaces.sub("", french(text)) == spaces.sub("", text)


@given(st.text(alphabet="ab :;!?«»"), SENTENCES.filter(lambda text: "`" not in text))
def test_code_stays_as_typed(code: str, text: str) -> None:
    assert f"`x{code}x`" in french(f"{text} `x{code}x` {text}")
