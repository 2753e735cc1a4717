"""Finds plugins: the bundled ones, those of `plugin_path`, and installed packages' entry points."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from coedu_bot.log import logger
from coedu_bot.plugin import Plugin, PluginError

log = logger(__name__)

BUNDLED = Path(__file__).resolve().parent.parent / "plugins"
GROUP = "coedu_bot.plugins"


def available(plugin_path: Iterable[Path] = ()) -> dict[str, str]:
    """Name -> package of every plugin that could be switched on; bundled ones win."""
    found = {entry.name: entry.value for entry in entry_points(group=GROUP)}
    for folder in plugin_path:
        found |= {package.name: package.name for package in _packages(folder)}
    return found | {package.name: f"plugins.{package.name}" for package in _packages(BUNDLED)}


def load(names: Iterable[str], plugin_path: Iterable[Path] = ()) -> tuple[dict[str, Plugin], dict[str, str]]:
    """Load plugins by name; returns those that loaded and, by name, why the others did not."""
    for folder in plugin_path:
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
    packages = _only_bundled(names) or available(plugin_path)
    loaded, failed = {}, {}
    for name in names:
        try:
            loaded[name] = _load(name, packages)
        except Exception as fault:  # the others run
            failed[name] = f"{type(fault).__name__}: {fault}"
            log.error("plugin-failed", plugin=name, fault=type(fault).__name__)
    return loaded, failed


def _only_bundled(names: Iterable[str]) -> dict[str, str]:
    """Looking at installed packages takes time that is not spent where all plugins are bundled."""
    if all((BUNDLED / name / "__init__.py").is_file() for name in names):
        return {name: f"plugins.{name}" for name in names}
    return {}


def _packages(folder: Path) -> list[Path]:
    return sorted(
        path.parent for path in folder.glob("*/__init__.py") if not path.parent.name.startswith("_")
    )


def _load(name: str, packages: dict[str, str]) -> Plugin:
    if name not in packages:
        raise PluginError(f"no plugin named {name!r}; there are: {', '.join(sorted(packages))}")
    module = importlib.import_module(packages[name])
    _check_place(module)
    plugin = getattr(module, "plugin", None)
    if not isinstance(plugin, Plugin) or plugin.name != name:
        raise PluginError(f"{packages[name]} does not offer a `plugin` named {name!r}")
    return plugin


def _check_place(module: ModuleType) -> None:
    """Another distribution's package called `plugins` must not be taken for ours."""
    if module.__name__.startswith("plugins."):
        place = Path(module.__file__ or "").resolve()
        if BUNDLED not in place.parents:
            raise PluginError(f"a foreign package named 'plugins' is in the way: {place.parent.parent.name}")
