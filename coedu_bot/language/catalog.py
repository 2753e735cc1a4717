"""Every text of the platform and its plugins, by key and language, read when a language is first used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from coedu_bot.language.languages import LANGUAGES
from coedu_bot.language.po import Entry, PoError, read_po
from coedu_bot.log import logger

log = logger(__name__)

CORE_LOCALE = Path(__file__).resolve().parent.parent / "locale"
FALLBACK = "fr"


class CatalogError(Exception):
    """Texts that cannot be used as they are: a broken file, or one key in two folders."""


class UnknownTextError(KeyError):
    """A key that no language has: a mistake in the program, not in a translation."""


@dataclass(frozen=True, slots=True)
class _Text:
    entry: Entry
    rule: Callable[[int], int]

    def form(self, count: int | None) -> str:
        if not self.entry.plural:
            return self.entry.forms[0]
        # a plural entry without a count is a mistake too, but the last form can be read
        return self.entry.forms[-1 if count is None else self.rule(abs(count))]


@dataclass(slots=True)
class Catalog:
    """Texts from `<folder>/<language>.po` of several folders."""

    folders: tuple[Path, ...]
    _texts: dict[str, dict[str, _Text]] = field(default_factory=dict)
    _warned: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def load(cls, folders: Iterable[Path]) -> Catalog:
        """A catalog over the platform's and the plugins' `locale/` folders; files are read later."""
        return cls(tuple(folders))

    def get(self, key: str, language: str, count: int | None = None) -> str:
        """The text as it stands in the file, French where the language lacks it, "" where no one has it."""
        text = self._in(language).get(key)
        if text is None:
            text = self._in(FALLBACK).get(key)
            if text is None:
                return ""
            self._warn(key, language)
        return text.form(count)

    def need(self, key: str, language: str, count: int | None = None) -> str:
        """As `get`, for texts that have to be there; raises UnknownTextError."""
        text = self.get(key, language, count)
        if not text:
            raise UnknownTextError(key)
        return text

    def keys(self, language: str) -> set[str]:
        """All keys the language has."""
        return set(self._in(language))

    def missing(self, language: str) -> set[str]:
        """The keys that French has and the language has not."""
        return self.keys(FALLBACK) - self.keys(language)

    def _in(self, language: str) -> dict[str, _Text]:
        if language not in self._texts:
            self._texts[language] = self._read(language) if language in LANGUAGES else {}
        return self._texts[language]

    def _read(self, language: str) -> dict[str, _Text]:
        texts: dict[str, _Text] = {}
        for folder in self.folders:
            path = folder / f"{language}.po"
            if path.is_file():
                _add_all(texts, _read_file(path, path.stat().st_mtime_ns), path)
        return texts

    def _warn(self, key: str, language: str) -> None:
        if (key, language) not in self._warned:
            self._warned.add((key, language))
            log.warning("text-missing", key=key, language=language)


@lru_cache(maxsize=512)
def _read_file(path: Path, changed_at: int) -> dict[str, _Text]:
    """The texts of a file as it was at that time: a process with many bots reads each file once."""
    try:
        file = read_po(path.read_text(encoding="utf-8"), path.name)
        rule = file.plural_rule
    except (PoError, OSError, UnicodeDecodeError) as problem:
        raise CatalogError(f"{path}: {problem}") from problem
    return {key: _Text(entry, rule) for key, entry in file.entries.items()}


def _add_all(texts: dict[str, _Text], more: dict[str, _Text], path: Path) -> None:
    for twice in texts.keys() & more.keys():
        raise CatalogError(f"{path}: {twice!r} is defined in another folder too")
    texts |= more
