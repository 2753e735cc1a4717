"""Gettext `.po` files: text keys, their sentences, and the plural rule.

Babel's own reader takes 20 ms for 200 entries; this one reads what our files use, in less than one.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_LINE = re.compile(r'(?:(msgid|msgid_plural|msgstr|msgstr\[(\d)\])\s+)?"(.*)"')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}
_PLURAL = re.compile(r"nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*([^;]+);?")


class PoError(ValueError):
    """A file that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One text: a single form, or one a plural category."""

    forms: tuple[str, ...]
    plural: bool = False


@dataclass(frozen=True, slots=True)
class PoFile:
    """A file's head comment, header fields and entries by text key."""

    comment: str
    headers: dict[str, str]
    entries: dict[str, Entry]

    @property
    def plural_forms(self) -> int:
        """How many forms a plural entry has to have."""
        return int(self._plural()[1])

    @property
    def plural_rule(self) -> Callable[[int], int]:
        """Which of the forms a count takes; raises PoError when the header has no valid Plural-Forms."""
        try:
            return gettext.c2py(self._plural()[2])
        except ValueError as problem:
            raise PoError(f"Plural-Forms: {problem}") from None

    def _plural(self) -> re.Match[str]:
        match = _PLURAL.fullmatch(self.headers.get("Plural-Forms", "").strip())
        if match is None:
            raise PoError(f"Plural-Forms is missing or wrong: {self.headers.get('Plural-Forms')!r}")
        return match


def read_po(text: str, name: str = "<po>") -> PoFile:
    """Read a file's text; raises PoError with `name` and the line."""
    lines = text.splitlines()
    comment = "\n".join(_head(lines))
    entries: dict[str, Entry] = {}
    for number, fields in _paragraphs(lines, name):
        key, entry = _entry(fields)
        if not entry.forms:
            raise PoError(f"{name}:{number}: {key!r} has no msgstr")
        if key in entries:
            raise PoError(f"{name}:{number}: {key!r} is there twice")
        entries[key] = entry
    header = entries.pop("", Entry(("",))).forms[0]
    return PoFile(comment, _headers(header), entries)


def _head(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith("#"):
            return
        yield line.lstrip("# ").rstrip()


def _headers(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.splitlines() if line)
    return {key.strip(): value.strip() for key, _, value in pairs}


def _entry(fields: dict[str, str]) -> tuple[str, Entry]:
    forms = tuple(fields[key] for key in sorted(fields) if key.startswith("msgstr"))
    return fields["msgid"], Entry(forms, "msgid_plural" in fields)


def _paragraphs(lines: list[str], name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The fields of each entry, with the number of the line it starts in; `#~` entries are comments."""
    fields: dict[str, str] = {}
    start, current = 0, ""
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None or (match[1] is None and not current):
            raise PoError(f"{name}:{number}: not understood: {line.strip()[:60]!r}")
        if match[1] == "msgid":
            if fields:
                yield start, fields
            fields, start = {}, number
        current = match[1] or current
        fields[current] = fields.get(current, "") + _unescaped(match[3])
    if fields:
        yield start, fields


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda m: _ESCAPED.get(m[1], m[1]), text) if "\\" in text else text
