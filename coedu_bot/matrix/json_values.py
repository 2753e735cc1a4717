"""Reading JSON that a stranger wrote: the wanted type or a refusal, and nothing that a database chokes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

_DEEPEST = 32
_LONGEST_ID = 255


Raw: TypeAlias = Mapping[str, Any]
"""A JSON object as it came: nothing in it has been checked."""


class Malformed(Exception):
    """The event is not what its type says; it is dropped and counted."""


def text(value: object) -> str:
    """A string that can be stored and sent: no NUL, no half characters. Raises Malformed."""
    if not isinstance(value, str):
        raise Malformed("not a string")
    if value.isascii():
        return value.replace("\0", "")
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "")


def text_or(value: object, default: str) -> str:
    return text(value) if isinstance(value, str) else default


def identifier(value: object, sigils: str) -> str:
    """A Matrix id that starts with one of `sigils`. Raises Malformed."""
    name = text(value)
    if not name.startswith(tuple(sigils)) or not 1 < len(name) <= _LONGEST_ID:
        raise Malformed("not an id")
    return name


def mapping(value: object) -> Mapping[str, Any]:
    """A JSON object. Raises Malformed."""
    if not isinstance(value, Mapping):
        raise Malformed("not an object")
    return value


def mapping_or_empty(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def items(value: object) -> list[Any]:
    """The items of a JSON list; of anything else none."""
    return value if isinstance(value, list) else []


def cleaned(value: Any, depth: int = _DEEPEST) -> Any:
    """A copy of JSON that can be stored again. Raises Malformed where it is nested beyond reason."""
    if isinstance(value, str):
        return text(value)
    if not isinstance(value, dict | list):
        return value
    if depth == 0:
        raise Malformed("too deep")
    if isinstance(value, list):
        return [cleaned(item, depth - 1) for item in value]
    return {text(key): cleaned(item, depth - 1) for key, item in value.items()}
