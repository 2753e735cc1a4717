"""Separated parents, siblings, restricted rights: ordinary cases."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.school.families import Entitlement, Families, Guardian, Household, Pupil

FULL, INFORMATION, NONE = Entitlement.FULL, Entitlement.INFORMATION, Entitlement.NONE


def guardian(key: str, household: str, *, reachable: bool = True, language: str | None = None) -> Guardian:
    return Guardian(key, key.title(), household, f"@{key}:e.fr" if reachable else None, language)


def families(guardians: list[Guardian], *pupils: Pupil) -> Families:
    return Families({one.key: one for one in guardians}, pupils)


def names(households: list[Household]) -> list[str]:
    return [one.key for one in households]


SEPARATED = families(
    [guardian("mother", "Benali A"), guardian("father", "Benali B")],
    Pupil("Inès B.", "6B", {"mother": FULL, "father": FULL}),
)


def test_separated_parents_are_two_households_of_one_pupil() -> None:
    assert names(SEPARATED.households(["6B"])) == ["Benali A", "Benali B"]
    assert SEPARATED.pupils_of("Benali A") == SEPARATED.pupils_of("Benali B")


def test_a_household_holds_nobody_of_another() -> None:
    for household in SEPARATED.households():
        assert {one.household for one in household.guardians} == {household.key}


def test_a_household_with_children_in_two_classes_counts_once() -> None:
    siblings = families(
        [guardian("mother", "Moreau")],
        Pupil("Jules M.", "6B", {"mother": FULL}),
        Pupil("Zoé M.", "6C", {"mother": FULL}),
    )
    assert names(siblings.households()) == ["Moreau"]
    assert names(siblings.households(["6B"])) == names(siblings.households(["6C"])) == ["Moreau"]
    assert [pupil.name for pupil in siblings.pupils_of("Moreau", ["6C"])] == ["Zoé M."]
    assert siblings.classes_of("mother") == {"6B", "6C"}


def test_who_may_only_be_informed_reads_but_does_not_decide() -> None:
    informed = families([guardian("father", "Haddad")], Pupil("Nour H.", "6C", {"father": INFORMATION}))
    assert names(informed.households(["6C"])) == ["Haddad"]
    assert informed.deciding_households(["6C"]) == []


def test_in_one_household_only_those_who_may_decide_do() -> None:
    mixed = families(
        [guardian("mother", "Haddad"), guardian("father", "Haddad")],
        Pupil("Nour H.", "6C", {"mother": FULL, "father": INFORMATION}),
    )
    [deciding] = mixed.deciding_households()
    assert [one.key for one in deciding.guardians] == ["mother"]


def test_who_may_nothing_is_nowhere() -> None:
    barred = families(
        [guardian("mother", "A"), guardian("father", "B")],
        Pupil("Léo D.", "6B", {"mother": FULL, "father": NONE}),
    )
    assert names(barred.households()) == ["A"]
    assert barred.household_of("father") is None
    assert barred.pupils_of("B") == []
    assert barred.classes_of("father") == set()
    assert barred.entitlement("father") is NONE


def test_rights_are_towards_a_child_not_for_ever() -> None:
    both = families(
        [guardian("father", "A")],
        Pupil("Léo D.", "6B", {"father": NONE}),
        Pupil("Mia D.", "6C", {"father": FULL}),
    )
    assert both.entitlement("father", ["6B"]) is NONE
    assert both.entitlement("father", ["6C"]) is FULL
    assert both.entitlement("father") is FULL
    assert [pupil.name for pupil in both.pupils_of("A")] == ["Mia D."]


def test_a_household_without_smartphone_is_counted_but_not_reachable() -> None:
    [petit] = families(
        [guardian("petit", "Petit", reachable=False)], Pupil("Tom P.", "6B", {"petit": FULL})
    ).households(["6B"])
    assert not petit.reachable


def test_a_household_speaks_the_languages_of_its_guardians() -> None:
    [home] = families(
        [guardian("a", "A", language="tr"), guardian("b", "A", language="fr"), guardian("c", "A")],
        Pupil("Can Y.", "6B", {"a": FULL, "b": FULL, "c": FULL}),
    ).households()
    assert home.languages == ("tr", "fr")


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=8),
    st.lists(st.dictionaries(st.integers(0, 7), st.sampled_from(Entitlement), max_size=8), max_size=6),
)
def test_no_guardian_is_ever_told_with_another_household(
    homes: list[int], pupils: list[dict[int, Entitlement]]
) -> None:
    guardians = [guardian(str(index), f"home {home}") for index, home in enumerate(homes)]
    all_ = families(
        guardians,
        *(
            Pupil(str(i), "6B", {str(who): held for who, held in one.items() if who < len(homes)})
            for i, one in enumerate(pupils)
        ),
    )
    seen = [one.key for household in all_.households() for one in household.guardians]
    assert len(seen) == len(set(seen))
    assert set(seen) == {one.key for one in guardians if all_.entitlement(one.key) is not NONE}
    deciding = {one.key for household in all_.deciding_households() for one in household.guardians}
    assert deciding == {one.key for one in guardians if all_.entitlement(one.key) is FULL}
