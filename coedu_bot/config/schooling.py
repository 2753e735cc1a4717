"""From the YAML's models to the pure school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from coedu_bot.config.model import ClassModel, ConfigModel, PeopleModel, RoomModel
from coedu_bot.school.rights import Capability, Rights, Role
from coedu_bot.school.school import Person, School, SchoolClass, SchoolRoom


def school_of(model: ConfigModel, capabilities: Iterable[Capability]) -> School:
    """The school of a configuration, with the rights of these features."""
    changed = {name: frozenset(roles) for name, roles in model.rights.items()}
    return School(
        name=model.school.name,
        zone=model.school.time_zone,
        language=model.school.language,
        rights=Rights.from_capabilities(capabilities, changed),
        people=_people(model),
        classes={id_: _class(id_, one) for id_, one in model.classes.items()},
        rooms=_rooms(model),
        bots=frozenset(model.bots),
    )


def _people(model: ConfigModel) -> Mapping[str, Person]:
    named = model.people if isinstance(model.people, PeopleModel) else PeopleModel()
    roles: defaultdict[str, set[Role]] = defaultdict(set)
    for role, users in (
        (Role.COORDINATOR, named.coordinators),
        (Role.TEACHER, named.teachers),
        (Role.SUBSTITUTE, named.substitutes),
        (Role.PROFESSIONAL, named.professionals),
    ):
        for user in users:
            roles[user].add(role)
    for class_ in model.classes.values():
        for user in (*class_.teachers, *class_.substitutes, *class_.delegates):
            roles[user] |= set()
    return {
        user: Person(user, named.names.get(user, ""), None, frozenset(own)) for user, own in roles.items()
    }


def _class(id_: str, model: ClassModel) -> SchoolClass:
    return SchoolClass(id_, model.name or id_, frozenset(model.teachers), tuple(model.languages))


def _rooms(model: ConfigModel) -> dict[str, SchoolRoom]:
    rooms = {name: _room(name, name, None, one) for name, one in model.rooms.items()}
    for id_, class_ in model.classes.items():
        for name, one in class_.rooms.items():
            binding = f"{id_}/{name}"
            rooms[binding] = _room(binding, name, id_, one)
    return rooms


def _room(binding: str, name: str, class_id: str | None, model: RoomModel) -> SchoolRoom:
    return SchoolRoom(binding, model.kind or name, class_id, tuple(model.languages), model.id, model.alias)
