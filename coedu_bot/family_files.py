"""Families files beside the configuration: which one a new one is for, and taking its place.

They are written where the YAML names them, so that there is one truth: what a person edits, what `check`
reads and what the bot uses are the same file. The one before stays beside it, with a ~ at its end.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from coedu_bot.config import Config, ConfigError, load_config
from coedu_bot.config.families import classes_in
from coedu_bot.language.words import fold
from coedu_bot.new_families import FamilyChange, UnusableFile
from coedu_bot.reloading import Reloader
from coedu_bot.school.families import Families

_ONLY_OURS = 0o600


@dataclass(frozen=True, slots=True)
class FilesBesideConfig:
    """Implements `FamilyFiles` for a running bot."""

    reloader: Reloader

    async def examine(self, name: str, data: bytes) -> FamilyChange:
        file, new = await self._tried(name, data)
        return _change(file, self.reloader.config.sources.families, new.sources.families, self._classes(file))

    async def take(self, name: str, data: bytes) -> FamilyChange:
        change = await self.examine(name, data)
        try:
            await asyncio.to_thread(_replace, self.reloader.config.folder / change.file, data)
        except OSError as problem:
            raise UnusableFile([f"{change.file}: {problem.strerror}"]) from problem
        try:
            await self.reloader.reload()
        except ConfigError as problems:  # something else beside it is wrong meanwhile
            raise UnusableFile([str(one) for one in problems.problems]) from problems
        return change

    async def _tried(self, name: str, data: bytes) -> tuple[str, Config]:
        file = await asyncio.to_thread(_meant, name, data, self._files())
        if file is None:
            raise UnusableFile([f"{name}: {', '.join(self._files()) or '-'} ?"])
        try:
            new = await asyncio.to_thread(
                load_config, self.reloader.path, env=self.reloader.env, instead={file: data}
            )
        except ConfigError as problems:
            raise UnusableFile([str(one) for one in problems.problems]) from problems
        return file, new

    def _files(self) -> dict[str, list[str]]:
        """The families files with the ids and names of their classes."""
        files: dict[str, list[str]] = {}
        for id_, class_ in self.reloader.config.model.classes.items():
            if class_.families:
                files.setdefault(class_.families, []).extend((id_, class_.name or id_))
        return files

    def _classes(self, file: str) -> set[str]:
        classes = self.reloader.config.model.classes
        return {id_ for id_, class_ in classes.items() if class_.families == file}


def _meant(name: str, data: bytes, files: Mapping[str, Sequence[str]]) -> str | None:
    """The file a new one is for: the one of its name, else the one of the classes in it."""
    by_name = [file for file in files if fold(PurePath(file).name) == fold(PurePath(name).name)]
    there = {fold(class_) for class_ in classes_in(data, name)}
    by_class = [file for file, classes in files.items() if there and there <= set(map(fold, classes))]
    found = by_name or by_class
    return found[0] if len(found) == 1 else None


def _change(file: str, before: Families, after: Families, classes: set[str]) -> FamilyChange:
    old = {household.key for household in before.households(classes)}
    new = {household.key for household in after.households(classes)}
    return FamilyChange(file, len(new), tuple(sorted(new - old)), tuple(sorted(old - new)))


def _replace(path: Path, data: bytes) -> None:
    """The new file whole or the old one; nobody else can read either."""
    fresh, before = path.with_name(path.name + ".new"), path.with_name(path.name + "~")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _ONLY_OURS)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        before.unlink(missing_ok=True)
        os.link(path, before)
    fresh.replace(path)
