"""YAML with the line of every key kept, so that an error can say where it is."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from coedu_bot.config.problems import Problem

Path = tuple[str | int, ...]
_QUOTE = 'Matrix names need quotes: "@name:server", "#room:server", "!id"'


@dataclass(slots=True)
class Document:
    """The values of a file, where each stands, and what is wrong with the file itself."""

    file: str
    values: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """The line of a path, or of the nearest thing around it that is there; lines count from 1."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path, what: str, advice: str | None = None) -> Problem:
        """Something wrong with what stands at a path."""
        return Problem(self.file, self.line_of(path), ".".join(map(str, path)), what, advice)

    def at(self, *path: str | int) -> Any:
        """The value at a path, None where there is none."""
        value = self.values
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def mapping(self, *path: str | int) -> dict[str, Any]:
        """The mapping at a path, empty where there is none."""
        value = self.at(*path)
        return value if isinstance(value, dict) else {}

    def as_written(self, path: Iterable[str | int]) -> Path:
        """A path without the parts that only a model knows (variants of a union, groupings)."""
        written: Path = ()
        for part in path:
            if (*written, part) in self.lines:
                written = (*written, part)
        return written


def read_yaml(text: str, file: str) -> Document:
    """Read a document; what is not YAML, and keys said twice, are problems with their lines."""
    document = Document(file)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is not None:
            _walk(node, (), document)
            document.values = _construct(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        document.problems.append(Problem(file, line, "", f"not YAML: {error.problem}", _hint(error)))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        document.problems.append(Problem(file, 1, "", f"not YAML: {error}"))
    return document


def _hint(error: yaml.MarkedYAMLError) -> str | None:
    problem = str(error.problem)
    if "\\t" in problem:
        return "use spaces, not tabs"
    if "'@'" in problem or "'`'" in problem or "tag" in problem:
        return _QUOTE
    return None


def _walk(node: yaml.Node, path: Path, document: Document) -> None:
    document.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*path, index), document)
    elif isinstance(node, yaml.MappingNode):
        seen: set[Hashable] = set()
        for key, value in node.value:
            name = str(key.value)
            document.lines[*path, name] = key.start_mark.line + 1
            if name in seen:
                document.problems.append(document.problem((*path, name), "said twice", "keep one of them"))
            seen.add(name)
            _walk(value, (*path, name), document)


def _construct(node: yaml.Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return _value(loader, node)
    finally:
        loader.dispose()


def _value(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    """Keys stay text: a class called 6 or `no` is a name."""
    if isinstance(node, yaml.MappingNode):
        loader.flatten_mapping(node)
        return {str(key.value): _value(loader, child) for key, child in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, child) for child in node.value]
    try:
        return loader.construct_object(node, deep=True)
    except ValueError:  # what looks like a date but is none: whoever wants one says so
        return node.value
