"""What each key allows but all together do not: names that lead nowhere, one thing said in two places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coedu_bot.config.families import FamilyReader
from coedu_bot.config.lines import Document, Path
from coedu_bot.config.model import ConfigModel, RoomModel
from coedu_bot.config.people import Staff
from coedu_bot.config.plugins import PluginsRead
from coedu_bot.config.problems import Problem, nearest_or_all
from coedu_bot.school.rights import Role
from coedu_bot.school.room import KINDS

SPACE = "space"
"""What the spaces of school and classes are called among the rooms."""


def contradictions(
    model: ConfigModel, document: Document, staff: Staff, reader: FamilyReader
) -> list[Problem]:
    """Everything that only shows across the parts."""
    return [
        *_rooms(model, document),
        *_own_account(model, document),
        *_teachers_among_families(model, document, staff, reader),
    ]


def named_rooms(model: ConfigModel) -> Iterator[tuple[Path, str, RoomModel]]:
    """Every room with its place in the YAML and its key there."""
    for name, room in model.rooms.items():
        yield ("rooms", name), name, room
    for id_, class_ in model.classes.items():
        for name, room in class_.rooms.items():
            yield ("classes", id_, "rooms", name), name, room


def _rooms(model: ConfigModel, document: Document) -> Iterator[Problem]:
    seen: dict[str, Path] = {}
    for path, name, room in named_rooms(model):
        kind = room.kind or name
        if name == SPACE:
            yield document.problem(path, f'"{name}" is kept for the space itself', "choose another name")
        if kind not in KINDS:
            where = (*path, "kind") if room.kind else path
            advice = nearest_or_all(kind, KINDS) + ("" if room.kind else ", or give `kind:`")
            yield document.problem(where, f'"{kind}" is no kind of room', advice)
        for key, place in (("id", room.id), ("alias", room.alias)):
            if place is not None and place in seen:
                other = ".".join(map(str, seen[place]))
                yield document.problem((*path, key), f'"{place}" is {other} already', "one room, one place")
            elif place is not None:
                seen[place] = path


def missing_people(model: ConfigModel, document: Document, staff: Staff) -> Iterator[Problem]:
    """Substitutes for people who are not there."""
    in_yaml = not isinstance(model.people, str)
    known = set(staff.people) | {user for one in model.classes.values() for user in one.teachers}
    for person in staff.people.values():
        if person.replaces is None or not in_yaml:
            continue
        path: Path = document.as_written(("people", person.id, "remplace", "replaces"))
        if person.replaces == person.id:
            yield document.problem(path, "replaces themselves", "name who is away")
        elif person.replaces not in known:
            advice = nearest_or_all(person.replaces, known - {person.id})
            yield document.problem(path, f'"{person.replaces}" is nobody of this school', advice)


def _own_account(model: ConfigModel, document: Document) -> Iterator[Problem]:
    """The bot's own account, or another bot's, in the place of a person."""
    for path, users in _staff_lists(model):
        for index, user in enumerate(users):
            if user == model.user or user in model.bots:
                yield document.problem((*path, index), f"{user} is a bot", "name a person")


def _staff_lists(model: ConfigModel) -> Iterator[tuple[Path, list[str]]]:
    if not isinstance(model.people, str):
        for role in ("coordinators", "teachers", "substitutes", "professionals"):
            yield ("people", role), getattr(model.people, role)
    for id_, class_ in model.classes.items():
        for role in ("teachers", "substitutes", "professionals", "delegates"):
            yield ("classes", id_, role), getattr(class_, role)


def _teachers_among_families(
    model: ConfigModel, document: Document, staff: Staff, reader: FamilyReader
) -> Iterator[Problem]:
    """A teacher in the families of their own class: mostly a slip of the mouse, and one that tells a lot."""
    for (_, class_id), held in reader.pupils.items():
        class_ = model.classes.get(class_id)
        teaching = set(class_.teachers) if class_ else set()
        teaching |= staff.of_class(class_id, Role.TEACHER)
        allowed = set(class_.teaches_own_child) if class_ else set()
        for user in (set(held) & teaching) - allowed:
            at = reader.where[user]
            what = f"{user} teaches {class_id} and is a guardian there"
            advice = f"if that is so: classes.{class_id}.teaches_own_child: [{user!r}]"
            yield Problem(at.table.file, at.line, "identifiant", what, advice)


def bots_among_families(model: ConfigModel, reader: FamilyReader) -> Iterator[Problem]:
    """The bot's own account, or another bot's, in the place of a parent."""
    for user, at in reader.where.items():
        if user == model.user or user in model.bots:
            yield Problem(at.table.file, at.line, "identifiant", f"{user} is a bot", "name a person")


def unknown_rights(model: ConfigModel, document: Document, plugins: PluginsRead) -> Iterator[Problem]:
    """Rights that no plugin has; those of plugins that are off count, so that none breaks by that."""
    known = set(plugins.capabilities())
    named = [(path, name) for path, rights in _places_of_rights(model) for name in rights]
    if any(name not in known for _, name in named):
        known |= set(plugins.capabilities_off())
    for path, name in named:
        if name not in known:
            yield document.problem((*path, name), "no such right", nearest_or_all(name, known))


def _places_of_rights(model: ConfigModel) -> Iterator[tuple[Path, Iterable[str]]]:
    yield ("rights",), model.rights
    for id_, class_ in model.classes.items():
        yield ("classes", id_, "rights"), class_.rights
    for path, _, room in named_rooms(model):
        yield (*path, "rights"), room.rights
