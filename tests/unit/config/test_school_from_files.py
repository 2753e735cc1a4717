"""A school as its coordinator writes it: one YAML and what spreadsheets export."""

from __future__ import annotations

import codecs
from datetime import date, time
from pathlib import Path

import pytest

from coedu_bot.config import Config, load_config
from coedu_bot.config.model import ConfigModel
from coedu_bot.school.calendar import Calendar
from coedu_bot.school.families import Entitlement
from coedu_bot.school.rights import Role
from coedu_bot.school.school import School

ROOT = Path(__file__).resolve().parents[3]
HEAD = "élève;classe;foyer;responsable;identifiant;langue;droits;discret;téléphone\n"
LEAST = """
homeserver: https://matrix.ecole.example
user: "@coedu:ecole.example"
school: {name: Collège, controller: La principale, contact: dpo@ecole.example}
plugins: {announcements: {}}
"""
CLASSES = "classes: {6B: {name: 6e B, families: 6b.csv}, 6C: {families: 6c.csv}}\n"


def loaded(folder: Path, yaml: str = "", **files: str | bytes) -> Config:
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / f"{name.removeprefix('_')}.csv").write_bytes(data)
    (folder / "config.yaml").write_text(LEAST + yaml, encoding="utf-8")
    return load_config(folder / "config.yaml", env={})


def school(folder: Path, yaml: str = "", **files: str | bytes) -> School:
    return loaded(folder, yaml, **files).school([])


def test_the_example_is_the_demo_s_school() -> None:
    families = load_config(ROOT / "config.example.yaml", env={}).school([]).families
    assert len(families.households()) == 13
    assert len(families.households({"6B"})) == len(families.households({"6C"})) == 7
    assert len({one.language for one in families.guardians.values()}) == 6
    assert [one.name for one in families.guardians.values() if one.id is None] == ["Mme Petit"]
    assert [one.name for one in families.guardians.values() if one.discreet] == ["Mme García"]
    assert families.classes_of("@julie.moreau:ecole.example") == {"6B", "6C"}
    assert families.entitlement("@marc.nguyen:ecole.example") is Entitlement.INFORMATION
    mother, father = (families.household_of(f"@{who}.benali:ecole.example") for who in ("samira", "karim"))
    assert mother is not None
    assert father is not None
    assert mother.key != father.key


def test_the_example_explains_every_key() -> None:
    text = (ROOT / "config.example.yaml").read_text(encoding="utf-8")
    school_keys = ConfigModel.model_fields["school"].annotation.model_fields  # type: ignore[union-attr]
    assert [key for key in (*ConfigModel.model_fields, *school_keys) if f"{key}:" not in text] == []


def test_the_least_config_has_no_families_and_no_quiet_hours(tmp_path: Path) -> None:
    least = school(tmp_path)
    assert not least.families
    assert least.quiet_hours is None
    assert least.classes == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_spreadsheets_may_write_csv_as_they_like(tmp_path: Path, encoding: str, separator: str) -> None:
    row = "Zoé B.;6e B;Bénard;Mme Bénard;@b:e.fr;français;;;\n"
    text = (HEAD + row).replace(";", separator).replace("\n", "\r\n")
    families = school(tmp_path, CLASSES, _6b=text.encode(encoding), _6c=HEAD).families
    assert families.pupils[0].name == "Zoé B."
    assert families.pupils[0].class_id == "6B"
    guardian = families.guardians["@b:e.fr"]
    assert (guardian.name, guardian.household, guardian.language) == ("Mme Bénard", "Bénard", "fr")


def test_english_headers_quotes_and_empty_lines_are_understood(tmp_path: Path) -> None:
    head = "Household,Pupil,Guardian,Language,Rights,Discreet\n\n"
    text = head + '"Benard, 1",Zoe B.,Mrs Benard,arabe,none,yes\n,,,,,\n'
    families = school(tmp_path, "classes: {6B: {families: 6b.csv}}", _6b=text).families
    (guardian,) = families.guardians.values()
    assert (guardian.key, guardian.id, guardian.language) == ("Benard, 1/Mrs Benard", None, "ar")
    assert guardian.discreet
    assert families.entitlement(guardian.key) is Entitlement.NONE


def test_one_file_may_hold_several_classes(tmp_path: Path) -> None:
    text = HEAD + "Zoé;6B;A;Mme A;@a:e.fr;;;;\nLéo;6C;A;Mme A;@a:e.fr;;information;;\n"
    families = school(
        tmp_path, "classes: {6B: {families: 6b.csv}, 6C: {families: 6b.csv}}", _6b=text
    ).families
    assert families.classes_of("@a:e.fr") == {"6B", "6C"}
    assert families.entitlement("@a:e.fr", {"6B"}) is Entitlement.FULL
    assert families.entitlement("@a:e.fr", {"6C"}) is Entitlement.INFORMATION


def test_what_one_line_leaves_out_another_may_say(tmp_path: Path) -> None:
    text = HEAD + "Zoé;6B;A;Mme A;@a:e.fr;;;;\nLéo;6B;a;Mme A;@a:e.fr;tr;;oui;01\n"
    families = school(tmp_path, "classes: {6B: {families: 6b.csv}}", _6b=text).families
    guardian = families.guardians["@a:e.fr"]
    assert (guardian.language, guardian.discreet, guardian.phone) == ("tr", True, "01")
    assert len(families.households()) == 1


def test_a_guardian_is_known_by_name_and_language(tmp_path: Path) -> None:
    text = HEAD + "Zoé;6B;A;Mme A;@a:e.fr;tr;;;\n"
    person = school(tmp_path, "classes: {6B: {families: 6b.csv}}", _6b=text).person("@a:e.fr")
    assert person is not None
    assert (person.name, person.language, person.roles) == ("Mme A", "tr", frozenset())


def test_quiet_hours_may_stand_without_quotes(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(
        LEAST.replace("name: Collège", "quiet_hours: {from: 19:00, to: 7 h 30}, name: Collège")
    )
    hours = load_config(tmp_path / "config.yaml", env={}).school([]).quiet_hours
    assert hours is not None
    assert (hours.start, hours.end, hours.quiet_weekend) == (time(19), time(7, 30), False)


def test_a_person_s_own_part_makes_a_substitute(tmp_path: Path) -> None:
    yaml = """
people:
  names: {"@durand:e.fr": Mme Durand}
  "@leroy:e.fr": {name: M. Leroy, language: tr, remplace: "@durand:e.fr", jusqu’au: 2026-11-20}
classes: {6B: {teachers: ["@durand:e.fr"]}}
"""
    own = school(tmp_path, yaml)
    substitute = own.substitute_of("@durand:e.fr", date(2026, 11, 20))
    assert substitute is not None
    assert (substitute.name, substitute.language) == ("M. Leroy", "tr")
    assert own.substitute_of("@durand:e.fr", date(2026, 11, 21)) is None


def test_people_may_come_from_a_spreadsheet(tmp_path: Path) -> None:
    text = (
        "identifiant;nom;rôle;classes;langue;remplace;jusqu'au\n"
        "@martin:e.fr;Mme Martin;coordinatrice;;;;\n"
        "@durand:e.fr;Mme Durand;enseignante;6B, 6C;en;;\n"
        "@nurse:e.fr;Mme Nurse;professionnelle;6B;;;\n"
        "@leroy:e.fr;M. Leroy;;;;@durand:e.fr;20/11/2026\n"
    )
    yaml = "people: people.csv\nclasses: {6B: {name: 6e B}, 6C: {}}\n"
    own = school(tmp_path, yaml, people=text)
    assert own.people["@martin:e.fr"].roles == {Role.COORDINATOR}
    assert own.people["@durand:e.fr"].roles == frozenset()
    assert own.classes["6B"].teachers == own.classes["6C"].teachers == {"@durand:e.fr"}
    assert own.classes["6B"].professionals == {"@nurse:e.fr"}
    assert own.people["@leroy:e.fr"].until == date(2026, 11, 20)


def test_rights_are_kept_for_school_class_and_room(tmp_path: Path) -> None:
    yaml = """
rights: {announce.post: [teacher]}
classes:
  6B:
    rights: {announce.post: [delegate]}
    rooms: {class: {create: true, rights: {announce.post: [guardian]}}}
"""
    own = school(tmp_path, yaml)
    assert own.rights.school["announce.post"] == {Role.TEACHER}
    assert own.classes["6B"].rights["announce.post"] == {Role.DELEGATE}
    assert own.rooms["6B/class"].rights["announce.post"] == {Role.GUARDIAN}


@pytest.mark.parametrize("zone", ["zone-a", "zone-b", "zone-c.ics"])
def test_the_french_zones_come_with_the_bot(tmp_path: Path, zone: str) -> None:
    calendar = _calendar(tmp_path, zone)
    assert not calendar.is_school_day(date(2026, 10, 19))
    assert calendar.is_school_day(date(2026, 11, 2))
    assert not calendar.is_school_day(date(2026, 11, 11))
    assert calendar.next_school_day(date(2026, 12, 18)) == date(2027, 1, 4)


def test_the_zones_differ_in_winter_and_spring(tmp_path: Path) -> None:
    zones = {zone: _calendar(tmp_path, zone) for zone in ("zone-a", "zone-b", "zone-c")}
    first_of_winter = {zone: not own.is_school_day(date(2027, 2, 8)) for zone, own in zones.items()}
    assert first_of_winter == {"zone-a": False, "zone-b": False, "zone-c": True}
    assert zones["zone-a"].is_school_day(date(2028, 2, 7))
    assert not zones["zone-b"].is_school_day(date(2028, 2, 7))


def test_holidays_may_be_a_list_of_days_and_ranges(tmp_path: Path) -> None:
    calendar = _calendar(tmp_path, "[2026-11-11, 2026-12-21..2027-01-01, 2027-02-01 au 2027-02-05]")
    assert not calendar.is_school_day(date(2026, 11, 11))
    assert not calendar.is_school_day(date(2027, 1, 1))
    assert calendar.is_school_day(date(2027, 1, 4))
    assert not calendar.is_school_day(date(2027, 2, 5))


def test_a_calendar_file_beside_the_yaml_is_read_with_what_recurs(tmp_path: Path) -> None:
    event = "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTAMP:20260101T000000Z\r\n{1}SUMMARY:{0}\r\nEND:VEVENT\r\n"
    events = (
        event.format("range", "DTSTART;VALUE=DATE:20261019\r\nDTEND;VALUE=DATE:20261024\r\n"),
        event.format("yearly", "DTSTART;VALUE=DATE:20250501\r\nRRULE:FREQ=YEARLY\r\n"),
        event.format("hour", "DTSTART:20261201T090000Z\r\nDTEND:20261201T100000Z\r\n"),
    )
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{''.join(events)}END:VCALENDAR\r\n"
    (tmp_path / "ours.ics").write_bytes(codecs.BOM_UTF8 + text.encode())
    calendar = _calendar(tmp_path, "ours.ics")
    assert [calendar.is_school_day(date(2026, 10, day)) for day in (16, 19, 23, 26)] == [
        True,
        False,
        False,
        True,
    ]
    assert not calendar.is_school_day(date(2028, 5, 1))
    assert calendar.is_school_day(date(2026, 12, 1))


def _calendar(folder: Path, said: str) -> Calendar:
    text = LEAST.replace("name: Collège", f"holidays: {said}, name: Collège")
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    return load_config(folder / "config.yaml", env={}).school([]).calendar
