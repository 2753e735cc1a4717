"""Whose voices a poll counts: members of the room, or the households or pupils of its class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coedu_bot.api import Entitlement, Room, UserId, fold
from plugins.polls.domain import Electorate, Poll, Voice
from plugins.polls.registration import Any_


@dataclass(frozen=True, slots=True)
class Voices:
    """The electorate, and how each voice is called where staff read it."""

    electorate: Electorate
    names: Mapping[str, str]

    def find(self, typed: str) -> str | None:
        """The one voice of this name, or with this word in it; None if there is none or there are several."""
        wanted = fold(typed).strip()
        exact = [key for key, name in self.names.items() if fold(name) == wanted]
        partial = [key for key, name in self.names.items() if wanted in fold(name).replace(",", " ").split()]
        found = exact or partial
        return found[0] if len(found) == 1 else None


async def voices(ctx: Any_, poll: Poll) -> Voices:
    """Who may speak, now."""
    room = await ctx.room_of(poll.room) or Room(poll.room)
    if poll.voice is Voice.HOUSEHOLD:
        return _households(ctx, room)
    if poll.voice is Voice.PUPIL:
        return _pupils(ctx, room)
    return await _people(ctx, room)


async def _people(ctx: Any_, room: Room) -> Voices:
    names: dict[str, str] = {}
    for member in await ctx.members(room.id):
        if await may_speak(ctx, member.user_id, room):
            names[member.user_id] = await ctx.name_of(member.user_id, room.id)
    return Voices(Electorate(Voice.PERSON, {user: frozenset({user}) for user in names}), names)


async def may_speak(ctx: Any_, user: UserId, room: Room) -> bool:
    """Who may vote, but for parents who are informed only and do not decide."""
    if not await ctx.may(user, "poll.vote", room):
        return False
    class_ = ctx.school.class_at(room)
    held = [
        pupil.guardians[user]
        for pupil in ctx.school.families.pupils
        if class_ is not None and pupil.class_id == class_.id and user in pupil.guardians
    ]
    return not held or Entitlement.FULL in held


def _households(ctx: Any_, room: Room) -> Voices:
    households = ctx.school.families.deciding_households(_classes(ctx, room))
    heard = {one.key: frozenset(g.id for g in one.guardians if g.id) for one in households}
    names = {
        one.key: ", ".join(dict.fromkeys((one.key, *(g.name for g in one.guardians)))) for one in households
    }
    return Voices(Electorate(Voice.HOUSEHOLD, heard), names)


def _pupils(ctx: Any_, room: Room) -> Voices:
    families, classes = ctx.school.families, _classes(ctx, room)
    heard: dict[str, frozenset[str]] = {}
    names: dict[str, str] = {}
    for pupil in families.pupils:
        deciding = [key for key, held in pupil.guardians.items() if held is Entitlement.FULL]
        if deciding and (classes is None or pupil.class_id in classes):
            key = _free(f"{pupil.class_id}/{pupil.name}", heard)
            guardians = [families.guardians[one] for one in deciding]
            heard[key] = frozenset(g.id for g in guardians if g.id)
            names[key] = ", ".join((pupil.name, *(g.name for g in guardians)))
    return Voices(Electorate(Voice.PUPIL, heard), names)


def _classes(ctx: Any_, room: Room) -> set[str] | None:
    class_ = ctx.school.class_at(room)
    return None if class_ is None else {class_.id}


def _free(key: str, taken: Mapping[str, object]) -> str:
    """Two pupils of one class may have one name."""
    while key in taken:
        key += "'"
    return key
