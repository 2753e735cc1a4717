"""Every word for every command, in all languages: people type theirs, whatever the room's is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from coedu_bot.dispatch.options import OptionWords
from coedu_bot.language.catalog import Catalog
from coedu_bot.language.languages import LANGUAGES
from coedu_bot.language.words import fold
from coedu_bot.plugin import Command, PluginError

_NEAR = 0.75


@dataclass(slots=True)
class Vocabulary:
    """Looks words up language by language, the likeliest first, so that the others load only if needed."""

    catalog: Catalog
    commands: Mapping[str, Command]
    first: tuple[str, ...] = ("fr", "en")
    _words: dict[str, dict[str, str]] = field(default_factory=dict)
    _choices: dict[str, dict[str, str]] = field(default_factory=dict)
    _options: dict[tuple[str, ...], OptionWords] = field(default_factory=dict)

    def find(self, word: str) -> Command | None:
        """The command a word stands for."""
        folded = fold(word)
        for language in self._languages():
            name = self._words_in(language).get(folded)
            if name is not None:
                return self.commands[name]
        return None

    def near(self, word: str) -> str | None:
        """The known word, as written, that somebody may have meant."""
        folded = fold(word)
        if len(folded) < 3:
            return None
        for language in self._languages():
            found = get_close_matches(folded, self._words_in(language), n=1, cutoff=_NEAR)
            if found:
                return self._as_written(found[0], language)
        return None

    def words(self, key: str, language: str) -> list[str]:
        """The words of a `command-`, `option-` or `choice-` key in a language, the usual one first."""
        return [word.strip() for word in self.catalog.get(key, language).split(",") if word.strip()]

    def choice_words(self, value: str) -> Mapping[str, str]:
        """Folded word -> value, in all languages; the school's usual word first."""
        if value not in self._choices:
            words = (w for lang in self._languages() for w in self.words(f"choice-{value}", lang))
            self._choices[value] = {fold(word): value for word in words}
        return self._choices[value]

    def option_words(self, names: Iterable[str]) -> OptionWords:
        """All words for these options."""
        key = tuple(names)
        if key not in self._options:
            words = [
                (word, name)
                for language in self._languages()
                for name in key
                for word in self.words(f"option-{name}", language)
            ]
            names = {fold(word): name for word, name in words}
            self._options[key] = OptionWords(names, {fold(word): word for word, _ in reversed(words)})
        return self._options[key]

    def _languages(self) -> Iterable[str]:
        return (*self.first, *(code for code in LANGUAGES if code not in self.first))

    def _words_in(self, language: str) -> dict[str, str]:
        if language not in self._words:
            self._words[language] = self._load(language)
        return self._words[language]

    def _load(self, language: str) -> dict[str, str]:
        table: dict[str, str] = {}
        for name in self.commands:
            for word in self.words(f"command-{name}", language):
                if table.setdefault(fold(word), name) != name:
                    raise PluginError(
                        f"{word!r} ({language}) is claimed by {name} and by {table[fold(word)]}"
                    )
        return table

    def _as_written(self, folded: str, language: str) -> str:
        name = self._words_in(language)[folded]
        return next(word for word in self.words(f"command-{name}", language) if fold(word) == folded)
