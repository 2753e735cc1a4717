"""What is wrong with a configuration: all of it at once, each with its place and a way out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """One error: `config.yaml:31: classes.6B.languges: unknown; did you mean "languages"?`"""

    file: str
    line: int
    path: str
    what: str
    advice: str | None = None

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: {self.path}: " if self.path else f"{self.file}:{self.line}: "
        return where + self.what + (f"; {self.advice}" if self.advice else "")


class ConfigError(Exception):
    """A configuration that cannot be used; nothing of it is applied."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems), key=lambda one: (one.file, one.line, one.path, one.what))
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(found: str, known: Iterable[str]) -> str | None:
    """Advice naming the nearest known word, if one is near."""
    folded = {word.casefold(): word for word in known}
    near = get_close_matches(found.casefold(), list(folded), n=1, cutoff=0.6)
    return f'did you mean "{folded[near[0]]}"?' if near else None


def nearest_or_all(found: str, known: Iterable[str]) -> str:
    """The nearest known word, else all there are."""
    words = sorted(known)
    return did_you_mean(found, words) or f"expected one of: {', '.join(words)}"
