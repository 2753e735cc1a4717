"""Options of a command: `word=value` on the first line, or lines `word : value`; the rest is text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.language.words import fold

_LINE = re.compile(r"^\s*(?P<word>[^\W\d_][\w '’\-]{0,30}?)\s*[:=]\s*(?P<value>\S.*?)\s*$")
_VALUE = re.compile(
    r"""\s?=\s?(?:"(?P<quoted>[^"]*)"|“(?P<curly>[^”]*)”|«\s?(?P<french>[^»]*?)\s?»"""
    r"""|(?P<bare>[^\s,"]+(?:,\s*[^\s,"=]+(?![^\s,]*=))*))"""
)
_NEAR = 0.75


@dataclass(frozen=True, slots=True)
class OptionWords:
    """Every word of every language for a command's options: folded word -> option name, and as written."""

    names: Mapping[str, str]
    written: Mapping[str, str] = field(default_factory=dict)

    def known(self, word: str) -> str | None:
        return self.names.get(fold(word).strip())

    def near(self, word: str) -> str | None:
        """The known word that somebody probably meant, or None."""
        folded = fold(word).strip()
        found = get_close_matches(folded, self.names, n=1, cutoff=_NEAR) if len(folded) > 2 else []
        return self.written.get(found[0], found[0]) if found else None


@dataclass(frozen=True, slots=True)
class Parted:
    """A command's text without its options, and the options as typed, by option name."""

    text: str
    options: dict[str, str] = field(default_factory=dict)


def part(text: str, words: OptionWords, *, free_text: bool, listed: bool = False) -> Parted:
    """Take the options out of a command's text; raises Refusal for one that is nearly known or said twice.

    In a `listed` text any further line may be an option; what no option is like is text.
    """
    first, *lines = text.split("\n")
    found: dict[str, str] = {}
    first = _take_inline(first, words, found, free_text=free_text)
    if listed:
        return Parted("\n".join([first, *_take_lines(lines, words, found, free_text=True)]).strip(), found)
    if free_text:
        return Parted("\n".join([first, *_take_block(lines, words, found)]).strip(), found)
    return Parted("\n".join(_take_lines([first, *lines], words, found)).strip(), found)


def _take_inline(line: str, words: OptionWords, found: dict[str, str], *, free_text: bool) -> str:
    start = 0
    while (match := _VALUE.search(line, start)) is not None:
        before = line[: match.start()]
        word, name = _word_before(before, words)
        if name is None:
            _check_unknown(word, words, free_text=free_text)
            start = match.end()
            continue
        _keep(found, name, word, next(value for value in match.groups() if value is not None))
        line = (before[: len(before) - len(word)].rstrip() + " " + line[match.end() :].lstrip()).strip()
    return line


def _word_before(before: str, words: OptionWords) -> tuple[str, str | None]:
    """The option word that ends `before`, of up to three words ("réponse avant"), and its name."""
    for count in (3, 2, 1):
        match = re.search(rf"(?:\S+\s+){{{count - 1}}}\S+$", before)
        if match and (name := words.known(match[0])):
            return match[0], name
    last = re.search(r"\S+$", before)
    return (last[0] if last else ""), None


def _check_unknown(word: str, words: OptionWords, *, free_text: bool) -> None:
    near = words.near(word)
    if near is not None:
        raise Refusal("option-near", word=word, near=near)
    if not free_text and word:
        raise Refusal("option-unknown", word=word)


def _take_block(lines: list[str], words: OptionWords, found: dict[str, str]) -> list[str]:
    """Options after free text: only a last block, after a blank line, that is options throughout."""
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    start = max((i + 1 for i, line in enumerate(lines) if not line.strip()), default=None)
    if start is None:
        return lines
    block = [_LINE.match(line) for line in lines[start:]]
    if not all(match and (words.known(match["word"]) or words.near(match["word"])) for match in block):
        return lines
    _take_lines(lines[start:], words, found)
    return lines[:start]


def _take_lines(
    lines: list[str], words: OptionWords, found: dict[str, str], *, free_text: bool = False
) -> list[str]:
    left = []
    for line in lines:
        match = _LINE.match(line)
        if match is None:
            left.append(line)
        elif name := words.known(match["word"]):
            _keep(found, name, match["word"], _unquoted(match["value"]))
        else:
            _check_unknown(match["word"], words, free_text=free_text)
            left.append(line)
    return left


def _unquoted(value: str) -> str:
    return value[1:-1].strip() if len(value) > 1 and value[0] + value[-1] in ('""', "“”", "«»") else value


def _keep(found: dict[str, str], name: str, word: str, value: str) -> None:
    if name in found and found[name] != value:
        raise Refusal("option-twice", word=word)
    found[name] = value
