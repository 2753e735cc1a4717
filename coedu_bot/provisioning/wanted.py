"""The rooms as the configuration wants them: a space for the school, one for each class, their rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from coedu_bot.config.consistency import SPACE, named_rooms
from coedu_bot.config.model import ConfigModel, RoomModel
from coedu_bot.events import UserId
from coedu_bot.school.class_ import SchoolClass
from coedu_bot.school.families import Entitlement
from coedu_bot.school.rights import Role
from coedu_bot.school.school import School

TEACHER_POWER, COORDINATOR_POWER = 50, 100
_WITH_FAMILIES = frozenset({"class", "announcements"})

KindName = Callable[[str], str]
"""How rooms of a kind are called in the school's language."""


def reference(binding: str) -> str:
    """Stands for the id of a room that may not be there yet."""
    return f"\u0000{binding}\u0000"


@dataclass(frozen=True, slots=True)
class Picture:
    """An avatar; `digest` tells whether the homeserver has this one already."""

    file: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRoom:
    """One room or space; `parent` is the space it belongs to.

    `ours` ones are made if they are not there, and wholly as written here; of others' rooms only what the
    configuration says expressly is set.
    """

    binding: str
    server: str  # that others can find it by
    name: str = ""
    topic: str = ""
    parent: str | None = None
    space: bool = False
    ours: bool = True
    alias: str | None = None
    room_id: str | None = None
    encrypted: bool = False
    history: str = "joined"
    restricted: bool = False
    staff_speaks: bool = False
    version: str = "12"
    picture: Picture | None = None
    powers: Mapping[UserId, int] = field(default_factory=dict)
    members: frozenset[UserId] = frozenset()
    shut_out: frozenset[UserId] = frozenset()

    @property
    def state(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The state it should have, powers and picture aside; ids of other rooms as references."""
        state: dict[tuple[str, str], dict[str, Any]] = {}
        if self.name:
            state["m.room.name", ""] = {"name": self.name}
        if self.topic:
            state["m.room.topic", ""] = {"topic": self.topic}
        if self.encrypted:
            state["m.room.encryption", ""] = {"algorithm": "m.megolm.v1.aes-sha2"}
        return state | self._own_state() if self.ours else state

    def _own_state(self) -> dict[tuple[str, str], dict[str, Any]]:
        state: dict[tuple[str, str], dict[str, Any]] = {
            ("m.room.join_rules", ""): self._join_rules(),
            ("m.room.history_visibility", ""): {"history_visibility": self.history},
            ("m.room.guest_access", ""): {"guest_access": "forbidden"},
        }
        if self.alias:
            state["m.room.canonical_alias", ""] = {"alias": self.alias}
        if self.parent:
            state["m.space.parent", reference(self.parent)] = {"canonical": True, "via": [self.server]}
        return state

    def _join_rules(self) -> dict[str, Any]:
        if not (self.restricted and self.parent):
            return {"join_rule": "invite"}
        allowed = {"type": "m.room_membership", "room_id": reference(self.parent)}
        return {"join_rule": "restricted", "allow": [allowed]}


def wanted_rooms(
    model: ConfigModel,
    school: School,
    kind_name: KindName,
    picture: Callable[[str], Picture],
) -> list[WantedRoom]:
    """Every space and room, spaces before what is in them; none where the YAML names no room."""
    named = list(named_rooms(model))
    if not named:
        return []
    rooms = [_school_space(model, school, picture)]
    for class_id in dict.fromkeys(str(path[1]) for path, _, _ in named if path[0] == "classes"):
        rooms.append(_class_space(school.classes[class_id], model, school))
    for path, name, one in named:
        class_ = school.classes[str(path[1])] if path[0] == "classes" else None
        rooms.append(_room(name, one, class_, model, school, kind_name, picture))
    return rooms


def _school_space(model: ConfigModel, school: School, picture: Callable[[str], Picture]) -> WantedRoom:
    staff = _staff(school)
    return WantedRoom(
        binding=SPACE,
        server=_server(model),
        name=school.name,
        space=True,
        version=model.room_version,
        picture=picture(model.avatar) if model.avatar else None,
        powers=_powers(school, ()),
        members=staff,
    )


def _class_space(class_: SchoolClass, model: ConfigModel, school: School) -> WantedRoom:
    staff = _staff_of(class_, school)
    return WantedRoom(
        binding=f"{class_.id}/{SPACE}",
        server=_server(model),
        name=class_.name,
        parent=SPACE,
        space=True,
        version=model.room_version,
        powers=_powers(school, _teaching(class_, school)),
        members=staff | _families(school, {class_.id}),
        shut_out=_shut_out(school, {class_.id}) - staff,
    )


def _room(
    name: str,
    one: RoomModel,
    class_: SchoolClass | None,
    model: ConfigModel,
    school: School,
    kind_name: KindName,
    picture: Callable[[str], Picture],
) -> WantedRoom:
    kind = one.kind or name
    ours = one.create
    staff = _staff_of(class_, school) if class_ else _staff(school)
    teaching = _teaching(class_, school) if class_ else _teaching_anywhere(school)
    classes = {class_.id} if class_ else set(school.classes)
    shut_out = _shut_out(school, classes) - staff if kind != "staff" else frozenset()
    return WantedRoom(
        binding=f"{class_.id}/{name}" if class_ else name,
        server=_server(model),
        name=one.name or (_name(kind, class_, kind_name) if ours else ""),
        topic=one.topic,
        parent=f"{class_.id}/{SPACE}" if class_ else SPACE,
        ours=ours,
        alias=one.alias,
        room_id=one.id,
        encrypted=(kind != "announcements") if one.encrypted is None and ours else bool(one.encrypted),
        history=one.history,
        restricted=class_ is not None and kind in _WITH_FAMILIES,
        staff_speaks=kind == "announcements",
        version=model.room_version,
        picture=picture(one.avatar) if one.avatar else None,
        powers=_powers(school, teaching) if ours else {},
        members=_members(kind, class_, classes, staff, school),
        shut_out=shut_out,
    )


def _server(model: ConfigModel) -> str:
    return model.user.partition(":")[2]


def _name(kind: str, class_: SchoolClass | None, kind_name: KindName) -> str:
    if class_ is None:
        return kind_name(kind)
    return class_.name if kind == "class" else f"{class_.name} · {kind_name(kind)}"


def _members(
    kind: str, class_: SchoolClass | None, classes: set[str], staff: frozenset[UserId], school: School
) -> frozenset[UserId]:
    """Who is invited: staff everywhere, families where everyone is told things, delegates to their room."""
    if kind in _WITH_FAMILIES:
        return staff | _families(school, classes)
    if kind == "delegates":
        of = [class_] if class_ else list(school.classes.values())
        delegates = {user for one in of for user in one.delegates}
        return (_teaching(class_, school) if class_ else frozenset()) | _coordinators(school) | delegates
    return staff


def _powers(school: School, teaching: Iterable[UserId]) -> dict[UserId, int]:
    powers = dict.fromkeys(teaching, TEACHER_POWER)
    return powers | dict.fromkeys(_coordinators(school), COORDINATOR_POWER)


def _coordinators(school: School) -> frozenset[UserId]:
    return frozenset(one.id for one in school.people.values() if Role.COORDINATOR in one.roles)


def _teaching(class_: SchoolClass, school: School) -> frozenset[UserId]:
    """Teachers and substitutes of a class, those of the whole school and those who stand in included."""
    whole_school = {Role.TEACHER, Role.SUBSTITUTE}
    own = class_.teachers | class_.substitutes
    more = {one.id for one in school.people.values() if one.roles & whole_school or one.replaces in own}
    return frozenset(own | more)


def _teaching_anywhere(school: School) -> frozenset[UserId]:
    return frozenset(user for one in school.classes.values() for user in _teaching(one, school))


def _staff_of(class_: SchoolClass, school: School) -> frozenset[UserId]:
    professionals = {one.id for one in school.people.values() if Role.PROFESSIONAL in one.roles}
    return _teaching(class_, school) | _coordinators(school) | class_.professionals | professionals


def _staff(school: School) -> frozenset[UserId]:
    everyone = {one.id for one in school.people.values() if one.roles or one.replaces}
    return frozenset(everyone.union(*(_staff_of(one, school) for one in school.classes.values())))


def _families(school: School, classes: set[str]) -> frozenset[UserId]:
    """Guardians who may be told, unless they are never to be seen in rooms with others."""
    informed = (guardian for home in school.families.households(classes) for guardian in home.guardians)
    return frozenset(one.id for one in informed if one.id and not one.discreet)


def _shut_out(school: School, classes: set[str]) -> frozenset[UserId]:
    """Guardians of these classes who may be told nothing, or who must not be seen in shared rooms."""
    families = school.families
    there = {key for pupil in families.pupils if pupil.class_id in classes for key in pupil.guardians}
    return frozenset(
        guardian.id
        for key in there
        if (guardian := families.guardians[key]).id
        and (guardian.discreet or families.entitlement(key, classes) is Entitlement.NONE)
    )
