"""Answers to dates as people type them, in every language, and texts that are none."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.app import load_catalog, load_registry
from coedu_bot.dispatch.vocabulary import Vocabulary
from coedu_bot.language.languages import LANGUAGES
from coedu_bot.language.words import fold
from plugins.polls.date_domain import Answer
from plugins.polls.date_words import SIGNS, read_answers

YES, MAYBE, NO = Answer.YES, Answer.MAYBE, Answer.NO


@cache
def vocabulary() -> Vocabulary:
    registry, _ = load_registry({"polls": None})
    return Vocabulary(load_catalog(registry), registry.commands)


@cache
def words() -> dict[str, Answer]:
    known = {word: answer for answer in Answer for word in vocabulary().choice_words(answer)}
    return known | {fold(sign): answer for sign, answer in SIGNS.items()}


def read(typed: str, dates: int = 3) -> dict[int, Answer] | None:
    return read_answers(fold(typed), words(), dates, vocabulary().choice_words("and"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1 oui 2 peut-être", {1: YES, 2: MAYBE}),
        ("1 Oui, 2 non.", {1: YES, 2: NO}),
        ("1 : oui ; 2 : si besoin ; 3 : non", {1: YES, 2: MAYBE, 3: NO}),
        ("1=oui 2=peut être", {1: YES, 2: MAYBE}),
        ("1oui 2non", {1: YES, 2: NO}),
        ("1, 3 oui 2 non", {1: YES, 3: YES, 2: NO}),
        ("1 et 3 oui, et 2 non", {1: YES, 3: YES, 2: NO}),
        ("1) ✅ 2) 🤷‍♀️ 3) ❌", {1: YES, 2: MAYBE, 3: NO}),
        ("1 🤷🏽‍♂️\n2 ✅️", {1: MAYBE, 2: YES}),
        ("1 yes 2 if need be", {1: YES, 2: MAYBE}),
        ("١ نعم ٢ ربما", {1: YES, 2: MAYBE}),
        ("1是2否", {1: YES, 2: NO}),
        ("1 sí 2 si hace falta", {1: YES, 2: MAYBE}),
        ("1 за потреби 2 так", {1: MAYBE, 2: YES}),
    ],
)
def test_answers_are_read(typed: str, said: dict[int, Answer]) -> None:
    assert read(typed) == said


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "oui",
        "3 enfants seront absents",
        "1 oui mais 2 heures plus tard",
        "1 oui 4 non",
        "0 oui",
        "1 oui 1 non",
        "1 2 3",
        "1 oui 2",
        "oui 1 non 2 merci",
        "1 oui 2 peut-être, à voir",
    ],
)
def test_what_is_not_all_answers_is_none(typed: str) -> None:
    assert read(typed) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_three_answers_and_no_word_means_two(language: str) -> None:
    for answer in Answer:
        for word in vocabulary().words(f"choice-{answer}", language):
            assert read(f"1 {word} 2 {word}") == {1: answer, 2: answer}, word


numbers = st.integers(1, 20)
said = st.dictionaries(numbers, st.sampled_from(sorted(words())), min_size=1, max_size=6)


@given(said, st.sampled_from([" ", ", ", "; ", "\n"]), st.sampled_from([" ", ": ", "=", ") "]))
def test_whatever_is_answered_is_read_so(answers: dict[int, str], between: str, behind: str) -> None:
    typed = between.join(f"{number}{behind}{word}" for number, word in answers.items())
    assert read(typed, 20) == {number: words()[word] for number, word in answers.items()}


@given(st.text(max_size=40))
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    found = read(text)
    assert found is None or set(found) <= {1, 2, 3}
