"""The difference between the rooms that are wanted and those that are there, as steps. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coedu_bot.events import RoomId, StateEvent, UserId
from coedu_bot.homeserver import BY_WISH
from coedu_bot.provisioning.found import FoundRoom
from coedu_bot.provisioning.powers import APPLIED, initial_levels, levels_with
from coedu_bot.provisioning.steps import (
    Bind,
    Create,
    Invite,
    Join,
    Note,
    Plan,
    Remove,
    SetAlias,
    SetPicture,
    SetState,
    Step,
)
from coedu_bot.provisioning.wanted import WantedRoom, reference
from coedu_bot.school.power import creators_rule, is_level

PICTURE_DIGEST = "org.coedu.sha256"


def plan(
    wanted: Sequence[WantedRoom],
    found: Mapping[str, FoundRoom],
    bot: UserId,
    *,
    bots: Iterable[UserId] = (),
    prune: bool = False,
) -> Plan:
    """The steps that lead from what is there to what is wanted; none where both are the same."""
    ids = {reference(binding): room.id for binding, room in found.items()}
    steps: list[Step] = []
    notes: list[Note] = []
    for room in wanted:
        there = found.get(room.binding)
        planner = _Planner(room, there, bot, frozenset(bots), prune, ids)
        for step in planner.steps():
            (notes if isinstance(step, Note) else steps).append(step)  # type: ignore[arg-type]
        steps += _links(room, found.get(room.parent) if room.parent else None, ids)
    steps += _unlinked(wanted, found, ids, notes, prune)
    return Plan((*_ordered(steps),), tuple(notes))


def resolved(value: Any, ids: Mapping[str, RoomId]) -> Any:
    """The value with references to rooms replaced by their ids, as far as these are known."""
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, Mapping):
        return {ids.get(key, key): resolved(inner, ids) for key, inner in value.items()}
    return [resolved(inner, ids) for inner in value] if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class _Planner:
    room: WantedRoom
    there: FoundRoom | None
    bot: UserId
    bots: frozenset[UserId]
    prune: bool
    ids: Mapping[str, RoomId]

    def steps(self) -> Iterator[Step | Note]:
        if self.there is None:
            yield from self._made()
        elif not self.there.joined:
            yield Join(self.room.binding, self.there.id)
        else:
            if not self.there.bound:
                yield Bind(self.room.binding, self.there.id)
            yield from self._state(self.there)
            yield from self._powers(self.there)
            yield from self._people(self.there)

    def _made(self) -> Iterator[Step | Note]:
        if not self.room.ours:
            yield Note(self.room.binding, f"{self.room.room_id or self.room.alias} is not to be found")
            return
        yield Create(self.room, initial_levels(self.room, self.bot))
        if self.room.picture:
            yield SetPicture(self.room.binding, self.room.picture.file, self.room.picture.digest)
        for user in sorted(self.room.members - {self.bot}):
            yield Invite(self.room.binding, user)

    def _state(self, there: FoundRoom) -> Iterator[Step | Note]:
        for (type_, key), content in resolved_state(self.room, self.ids).items():
            if _same(content, there.content(type_, key)):
                continue
            if type_ == "m.room.canonical_alias":
                yield SetAlias(self.room.binding, content["alias"])
            if there.may_set(self.bot, type_):
                yield SetState(self.room.binding, type_, key, content, _says(type_, content))
            else:
                yield self._lacks(there, type_, _says(type_, content))
        picture = self.room.picture
        if picture and there.content("m.room.avatar").get(PICTURE_DIGEST) != picture.digest:
            yield SetPicture(self.room.binding, picture.file, picture.digest)

    def _powers(self, there: FoundRoom) -> Iterator[Step | Note]:
        if not self.room.ours:
            return
        levels, says = levels_with(
            there.content("m.room.power_levels"),
            self.room.powers,
            there.content(APPLIED).get("powers"),
            frozenset(there.creators) if creators_rule(there.version) else frozenset(),
        )
        if says and there.may_set(self.bot, "m.room.power_levels"):
            yield SetState(self.room.binding, "m.room.power_levels", "", levels, f"power: {', '.join(says)}")
        elif says:
            yield self._lacks(there, "m.room.power_levels", "power levels")
        if there.content(APPLIED).get("powers") != dict(self.room.powers) and there.may_set(
            self.bot, APPLIED
        ):
            content = {"powers": dict(self.room.powers)}
            yield SetState(
                self.room.binding, APPLIED, "", content, "remember who has power by the configuration"
            )

    def _people(self, there: FoundRoom) -> Iterator[Step | Note]:
        members = there.members()
        power, levels = there.power(self.bot), there.content("m.room.power_levels")
        for user in sorted(self.room.members - {self.bot}):
            yield from self._invited(user, members.get(user), power >= _level(levels, "invite", 0))
        for user, event in sorted(members.items()):
            if event.content.get("membership") in ("join", "invite", "knock"):
                yield from self._removed(user, there, power >= _level(levels, "kick", 50))

    def _invited(self, user: UserId, event: StateEvent | None, may: bool) -> Iterator[Step | Note]:
        membership = event.content.get("membership") if event else "leave"
        if membership in ("join", "invite"):
            return
        if membership == "ban":
            yield Note(self.room.binding, f"{user} is banned there")
        elif event is not None and (event.sender == user or event.content.get(BY_WISH)):
            yield Note(self.room.binding, f"{user} left by themselves: not invited again")
        elif may:
            yield Invite(self.room.binding, user)
        else:
            yield Note(self.room.binding, f"the bot may not invite {user}: give it more power there")

    def _removed(self, user: UserId, there: FoundRoom, may: bool) -> Iterator[Step | Note]:
        if user in self.room.members or user in self.bots or user == self.bot:
            return
        if user not in self.room.shut_out:
            if not self.room.ours:
                return
            if not self.prune:
                yield Note(self.room.binding, f"{user} is not of this room: stays, unless --prune")
                return
        if may and there.power(self.bot) > there.power(user):
            yield Remove(self.room.binding, user)
        else:
            yield Note(self.room.binding, f"the bot may not remove {user}: give it more power there")

    def _lacks(self, there: FoundRoom, type_: str, says: str) -> Note:
        needed = there.needed(type_)
        return Note(self.room.binding, f"the bot has not the power for “{says}”: give it {needed} there")


def resolved_state(room: WantedRoom, ids: Mapping[str, RoomId]) -> dict[tuple[str, str], dict[str, Any]]:
    """The state a room should have, with the ids that are known."""
    return {
        (type_, ids.get(key, key)): resolved(content, ids) for (type_, key), content in room.state.items()
    }


def _links(room: WantedRoom, parent: FoundRoom | None, ids: Mapping[str, RoomId]) -> list[Step]:
    """The entry of a room in its space; what is not to be found cannot be linked."""
    if room.parent is None or not (room.ours or reference(room.binding) in ids):
        return []
    key = ids.get(reference(room.binding), reference(room.binding))
    if parent is not None and parent.content("m.space.child", key).get("via"):
        return []
    content = {"via": [room.server], "suggested": room.restricted}
    return [SetState(room.parent, "m.space.child", key, content, f"put {room.binding} into it")]


def _unlinked(
    wanted: Sequence[WantedRoom],
    found: Mapping[str, FoundRoom],
    ids: Mapping[str, RoomId],
    notes: list[Note],
    prune: bool,
) -> Iterator[Step]:
    """Rooms that the configuration no longer names: out of their space, if that is wished."""
    known = {room.binding for room in wanted}
    for binding in sorted(set(found) - known):
        if not prune:
            notes.append(Note(binding, "is not in the configuration: stays, unless --prune"))
            continue
        for parent in (room for room in wanted if room.space):
            space = found.get(parent.binding)
            if space and space.content("m.space.child", found[binding].id).get("via"):
                key = found[binding].id
                yield SetState(parent.binding, "m.space.child", key, {}, f"take {binding} out of it")


_ORDER = (Remove, Create, Join, Bind, SetAlias, SetPicture, SetState, Invite)
"""Who must be out goes first; people come into rooms that are ready."""


def _ordered(steps: Sequence[Step]) -> list[Step]:
    return sorted(steps, key=lambda step: _ORDER.index(type(step)))


def _same(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Whether all that is wanted is there; what others added does not matter."""
    return bool(there) and all(there.get(key) == value for key, value in wanted.items())


def _level(levels: Mapping[str, Any], name: str, usual: int) -> float:
    value = levels.get(name)
    return float(value) if is_level(value) else float(usual)


def _says(type_: str, content: Mapping[str, Any]) -> str:
    match type_:
        case "m.room.name":
            return f"name: {content['name']}"
        case "m.room.topic":
            return f"topic: {content['topic']}"
        case "m.room.join_rules":
            of_class = content["join_rule"] == "restricted"
            return "who may come in: " + ("members of its space" if of_class else "who is invited")
        case "m.room.history_visibility":
            return f"history: {content['history_visibility']}"
        case "m.room.encryption":
            return "encryption"
        case "m.room.canonical_alias":
            return f"show the address {content['alias']}"
        case "m.space.parent":
            return "name its space"
    return type_
