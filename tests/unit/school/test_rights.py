"""Who is what, and who may do what, where."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

from coedu_bot.school.class_ import SchoolClass
from coedu_bot.school.families import Entitlement, Families, Guardian, Pupil
from coedu_bot.school.person import Person
from coedu_bot.school.rights import Capability, Rights, Role
from coedu_bot.school.room import SchoolRoom
from coedu_bot.school.school import School
from tests.unit.school.places import Place

DURAND, LEROY, MARTIN, NURSE = "@durand:e.fr", "@leroy:e.fr", "@martin:e.fr", "@nurse:e.fr"
MOTHER, FATHER, STRANGER = "@mother:e.fr", "@father:e.fr", "@stranger:e.fr"
POST = Capability.of("announce.post", Role.TEACHER, Role.SUBSTITUTE, Role.COORDINATOR)
VOTE = Capability.of("poll.vote", Role.GUARDIAN)

CLASS_6B, CLASS_6C = Place("6B/class"), Place("6C/class")
STAFF, ELSEWHERE = Place("staff"), Place(powers={STRANGER: 50, MARTIN: 0, MOTHER: 100})


def school(
    *,
    school_rights: dict[str, frozenset[Role]] | None = None,
    class_rights: dict[str, frozenset[Role]] | None = None,
    room_rights: dict[str, frozenset[Role]] | None = None,
    families: Families | None = None,
) -> School:
    pupils = (Pupil("Inès B.", "6B", {MOTHER: Entitlement.FULL, FATHER: Entitlement.NONE}),)
    guardians = {
        MOTHER: Guardian(MOTHER, "Mme B", "B", MOTHER),
        FATHER: Guardian(FATHER, "M. B", "B2", FATHER),
    }
    return School(
        "École",
        "Europe/Paris",
        "fr",
        Rights.from_capabilities([POST, VOTE], school_rights),
        people={
            MARTIN: Person(MARTIN, roles=frozenset({Role.COORDINATOR})),
            LEROY: Person(LEROY, "M. Leroy", replaces=DURAND, until=date(2026, 11, 20)),
        },
        classes={
            "6B": SchoolClass(
                "6B",
                "6e B",
                frozenset({DURAND}),
                professionals=frozenset({NURSE}),
                delegates=frozenset({MOTHER}),
                rights=class_rights or {},
            ),
            "6C": SchoolClass("6C", "6e C"),
        },
        rooms={
            "6B/class": SchoolRoom("6B/class", "class", "6B", rights=room_rights or {}),
            "6C/class": SchoolRoom("6C/class", "class", "6C"),
            "staff": SchoolRoom("staff", "staff", None),
        },
        families=families if families is not None else Families(guardians, pupils),
    )


def test_a_teacher_is_one_in_the_rooms_of_the_class_only() -> None:
    assert Role.TEACHER in school().roles(DURAND, CLASS_6B)
    assert Role.TEACHER not in school().roles(DURAND, CLASS_6C)


def test_a_teacher_is_one_in_private_and_in_rooms_of_no_class() -> None:
    assert Role.TEACHER in school().roles(DURAND, Place(direct=DURAND))
    assert Role.TEACHER in school().roles(DURAND, STAFF)


def test_a_coordinator_is_one_everywhere() -> None:
    for place in (CLASS_6B, CLASS_6C, STAFF, ELSEWHERE, Place(direct=MARTIN)):
        assert Role.COORDINATOR in school().roles(MARTIN, place)


def test_a_professional_is_one_in_the_named_class_only() -> None:
    assert Role.PROFESSIONAL in school().roles(NURSE, CLASS_6B)
    assert Role.PROFESSIONAL not in school().roles(NURSE, CLASS_6C)


def test_a_substitute_stands_in_up_to_and_with_the_last_day() -> None:
    assert Role.SUBSTITUTE in school().roles(LEROY, CLASS_6B, date(2026, 11, 20))
    assert Role.SUBSTITUTE not in school().roles(LEROY, CLASS_6B, date(2026, 11, 21))
    assert Role.SUBSTITUTE not in school().roles(LEROY, CLASS_6C, date(2026, 11, 20))


def test_what_goes_to_the_replaced_goes_to_the_substitute() -> None:
    assert school().substitute_of(DURAND, date(2026, 11, 20)) == school().person(LEROY)
    assert school().substitute_of(DURAND, date(2026, 11, 21)) is None
    assert school().substitute_of(MARTIN, date(2026, 11, 20)) is None


def test_power_levels_are_roles_in_rooms_the_yaml_does_not_name() -> None:
    assert Role.TEACHER in school().roles(STRANGER, ELSEWHERE)
    assert {Role.COORDINATOR, Role.TEACHER} <= school().roles(MOTHER, ELSEWHERE)
    assert Role.COORDINATOR in school().roles(STRANGER, Place(powers={STRANGER: math.inf}))


def test_power_levels_are_no_roles_in_rooms_of_the_yaml_nor_in_private() -> None:
    strong = {STRANGER: 100.0}
    assert school().roles(STRANGER, Place("6B/class", powers=strong)) == {Role.MEMBER}
    assert school().roles(STRANGER, Place(direct=STRANGER, powers=strong)) == {Role.MEMBER}


def test_guardians_are_who_the_families_say() -> None:
    assert Role.GUARDIAN in school().roles(MOTHER, CLASS_6B)
    assert Role.GUARDIAN in school().roles(MOTHER, Place(direct=MOTHER))
    assert Role.GUARDIAN not in school().roles(FATHER, CLASS_6B)
    assert Role.GUARDIAN not in school().roles(STRANGER, CLASS_6B)


def test_a_delegate_remains_a_guardian() -> None:
    assert {Role.DELEGATE, Role.GUARDIAN} <= school().roles(MOTHER, CLASS_6B)
    assert {Role.DELEGATE, Role.GUARDIAN} <= school(families=Families()).roles(MOTHER, CLASS_6B)


def test_where_no_families_are_known_all_but_staff_are_guardians() -> None:
    unknown = school(families=Families())
    assert Role.GUARDIAN in unknown.roles(STRANGER, CLASS_6B)
    assert Role.GUARDIAN not in unknown.roles(DURAND, CLASS_6B)


def test_the_nearest_word_decides_who_may() -> None:
    only_head, only_delegate = frozenset({Role.COORDINATOR}), frozenset({Role.DELEGATE})
    assert school().may(DURAND, "announce.post", room=CLASS_6B)
    by_school = school(school_rights={"announce.post": only_head})
    assert not by_school.may(DURAND, "announce.post", room=CLASS_6B)
    by_class = school(
        school_rights={"announce.post": only_head}, class_rights={"announce.post": frozenset({Role.TEACHER})}
    )
    assert by_class.may(DURAND, "announce.post", room=CLASS_6B)
    by_room = school(class_rights={"announce.post": only_head}, room_rights={"announce.post": only_delegate})
    assert by_room.may(MOTHER, "announce.post", room=CLASS_6B)
    assert not by_room.may(MARTIN, "announce.post", room=CLASS_6B)
    decided = [
        one.where_decided("announce.post", room=CLASS_6B) for one in (school(), by_school, by_class, by_room)
    ]
    assert decided == ["default", "school", "class", "room"]


def test_a_refusal_names_the_roles_that_may_here() -> None:
    assert school().who_may("announce.post", room=CLASS_6B) == [
        Role.COORDINATOR,
        Role.TEACHER,
        Role.SUBSTITUTE,
    ]
    by_room = school(room_rights={"announce.post": frozenset({Role.DELEGATE})})
    assert by_room.who_may("announce.post", room=CLASS_6B) == [Role.DELEGATE]


def test_nobody_may_what_no_feature_knows() -> None:
    assert not school().may(MARTIN, "rockets.launch", room=CLASS_6B)
    assert school().who_may("rockets.launch", room=CLASS_6B) == []


def test_the_nearest_word_about_a_feature_counts() -> None:
    told = school()
    class_ = replace(told.classes["6B"], features={"polls": False, "reminders": {"voice": "pupil"}})
    room = replace(told.rooms["6B/class"], features={"polls": {}})
    there = replace(told, classes={**told.classes, "6B": class_}, rooms={**told.rooms, "6B/trip": room})
    trip = Place("6B/trip")
    for place, on, by in (
        (CLASS_6C, True, "school"),
        (CLASS_6B, False, "class"),
        (trip, True, "room"),
        (replace(trip, switches={"polls": False}), False, "chat"),
        (replace(CLASS_6B, switches={"polls": True}), True, "chat"),
    ):
        assert there.does_without("polls", place) is not on
        assert there.where_switched("polls", place) == by
    assert there.where_set("reminders", "voice", CLASS_6B) == "class"
    assert there.where_set("reminders", "other", CLASS_6B) == "school"
    assert there.where_set("polls", "voice", CLASS_6B) == "school"
