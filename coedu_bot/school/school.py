"""The school: its people, classes and rooms, and who may do what where."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from coedu_bot.school.calendar import Calendar
from coedu_bot.school.class_ import SchoolClass
from coedu_bot.school.families import Entitlement, Families
from coedu_bot.school.features import is_on, sets
from coedu_bot.school.keeping import Keeping
from coedu_bot.school.person import Person
from coedu_bot.school.quiet_hours import QuietHours
from coedu_bot.school.rights import Rights, Role
from coedu_bot.school.room import WHOLE_CLASS, PlaceWithPower, SchoolRoom

__all__ = ["Person", "PlaceWithPower", "School", "SchoolClass", "SchoolRoom"]


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
    families: Families = field(default_factory=Families)
    calendar: Calendar = field(default_factory=Calendar)
    quiet_hours: QuietHours | None = None
    controller: str = ""
    contact: str = ""
    suspended: frozenset[str] = frozenset()  # guardians who may be told nothing
    keeping: Keeping = field(default_factory=Keeping)
    frozen: frozenset[str] = frozenset()  # stolen accounts of staff

    def suspending(self, guardians: Collection[str], staff: Collection[str] = ()) -> School:
        """The school in which these guardians are entitled to nothing and these accounts may do nothing."""
        if not (guardians or staff):
            return self
        families = self.families.without({*guardians, *staff})
        return replace(self, families=families, suspended=frozenset(guardians), frozen=frozenset(staff))

    def person(self, user: str) -> Person | None:
        """Somebody the school knows: of the staff, or a guardian."""
        person, guardian = self.people.get(user), self.families.guardians.get(user)
        if guardian is None:
            return person
        if person is None:
            return Person(user, guardian.name, guardian.language)
        return replace(person, language=person.language or guardian.language)

    def substitute_of(self, user: str, on: date) -> Person | None:
        """Who stands in for somebody that day: items and answers go to them instead."""
        return next((one for one in self.people.values() if one.replaces == user and one.stands_in(on)), None)

    def room_at(self, place: PlaceWithPower) -> SchoolRoom | None:
        return self.rooms.get(place.binding) if place.binding else None

    def class_at(self, place: PlaceWithPower) -> SchoolClass | None:
        """The class a room belongs to."""
        room = self.room_at(place)
        return self.classes.get(room.class_id) if room and room.class_id else None

    def class_told_at(self, place: PlaceWithPower) -> SchoolClass | None:
        """The class whose families a room is for, if they are known; in other rooms its members are meant."""
        room, class_ = self.room_at(place), self.class_at(place)
        told = room is not None and room.kind in WHOLE_CLASS
        return class_ if told and class_ and self.families.has_class(class_.id) else None

    def languages_of(self, place: PlaceWithPower | None) -> Sequence[str]:
        """The languages a room speaks: its own, else its class's, else the school's."""
        room = self.room_at(place) if place is not None else None
        class_ = self.classes.get(room.class_id) if room and room.class_id else None
        return (room and room.languages) or (class_ and class_.languages) or (self.language,)

    def counts_power(self, place: PlaceWithPower) -> bool:
        """Whether power levels are roles here: in shared rooms that the YAML does not name."""
        return place.direct is None and self.room_at(place) is None

    def roles(self, user: str, place: PlaceWithPower, on: date | None = None) -> frozenset[Role]:
        """Roles of the YAML that day; in rooms it does not name, power 50 is a teacher, 100 a coordinator."""
        if user in self.frozen:
            return frozenset()
        person = self.person(user)
        named = person.roles if person else frozenset()
        if self.counts_power(place):
            staff = named | _by_power(place.power(user))
        else:
            staff = named | self._in_classes(user, place, on)
        works_here = bool(staff - {Role.DELEGATE})
        if user in self.suspended and not works_here:
            return frozenset()
        return staff | self._in_families(user, place, works_here) | {Role.MEMBER}

    def may(self, user: str, capability: str, *, room: PlaceWithPower, on: date | None = None) -> bool:
        """Whether somebody may do this in a room; `on` is the day there, for substitutes."""
        return bool(self.roles(user, room, on) & self._allowed(capability, room))

    def who_may(self, capability: str, *, room: PlaceWithPower) -> list[Role]:
        """The roles that may, for a refusal that helps."""
        allowed = self._allowed(capability, room)
        return [role for role in Role if role in allowed]

    def does_without(self, feature: str, place: PlaceWithPower) -> bool:
        """Whether a feature of the school is switched off in a room."""
        return not self._switch(feature, place)[0]

    def where_switched(self, feature: str, place: PlaceWithPower) -> str:
        """Whose word counts about a feature here: `chat`, `room`, `class` or `school`."""
        return self._switch(feature, place)[1]

    def where_set(self, feature: str, setting: str, place: PlaceWithPower) -> str:
        """Whose word counts about a setting of a feature here: `room`, `class` or `school`."""
        bound, class_ = self.room_at(place), self.class_at(place)
        nearer = ((bound and bound.features, "room"), (class_ and class_.features, "class"))
        return next((by for said, by in nearer if said and sets(said, feature, setting)), "school")

    def _switch(self, feature: str, place: PlaceWithPower) -> tuple[bool, str]:
        bound, class_ = self.room_at(place), self.class_at(place)
        said = (
            (place.switched(feature), "chat"),
            (is_on(bound.features, feature) if bound else None, "room"),
            (is_on(class_.features, feature) if class_ else None, "class"),
        )
        return next(((on, by) for on, by in said if on is not None), (True, "school"))

    def where_decided(self, capability: str, *, room: PlaceWithPower) -> str:
        """Whose word counts about a capability here: `room`, `class`, `school` or `default`."""
        bound, class_ = self.room_at(room), self.class_at(room)
        if bound is not None and capability in bound.rights:
            return "room"
        if class_ is not None and capability in class_.rights:
            return "class"
        return "school" if capability in self.rights.school else "default"

    def _allowed(self, capability: str, place: PlaceWithPower) -> frozenset[Role]:
        bound, class_ = self.room_at(place), self.class_at(place)
        nearer = [one.rights for one in (bound, class_) if one is not None]
        return self.rights.roles_for(capability, *nearer)

    def _in_classes(self, user: str, place: PlaceWithPower, on: date | None) -> frozenset[Role]:
        """Roles in the room's class; in a room of no class (direct, staff), those in any class."""
        here = self.class_at(place)
        classes = list(self.classes.values()) if here is None else [here]
        roles = {role for class_ in classes for role in class_.roles_of(user)}
        person = self.person(user)
        if person is not None and person.replaces and person.stands_in(on):
            stood_for = {role for class_ in classes for role in class_.roles_of(person.replaces)}
            roles |= {Role.SUBSTITUTE} if Role.TEACHER in stood_for else stood_for
        return frozenset(roles)

    def _in_families(self, user: str, place: PlaceWithPower, staff: bool) -> frozenset[Role]:
        """Guardians as the families say; where none are known, all who are not staff are guardians."""
        here = self.class_at(place)
        if not (self.families.has_class(here.id) if here else self.families):
            return frozenset() if staff else frozenset({Role.GUARDIAN})
        held = self.families.entitlement(user, None if here is None else {here.id})
        return frozenset() if held is Entitlement.NONE else frozenset({Role.GUARDIAN})


def _by_power(power: float) -> frozenset[Role]:
    if power >= 100:
        return frozenset({Role.COORDINATOR, Role.TEACHER})
    return frozenset({Role.TEACHER}) if power >= 50 else frozenset()
