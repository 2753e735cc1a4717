"""The features of the school in a room: which are on, how they are set, and whose word that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.message import Code, Says, says
from coedu_bot.rooms import PLUGINS_OFF, PLUGINS_ON, Room


def feature_lines(ctx: Ctx, room: Room) -> Iterator[Says]:
    """What is on, what is not, and every setting that is not as the feature brings it."""
    found: dict[tuple[str, str], list[Code]] = {}
    for name in _features(ctx):
        key = "plugins-off" if ctx.school.does_without(name, room) else "plugins"
        by = ctx.school.where_switched(name, room)
        found.setdefault((key, by), []).append(Code(_word(ctx, name)))
    for (key, by), words in sorted(found.items(), key=lambda one: one[0][0]):
        yield _line(key, says("settings-values", values=words), by)
    for name in _features(ctx):
        yield from _setting_lines(ctx, name, room)


def switched(ctx: Ctx, on: Iterable[str], off: Iterable[str]) -> dict[str, Any]:
    """The room's own switches once these features are on and those off; raises Refusal for an unknown one."""
    wished = {_named(ctx, word): True for word in on} | {_named(ctx, word): False for word in off}
    settings = ctx.room.settings
    before = dict.fromkeys(settings.get(PLUGINS_ON, ()), True)
    before |= dict.fromkeys(settings.get(PLUGINS_OFF, ()), False)
    now = before | wished
    return {
        PLUGINS_OFF: sorted(name for name, wanted in now.items() if not wanted),
        PLUGINS_ON: sorted(name for name, wanted in now.items() if wanted and not _is_on(ctx, name)),
    }


def first_word(ctx: Ctx, command: str) -> str:
    """What people type for a command, in the language of who asks."""
    return ctx.vocabulary.words(f"command-{command}", ctx.actor.language)[0]


def _setting_lines(ctx: Ctx, name: str, room: Room) -> Iterator[Says]:
    settings = ctx.settings_of(name, room)
    for field, value in settings.model_dump(mode="json", exclude_unset=True).items():
        by = ctx.school.where_set(name, field, room)
        yield _line("feature", says("settings-value", value=Code(f"{name}.{field}: {_shown(value)}")), by)


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _is_on(ctx: Ctx, name: str) -> bool:
    """Whether the configuration has a feature on here, whatever was said by chat."""
    configured = Room(ctx.room.id, binding=ctx.room.binding)
    return not ctx.school.does_without(name, configured)


def _named(ctx: Ctx, word: str) -> str:
    """The feature that has a command of this name."""
    command = ctx.vocabulary.find(word.lstrip(ctx.prefix))
    name = command.plugin if command else word
    if name not in _features(ctx):
        raise Refusal("plugin-unknown", typed=word, offered=[Code(_word(ctx, one)) for one in _features(ctx)])
    return name


def _features(ctx: Ctx) -> list[str]:
    """The features that the school has, the core's own commands aside."""
    names = (command.plugin for command in ctx.vocabulary.commands.values())
    return list(dict.fromkeys(name for name in names if name != plugin.name))


def _word(ctx: Ctx, name: str) -> str:
    """What a feature is best known by: the command with which it is used by those who may."""
    own = (one for one in ctx.vocabulary.commands.values() if one.plugin == name)
    best = max(own, key=lambda one: (one.needs is not None, one.posts, name.startswith(one.name)))
    return first_word(ctx, best.name)


def _line(name: str, value: Says, source: str) -> Says:
    return says(f"settings-{name}", value=value, source=says(f"source-{source}"))
