"""Whom an announcement addresses now: households of the classes, members where no families are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from coedu_bot.api import Guardian, Member, Room, UserId
from plugins.announcements.audience import Audience, Party, Reader, families_among
from plugins.announcements.domain import Draft
from plugins.announcements.registration import Any_ as Ctx

COPIES = "announcement_copies"
"""The choice of somebody who wants no private copies."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The rooms as they are now, and the people they are for."""

    rooms: tuple[Room, ...]
    audience: Audience

    def names(self, ids: Iterable[str]) -> list[str]:
        """How these rooms are called."""
        wanted = set(ids)
        return [room.name or room.id for room in self.rooms if room.id in wanted]


async def reach(ctx: Ctx, draft: Draft, author: UserId) -> Reach:
    """Whom this draft addresses; the author is not among the members, but is a parent like others."""
    rooms = [room for id_ in draft.rooms if (room := await ctx.room_of(id_)) is not None]
    members = {room.id: await ctx.members(room.id) for room in rooms}
    building = _Building(ctx, _told(ctx, rooms))
    for room in rooms:
        if room.id not in building.told:
            building.add_members(room, [one for one in members[room.id] if one.user_id != author])
    building.add_households()
    return Reach(tuple(rooms), await building.audience(rooms, members))


async def is_addressed(ctx: Ctx, draft: Draft, user: UserId, author: UserId) -> bool:
    """Whether somebody counts when they say "read"."""
    rooms = [room for id_ in draft.rooms if (room := await ctx.room_of(id_)) is not None]
    told = _told(ctx, rooms)
    if ctx.school.families.household_of(user, set(told.values())) is not None:
        return True
    others = [room for room in rooms if room.id not in told]
    return user != author and any([await ctx.is_member(room.id, user) for room in others])


def _told(ctx: Ctx, rooms: Sequence[Room]) -> dict[str, str]:
    """The rooms that are for the families of a class, and which."""
    return {room.id: class_.id for room in rooms if (class_ := ctx.school.class_told_at(room)) is not None}


@dataclass(frozen=True, slots=True)
class _Building:
    """An audience in the making: who lives in which household, or stands alone, and their rooms."""

    ctx: Ctx
    told: Mapping[str, str]
    homes: dict[str, dict[str, Guardian]] = field(default_factory=dict)
    alone: dict[UserId, Member] = field(default_factory=dict)
    rooms: dict[str, list[str]] = field(default_factory=dict)

    def add_members(self, room: Room, members: Iterable[Member]) -> None:
        """In a room that is not a whole class's, its members are meant, each for their household."""
        families = self.ctx.school.families
        for member in members:
            guardian = families.guardians.get(member.user_id)
            if guardian is not None and families.household_of(guardian.key) is not None:
                self.homes.setdefault(guardian.household, {})[guardian.key] = guardian
            else:
                self.alone[member.user_id] = member
            self._in_room(member.user_id, room.id)

    def add_households(self) -> None:
        """All households of the classes, whoever of them is in the room."""
        families = self.ctx.school.families
        for home in families.households(set(self.told.values())) if self.told else ():
            for guardian in home.guardians:
                self.homes.setdefault(home.key, {})[guardian.key] = guardian
                classes = families.classes_of(guardian.key)
                for room, class_id in self.told.items():
                    if class_id in classes:
                        self._in_room(guardian.key, room)

    async def audience(self, rooms: Iterable[Room], members: Mapping[str, Sequence[Member]]) -> Audience:
        guardians = [one for living in self.homes.values() for one in living.values()]
        ids = sorted({*self.alone, *(one.id for one in guardians if one.id)})
        chosen = await self.ctx.choices_of(ids, "language")
        copies = await self.ctx.choices_of(ids, COPIES)

        def reader(key: str, name: str, id_: str | None, guardian: Guardian | None = None) -> Reader:
            person = self.ctx.school.person(id_) if id_ else None
            return Reader(
                key,
                name,
                id_,
                str(chosen.get(id_ or "") or (person and person.language) or ""),
                guardian is not None and guardian.discreet,
                copies.get(id_ or "") is not False,
                guardian.phone if guardian else "",
                tuple(self.rooms.get(key, ())),
            )

        homes = [
            Party(key, key, tuple(reader(one.key, one.name, one.id, one) for one in living.values()))
            for key, living in self.homes.items()
        ]
        alone = [
            Party(id_, _name(self.ctx, one), (reader(id_, _name(self.ctx, one), id_),))
            for id_, one in self.alone.items()
        ]
        return Audience(
            (*homes, *alone),
            families_among({key: self._children(key) for key in self.homes}),
            {room.id: self.ctx.languages_at(room) for room in rooms},
            {room: frozenset(one.user_id for one in present) for room, present in members.items()},
        )

    def _children(self, household: str) -> list[str]:
        pupils = self.ctx.school.families.pupils_of(household)
        return [f"{pupil.class_id}/{pupil.name}" for pupil in pupils]

    def _in_room(self, key: str, room: str) -> None:
        rooms = self.rooms.setdefault(key, [])
        if room not in rooms:
            rooms.append(room)


def _name(ctx: Ctx, member: Member) -> str:
    person = ctx.school.person(member.user_id)
    return (person and person.name) or member.display_name or member.user_id[1:].partition(":")[0]
