"""The school: its people, classes and rooms, and who may do what where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from coedu_bot.school.rights import Rights, Role


class PlaceWithPower(Protocol):
    """What the school needs to know of a Matrix room: which of its rooms it is, and who has power there."""

    @property
    def binding(self) -> str | None: ...

    @property
    def direct(self) -> str | None: ...

    def power(self, user: str) -> float: ...


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the school knows; `name` as families read it ("Mme Durand")."""

    id: str
    name: str = ""
    language: str | None = None
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class SchoolRoom:
    """One room of the YAML; `binding` is its place there, e.g. `6B/class`."""

    binding: str
    kind: str
    class_id: str | None
    languages: tuple[str, ...] = ()
    room_id: str | None = None
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class SchoolClass:
    id: str
    name: str
    teachers: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class School:
    """Everything the YAML says, as plain values; questions about rooms take what Matrix says of them."""

    name: str
    zone: str
    language: str
    rights: Rights
    people: Mapping[str, Person] = field(default_factory=dict)
    classes: Mapping[str, SchoolClass] = field(default_factory=dict)
    rooms: Mapping[str, SchoolRoom] = field(default_factory=dict)
    bots: frozenset[str] = frozenset()

    def person(self, user: str) -> Person | None:
        return self.people.get(user)

    def room_at(self, place: PlaceWithPower) -> SchoolRoom | None:
        return self.rooms.get(place.binding) if place.binding else None

    def languages_of(self, place: PlaceWithPower | None) -> Sequence[str]:
        """The languages a room speaks: its own, else its class's, else the school's."""
        room = self.room_at(place) if place is not None else None
        class_ = self.classes.get(room.class_id) if room and room.class_id else None
        return (room and room.languages) or (class_ and class_.languages) or (self.language,)

    def roles(self, user: str, place: PlaceWithPower) -> frozenset[Role]:
        """Roles of the YAML; in a room without any, power 50 makes a teacher and 100 a coordinator."""
        person = self.person(user)
        named = person.roles if person else frozenset()
        if self.people or place.direct is not None:
            return named | self._of_class(user, place) | {Role.MEMBER}
        return named | _by_power(place.power(user)) | {Role.MEMBER}

    def may(self, user: str, capability: str, *, room: PlaceWithPower) -> bool:
        """Whether somebody may do this in a room."""
        return bool(self.roles(user, room) & self.rights.roles_for(capability))

    def who_may(self, capability: str, *, room: PlaceWithPower) -> list[Role]:
        """The roles that may, for a refusal that helps."""
        allowed = self.rights.roles_for(capability)
        return [role for role in Role if role in allowed]

    def _of_class(self, user: str, place: PlaceWithPower) -> frozenset[Role]:
        room = self.room_at(place)
        class_ = self.classes.get(room.class_id) if room and room.class_id else None
        return frozenset({Role.TEACHER}) if class_ and user in class_.teachers else frozenset()


def _by_power(power: float) -> frozenset[Role]:
    if power >= 100:
        return frozenset({Role.COORDINATOR, Role.TEACHER})
    return frozenset({Role.TEACHER}) if power >= 50 else frozenset()
