"""What is set for a person and a room, and where it comes from: chat, person, room, class, school."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coedu_bot.core.features import feature_lines, first_word, switched
from coedu_bot.core.hours import digest_said, hours_said, quiet_wished
from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.delivery.hold import hold_anew
from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.effects import Effects
from coedu_bot.language.hours import OwnHours
from coedu_bot.language.languages import LANGUAGES, normalise
from coedu_bot.message import Block, Bullets, Code, Message, Says, says
from coedu_bot.rooms import Room
from coedu_bot.school.hours import DIGEST, QUIET, ZONE, hours_of, quiet_setting
from coedu_bot.store import people, rooms


@dataclass(frozen=True, slots=True)
class Options:
    """What can be set for a room by chat."""

    hours: OwnHours | None = None
    weekend: bool | None = None
    languages: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()


@plugin.command("settings", options=Options)
async def settings(ctx: Ctx, options: Options) -> Effects:
    """Show what is in force here and where it comes from; with options, set it for the room."""
    if options != Options():
        await _set_room(ctx, options)
    room = await ctx.room_of(ctx.room.id) or ctx.room
    return ctx.answer_privately(Message("reply", tuple([block async for block in _shown(ctx, room)])))


async def _shown(ctx: Ctx, room: Room) -> Any:
    chosen = (await people.list_settings(ctx.db, [ctx.actor.id]))[ctx.actor.id]
    yield says("settings-you", name=ctx.actor.name)
    yield Bullets(tuple(_person_lines(ctx, chosen)))
    if room.direct is None:
        yield says("settings-room", room=ctx.label(room))
        yield Bullets(tuple(_room_lines(ctx, room)))
    yield await _rights(ctx, room)


def _person_lines(ctx: Ctx, chosen: Mapping[str, Any]) -> Iterator[Says]:
    own, person = hours_of(ctx.school, chosen), ctx.school.person(ctx.actor.id)
    source = "chat" if "language" in chosen else "person" if person and person.language else "school"
    yield _line("language", says("settings-value", value=language_name(ctx.actor.language)), source)
    yield _line("hours", hours_said(own), "chat" if QUIET in chosen else "school")
    yield _line("zone", says("settings-value", value=own.zone.key), "chat" if ZONE in chosen else "school")
    yield _line("digest", digest_said(own), "chat" if DIGEST in chosen else "default")


def _room_lines(ctx: Ctx, room: Room) -> Iterator[Says]:
    names = [language_name(code) for code in room.languages or ctx.school.languages_of(room)]
    yield _line("language", says("settings-values", values=names), _languages_from(ctx, room))
    quiet = hours_of(ctx.school, room.settings)
    yield _line("hours", hours_said(quiet), "chat" if QUIET in room.settings else "school")
    yield _line("zone", says("settings-value", value=quiet.zone.key), "school")
    yield from feature_lines(ctx, room)


def _languages_from(ctx: Ctx, room: Room) -> str:
    bound, class_ = ctx.school.room_at(room), ctx.school.class_at(room)
    if room.languages:
        return "chat"
    if bound is not None and bound.languages:
        return "room"
    return "class" if class_ is not None and class_.languages else "school"


async def _rights(ctx: Ctx, room: Room) -> Block:
    """The commands that take a right which this person has here, by who decided so."""
    found: dict[str, list[Code]] = {}
    for command in ctx.vocabulary.commands.values():
        if ctx.school.does_without(command.plugin, room):
            continue
        if command.needs and await ctx.may(ctx.actor.id, command.needs, room):
            source = ctx.school.where_decided(command.needs, room=room)
            found.setdefault(source, []).append(Code(first_word(ctx, command.name)))
    lines = tuple(_line("rights", says("settings-values", values=words), by) for by, words in found.items())
    return Bullets(lines) if lines else says("settings-no-rights")


async def _set_room(ctx: Ctx, options: Options) -> None:
    room = ctx.room
    if room.direct is not None:
        raise Refusal("settings-in-room")
    if not await ctx.actor_may("room.settings"):
        roles = [says(f"role-{role}") for role in ctx.school.who_may("room.settings", room=room)]
        raise Refusal("no-right", example="", roles=roles)
    new = {**room.settings, **switched(ctx, options.on, options.off)}
    _wish_hours(ctx, options, new)
    languages = _languages_wished(options) or list(room.languages)
    await rooms.mark_room(ctx.db, room.id, ctx.now, settings=new, languages=languages)
    await hold_anew(ctx.db, ctx.school, ctx.now)


def _wish_hours(ctx: Ctx, options: Options, new: dict[str, Any]) -> None:
    if options.hours and options.hours.school:
        new.pop(QUIET, None)
    elif options.hours or options.weekend is not None:
        quiet = quiet_wished(options.hours, options.weekend, hours_of(ctx.school, new).quiet)
        new[QUIET] = quiet_setting(quiet)


def _languages_wished(options: Options) -> list[str]:
    codes = {typed: normalise(typed) for typed in options.languages}
    for typed, code in codes.items():
        if code is None:
            raise Refusal("language-unknown", typed=typed)
    return [code for code in codes.values() if code]


def _line(name: str, value: Says, source: str) -> Says:
    return says(f"settings-{name}", value=value, source=says(f"source-{source}"))


def language_name(code: str) -> str:
    """A language in its own words."""
    return LANGUAGES[code].autonym if code in LANGUAGES else code
