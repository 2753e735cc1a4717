import pytest
from babel import Locale

from coedu_bot.language.languages import LANGUAGES, is_right_to_left, normalise


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("fr", "fr"),
        ("fr-FR", "fr"),
        ("pt_BR", "pt"),
        ("zh-Hans-CN", "zh"),
        ("FRA", "fr"),
        ("arb", "ar"),
        ("العربية", "ar"),
        ("turkce", "tr"),
        ("Türkçe", "tr"),
        ("anglais", "en"),
        ("Arabisch", "ar"),
        ("украинский", None),
        ("so", "so"),
        ("somali", "so"),
        ("tamoul", "ta"),
        ("quatsch", None),
        ("xq", None),
        ("", None),
    ],
)
def test_a_language_is_known_by_tag_and_by_name(typed: str, code: str | None) -> None:
    assert normalise(typed) == code


def test_every_language_answers_to_its_own_name() -> None:
    assert [normalise(language.autonym) for language in LANGUAGES.values()] == list(LANGUAGES)


def test_directions_are_those_of_cldr() -> None:
    for code in (*LANGUAGES, "he", "fa", "ur", "so", "ta"):
        assert is_right_to_left(code) == (Locale.parse(code).text_direction == "rtl")
