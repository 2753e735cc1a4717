"""Scripts: enough to see that somebody does not write the language we think."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.language.scripts import language_of_script, script_of, script_of_language


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("مرحبا، ابني مريض", "arabic"),
        ("Добрий день", "cyrillic"),
        ("你好", "han"),
        ("Bonjour à tous", "latin"),
        ("Yanis مريض جدا اليوم", "arabic"),
        ("12 h 30 ✅", None),
        ("", None),
        ("я", None),
        ("こんにちは", None),
    ],
)
def test_the_script_of_a_text(text: str, script: str | None) -> None:
    assert script_of(text) == script


@given(st.text())
def test_any_text_has_one_script_or_none(text: str) -> None:
    assert script_of(text) in ("arabic", "cyrillic", "han", "latin", None)


def test_each_script_leads_to_the_language_that_is_written_in_it() -> None:
    for script in ("arabic", "cyrillic", "han"):
        (language,) = language_of_script(script)
        assert script_of_language(language) == script
    assert language_of_script("latin") == ()
