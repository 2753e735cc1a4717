"""From the YAML's models and the files it names to the pure school."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from coedu_bot.config.consistency import named_rooms
from coedu_bot.config.model import ClassModel, ConfigModel, QuietHoursModel, RoleRights, RoomModel
from coedu_bot.config.people import Staff
from coedu_bot.school.calendar import Calendar
from coedu_bot.school.class_ import SchoolClass
from coedu_bot.school.families import Families
from coedu_bot.school.keeping import Keeping
from coedu_bot.school.person import Person
from coedu_bot.school.quiet_hours import QuietHours
from coedu_bot.school.rights import Capability, Rights, Role
from coedu_bot.school.room import SchoolRoom
from coedu_bot.school.school import School


@dataclass(frozen=True, slots=True)
class Sources:
    """What the files beside the YAML say."""

    staff: Staff = field(default_factory=Staff)
    families: Families = field(default_factory=Families)
    calendar: Calendar = field(default_factory=Calendar)


def school_of(model: ConfigModel, sources: Sources, capabilities: Iterable[Capability]) -> School:
    """The school of a configuration, with the rights of these features."""
    return School(
        name=model.school.name,
        zone=model.school.time_zone,
        language=model.school.language,
        rights=Rights.from_capabilities(capabilities, _rights(model.rights)),
        people=_people(model, sources.staff),
        classes={id_: _class(id_, one, sources.staff) for id_, one in model.classes.items()},
        rooms=_rooms(model),
        bots=frozenset(model.bots),
        families=sources.families,
        calendar=replace(sources.calendar, week_a=model.school.week_a),
        quiet_hours=_quiet_hours(model.school.quiet_hours),
        controller=model.school.controller,
        contact=model.school.contact,
        keeping=Keeping(model.keep.messages, model.keep.items),
    )


def _rights(said: RoleRights) -> dict[str, frozenset[Role]]:
    return {name: frozenset(roles) for name, roles in said.items()}


def _quiet_hours(said: QuietHoursModel | None) -> QuietHours | None:
    return QuietHours(said.from_, said.to, said.quiet_weekend) if said else None


def _people(model: ConfigModel, staff: Staff) -> Mapping[str, Person]:
    """The staff, and whoever only a class names."""
    people = dict(staff.people)
    for class_ in model.classes.values():
        for user in (*class_.teachers, *class_.substitutes, *class_.professionals):
            people.setdefault(user, Person(user))
    return people


def _class(id_: str, model: ClassModel, staff: Staff) -> SchoolClass:
    def named(users: Iterable[str], role: Role) -> frozenset[str]:
        return frozenset({*users, *staff.of_class(id_, role)})

    return SchoolClass(
        id_,
        model.name or id_,
        named(model.teachers, Role.TEACHER),
        tuple(model.languages),
        named(model.substitutes, Role.SUBSTITUTE),
        named(model.professionals, Role.PROFESSIONAL),
        frozenset(model.delegates),
        _rights(model.rights),
        model.plugins,
    )


def _rooms(model: ConfigModel) -> dict[str, SchoolRoom]:
    rooms = [
        _room(path[1] if path[0] == "classes" else None, name, one) for path, name, one in named_rooms(model)
    ]
    return {room.binding: room for room in rooms}


def _room(class_id: str | int | None, name: str, model: RoomModel) -> SchoolRoom:
    of_class = None if class_id is None else str(class_id)
    return SchoolRoom(
        binding=name if of_class is None else f"{of_class}/{name}",
        kind=model.kind or name,
        class_id=of_class,
        languages=tuple(model.languages),
        room_id=model.id,
        alias=model.alias,
        create=model.create,
        encrypted=model.encrypted,
        translate_messages=model.translate_messages,
        external_translation=model.external_translation,
        rights=_rights(model.rights),
        features=model.plugins,
    )
