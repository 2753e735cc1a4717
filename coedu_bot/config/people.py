"""The staff, from the YAML's mapping or from a CSV: names, roles, classes, who stands in for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from coedu_bot.config.model import PeopleModel
from coedu_bot.config.problems import nearest_or_all
from coedu_bot.config.table import Row, Table, read_table
from coedu_bot.config.values import day, language, user_id
from coedu_bot.language.words import fold
from coedu_bot.school.person import Person
from coedu_bot.school.rights import Role

COLUMNS: Mapping[str, Sequence[str]] = {
    "id": ("identifiant", "matrix id", "matrix", "id", "identifier"),
    "name": ("nom", "name"),
    "role": ("rôle", "role", "fonction"),
    "classes": ("classes", "classe", "class"),
    "language": ("langue", "language"),
    "replaces": ("remplace", "replaces"),
    "until": ("jusqu'au", "until"),
}
_COORDINATING = ("coordinateur", "coordinatrice", "coordinator", "direction", "directeur", "directrice")
_ROLES = {
    **dict.fromkeys(_COORDINATING, Role.COORDINATOR),
    **dict.fromkeys(("enseignant", "enseignante", "professeur", "professeure", "teacher"), Role.TEACHER),
    **dict.fromkeys(("remplacant", "remplacante", "substitute"), Role.SUBSTITUTE),
    **dict.fromkeys(("professionnel", "professionnelle", "professional"), Role.PROFESSIONAL),
}
T = TypeVar("T")
_SHOWN_ROLES = ("coordinateur", "enseignant", "remplaçant", "professionnel")


@dataclass(slots=True)
class Staff:
    """Who works at the school, and in which classes as what where the CSV says so."""

    people: dict[str, Person] = field(default_factory=dict)
    in_classes: defaultdict[str, defaultdict[Role, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    lines: dict[str, int] = field(default_factory=dict)  # where a CSV names them

    def of_class(self, class_id: str, role: Role) -> set[str]:
        """Who has a role in a class by the CSV's word."""
        return self.in_classes[class_id][role] if class_id in self.in_classes else set()


def staff_of(model: PeopleModel) -> Staff:
    """The staff as the YAML's mapping has it."""
    roles: defaultdict[str, set[Role]] = defaultdict(set)
    for role, users in (
        (Role.COORDINATOR, model.coordinators),
        (Role.TEACHER, model.teachers),
        (Role.SUBSTITUTE, model.substitutes),
        (Role.PROFESSIONAL, model.professionals),
    ):
        for user in users:
            roles[user].add(role)
    everyone = dict.fromkeys([*roles, *model.names, *model.persons])
    return Staff({user: _person(user, model, roles.get(user, ())) for user in everyone})


def _person(user: str, model: PeopleModel, roles: Iterable[Role]) -> Person:
    own = model.persons.get(user)
    name = (own.name if own else "") or model.names.get(user, "")
    if own is None:
        return Person(user, name, None, frozenset(roles))
    return Person(user, name, own.language, frozenset(roles), own.replaces, own.until)


def read_people(data: bytes, file: str, classes: Mapping[str, str]) -> tuple[Staff, Table]:
    """The staff of a CSV; the table holds what is wrong with it."""
    table = read_table(data, file, COLUMNS, ("id",))
    staff = Staff()
    ids = {fold(word): id_ for id_, name in classes.items() for word in (id_, name)}
    for row in table.rows:
        _take(row, table, staff, ids, classes)
    return staff, table


def _take(row: Row, table: Table, staff: Staff, ids: Mapping[str, str], classes: Mapping[str, str]) -> None:
    person = _read_person(row, table)
    if person is None:
        return
    if person.id in staff.people:
        what = f"{person.id} stands in line {staff.lines[person.id]} already"
        table.problem(row.line, COLUMNS["id"][0], what, "one line for each person")
        return
    role = next(iter(person.roles), Role.TEACHER)
    named = [word.strip() for word in row.get("classes").replace(",", " ").replace("|", " ").split()]
    for word in named:
        if fold(word) in ids:
            staff.in_classes[ids[fold(word)]][role].add(person.id)
        else:
            advice = nearest_or_all(word, classes)
            table.problem(row.line, COLUMNS["classes"][0], f'"{word}" is no class', advice)
    if named and role is not Role.COORDINATOR:  # theirs in those classes only
        person = Person(person.id, person.name, person.language, frozenset(), person.replaces, person.until)
    staff.people[person.id], staff.lines[person.id] = person, row.line


def _read_person(row: Row, table: Table) -> Person | None:
    before = len(table.problems)
    user = _cell(row, table, "id", user_id)
    spoken = _cell(row, table, "language", language) if row.get("language") else None
    replaces = _cell(row, table, "replaces", user_id) if row.get("replaces") else None
    until = _cell(row, table, "until", day) if row.get("until") else None
    typed = row.get("role")
    role = _ROLES.get(fold(typed))
    if typed and role is None:
        advice = nearest_or_all(typed, _SHOWN_ROLES)
        table.problem(row.line, COLUMNS["role"][0], f'"{typed}" is no role', advice)
    if len(table.problems) > before or user is None:
        return None
    roles = frozenset({role} if role else ())
    return Person(user, row.get("name"), spoken, roles, replaces, until)


def _cell(row: Row, table: Table, column: str, read: Callable[[str], T]) -> T | None:
    try:
        return read(row.get(column))
    except ValueError as problem:
        table.problem(row.line, COLUMNS[column][0], str(problem))
        return None
