"""The `plugins:` of school and classes, checked against each plugin's own settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from coedu_bot.config.lines import Document
from coedu_bot.config.lines import Path as Place
from coedu_bot.config.problems import Problem, nearest_or_all
from coedu_bot.config.validation import problems_of
from coedu_bot.core import plugin as core
from coedu_bot.loading import available, load
from coedu_bot.plugin import Plugin


@dataclass(slots=True)
class PluginsRead:
    """Settings by plugin; those of a plugin that cannot be loaded are told later, when it is not loaded."""

    folders: list[Path]
    settings: dict[str, BaseModel | None] = field(default_factory=dict)
    nearer: dict[str, dict[str, BaseModel]] = field(
        default_factory=dict
    )  # by class (`6B/`) or room (`6B/class`)
    problems: list[Problem] = field(default_factory=list)
    loaded: Mapping[str, Plugin] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)

    def capabilities(self) -> list[str]:
        """The rights of the core and of all plugins that are on."""
        return _rights_of([core, *self.loaded.values()])

    def capabilities_off(self) -> list[str]:
        """The rights of plugins that are there but not on."""
        others, _ = load([name for name in self.known if name not in self.loaded], self.folders)
        return _rights_of(others.values())


def _rights_of(plugins: Iterable[Plugin]) -> list[str]:
    return [right.name for plugin in plugins for right in plugin.capabilities]


def read_plugins(document: Document, folder: Path) -> PluginsRead:
    """Read the settings of every plugin that is named."""
    paths = document.at("plugin_path")
    folders = [folder / path for path in paths if isinstance(path, str)] if isinstance(paths, list) else []
    read = PluginsRead(folders, known=available(folders))
    named = document.mapping("plugins")
    read.loaded, _ = load([name for name in named if name in read.known], folders)
    for name, values in named.items():
        _read(name, values, ("plugins", name), document, read)
    for class_id in document.mapping("classes"):
        _read_nearer(f"{class_id}/", {}, ("classes", class_id), document, read)
        of_class = document.mapping("classes", class_id, "plugins")
        for name in document.mapping("classes", class_id, "rooms"):
            at: Place = ("classes", class_id, "rooms", name)
            _read_nearer(f"{class_id}/{name}", of_class, at, document, read)
    for name in document.mapping("rooms"):
        _read_nearer(name, {}, ("rooms", name), document, read)
    return read


def _read(name: str, values: Any, at: Place, document: Document, read: PluginsRead) -> None:
    if name not in read.known:
        read.problems.append(document.problem(at, "no such plugin", nearest_or_all(name, read.known)))
    elif name in read.loaded:
        read.settings[name] = _checked(name, values, at, document, read)
    else:
        read.settings[name] = None


def _read_nearer(
    key: str, of_class: Mapping[str, Any], place: Place, document: Document, read: PluginsRead
) -> None:
    """The settings of a class or room: what it does not say is its class's, or the school's."""
    named = document.mapping("plugins")
    for name, values in document.mapping(*place, "plugins").items():
        at = (*place, "plugins", name)
        if name not in named:
            advice = nearest_or_all(name, named) if named else f"switch it on with plugins.{name}: {{}}"
            read.problems.append(document.problem(at, "this plugin is not on", advice))
        elif name in read.loaded and isinstance(values, dict):
            inherited = (document.mapping("plugins", name), of_class.get(name))
            wider = {k: v for one in inherited if isinstance(one, dict) for k, v in one.items()}
            checked = _checked(name, {**wider, **values}, at, document, read)
            if checked is not None:
                read.nearer.setdefault(key, {})[name] = checked


def _checked(name: str, values: Any, at: Place, document: Document, read: PluginsRead) -> BaseModel | None:
    model = read.loaded[name].settings
    try:
        return model.model_validate(values or {})
    except ValidationError as errors:
        read.problems += problems_of(errors, model, document, at)
        return None
