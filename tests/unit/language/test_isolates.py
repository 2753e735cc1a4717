import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.language.isolates import (
    FSI,
    LRI,
    LRM,
    PDI,
    RLI,
    RLM,
    framing,
    has_right_to_left,
    isolated,
    starts_right_to_left,
    without_controls,
)

NAME = "محمد"


def test_values_of_one_direction_need_no_isolates() -> None:
    assert isolated("6e B", right_to_left=False) == "6e B"


def test_a_right_to_left_value_is_isolated() -> None:
    assert isolated(NAME, right_to_left=False) == f"{FSI}{NAME}{PDI}"


def test_every_value_in_a_right_to_left_sentence_is_isolated() -> None:
    assert isolated("16:20-18:00", right_to_left=True) == f"{FSI}16:20-18:00{PDI}"


def test_a_line_of_the_other_direction_is_embedded_whole() -> None:
    assert framing("مرحبا", right_to_left=True, within_right_to_left=False) == (RLI, PDI)
    assert framing("Bonjour", right_to_left=False, within_right_to_left=True) == (LRI, PDI)


def test_a_line_that_begins_with_the_other_script_gets_a_mark() -> None:
    assert framing(f"{NAME} a voté", right_to_left=False, within_right_to_left=False) == (LRM, "")
    assert framing("A12 نشرت", right_to_left=True, within_right_to_left=True) == (RLM, "")
    assert framing("12", right_to_left=True, within_right_to_left=True) == ("", "")


@given(st.characters(categories=["L"]))
def test_every_right_to_left_letter_is_noticed(letter: str) -> None:
    if unicodedata.bidirectional(letter) in ("R", "AL"):
        assert has_right_to_left(letter)
    if unicodedata.bidirectional(letter) == "L":
        assert not has_right_to_left(letter)


@given(st.text())
def test_the_first_strong_letter_decides(text: str) -> None:
    strong = [d for c in text if (d := unicodedata.bidirectional(c)) in ("L", "R", "AL")]
    assert starts_right_to_left(text) == (strong[0] != "L" if strong else None)


@given(st.text(alphabet=f"ab{NAME}{FSI}{PDI}{RLI}\u202e\u202c"))
def test_a_value_cannot_close_or_open_more_than_its_own_isolate(text: str) -> None:
    value = isolated(without_controls(text), right_to_left=True)
    assert value[0] == FSI
    assert value[-1] == PDI
    assert not set(value[1:-1]) & set(f"{FSI}{PDI}{RLI}\u202e\u202c")
