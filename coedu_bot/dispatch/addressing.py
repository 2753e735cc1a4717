"""Rooms as people name them: a class, a room's name or alias, or all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.language.words import fold
from coedu_bot.message import Code
from coedu_bot.rooms import Room
from coedu_bot.school.room import WHOLE_CLASS
from coedu_bot.school.school import School


def label(school: School, room: Room) -> str:
    """How a room is called in a list: its class, if it is where its class is spoken to, else its name."""
    bound = school.room_at(room)
    if bound is not None and bound.class_id is not None and bound.kind in WHOLE_CLASS:
        return bound.class_id
    return room.name or room.alias or room.id


def find_rooms(school: School, feature: str, words: Sequence[str], rooms: Iterable[Room]) -> list[Room]:
    """The rooms that these words name, in the order of the words.

    Raises Refusal for a word that names none, and for a room that does without the feature.
    """
    offered = list(rooms)
    found: dict[str, Room] = {}
    for word in words:
        room = _named(school, word, offered)
        if room is None:
            names = list(dict.fromkeys(label(school, one) for one in offered))[:8]
            raise Refusal("room-unknown", typed=word, offered=[Code(name) for name in names])
        if school.does_without(feature, room):
            raise Refusal("plugin-off-there", example="", room=label(school, room))
        found[room.id] = room
    return list(found.values())


def _named(school: School, word: str, rooms: Sequence[Room]) -> Room | None:
    folded = fold(word).strip()
    by_class = [room for room in rooms if folded in _class_names(school, room)]
    for kind in WHOLE_CLASS:
        for room in by_class:
            bound = school.room_at(room)
            if bound is not None and bound.kind == kind:
                return room
    by_name = [room for room in rooms if folded in _own_names(room)]
    return next(iter(by_name or by_class), None)


def _class_names(school: School, room: Room) -> set[str]:
    bound = school.room_at(room)
    class_ = school.classes.get(bound.class_id) if bound and bound.class_id else None
    return {fold(class_.id), fold(class_.name)} if class_ else set()


def _own_names(room: Room) -> set[str]:
    local_alias = room.alias.removeprefix("#").partition(":")[0]
    return {fold(name).strip() for name in (room.id, room.name, room.alias, local_alias) if name}
