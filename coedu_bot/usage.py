"""Usage lines such as `remind <when> <text...>`: parser, help and argument check from one source."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ARGUMENT = re.compile(r"(?P<open>[<\[])(?P<name>[a-z_]+)(?P<rest>\.\.\.)?[>\]]")


@dataclass(frozen=True, slots=True)
class Argument:
    """One place of a usage line: `<needed>` or `[optional]`; `rest` takes all that follows."""

    name: str
    needed: bool
    rest: bool


@dataclass(frozen=True, slots=True)
class Usage:
    name: str
    arguments: tuple[Argument, ...]

    @property
    def free_text(self) -> bool:
        """Whether people's own words end the command, so that option-like lines may be text."""
        return bool(self.arguments) and self.arguments[-1].rest


def parse_usage(line: str) -> Usage:
    """Read a usage line; raises ValueError on anything that is not `name <a> [b] <c...>`."""
    name, *places = line.split()
    return Usage(name, tuple(_argument(place, line) for place in places))


def _argument(place: str, line: str) -> Argument:
    match = _ARGUMENT.fullmatch(place)
    if match is None:
        raise ValueError(f"{place!r} in usage line {line!r}: expected <name>, [name] or <name...>")
    return Argument(match["name"], match["open"] == "<", match["rest"] is not None)
