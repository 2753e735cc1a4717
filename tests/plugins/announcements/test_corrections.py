"""The smallest piece that tells what changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plugins.announcements.corrections import Change, changes


def test_a_changed_hour_is_told_with_the_hour_before() -> None:
    assert changes("Départ à 8 h 30, retour à 16 h.", "Départ à 7 h 45, retour à 16 h.") == [
        Change("Départ à 7 h 45", "8 h 30")
    ]


def test_markup_is_not_a_change() -> None:
    assert changes("Départ à **8 h**.", "Départ à 8 h.") == []


def test_an_added_clause_has_nothing_before() -> None:
    assert changes("Départ à 8 h.", "Départ à 8 h. Prévoir une gourde.") == [Change("Prévoir une gourde", "")]


def test_a_number_with_a_decimal_comma_stays_whole() -> None:
    assert changes("Prix 2,50 €", "Prix 3,50 €") == [Change("Prix 3,50 €", "2,50")]


def test_a_new_text_is_not_listed_change_by_change() -> None:
    old = "\n".join(f"Ligne {n}" for n in range(10))
    assert changes(old, old.replace("Ligne", "Autre chose")) == []


@given(st.text(max_size=200))
def test_the_same_text_has_no_changes(text: str) -> None:
    assert changes(text, text) == []


@given(st.text(max_size=200), st.text(max_size=200))
def test_changes_are_clauses_of_the_new_text(old: str, new: str) -> None:
    for change in changes(old, new):
        assert change.now
        assert change.now in new or any(mark in new for mark in "*_`#>-•–")
