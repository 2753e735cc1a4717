"""YAML with the line of every key kept, so that an error can say where it is."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import yaml

from coedu_bot.config.problems import Problem

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Document:
    """The values of a file, where each stands, and what is wrong with the file itself."""

    values: Any
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """The line of a path, or of the nearest thing around it that is there; lines count from 1."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str, file: str) -> Document:
    """Read a document; what is not YAML, and keys said twice, are problems with their lines."""
    document = Document(None)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is not None:
            _walk(node, (), file, document)
            document.values = _construct(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        hint = "use spaces, not tabs" if "\\t" in str(error.problem) else None
        line = mark.line + 1 if mark else 1
        document.problems.append(Problem(file, line, "", f"not YAML: {error.problem}", hint))
    except (yaml.YAMLError, RecursionError) as error:
        document.problems.append(Problem(file, 1, "", f"not YAML: {type(error).__name__}"))
    return document


def _walk(node: yaml.Node, path: Path, file: str, document: Document) -> None:
    document.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*path, index), file, document)
    elif isinstance(node, yaml.MappingNode):
        seen: set[Hashable] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                where = ".".join(map(str, (*path, name)))
                document.problems.append(Problem(file, key.start_mark.line + 1, where, "said twice"))
            seen.add(name)
            document.lines[*path, name] = key.start_mark.line + 1
            _walk(value, (*path, name), file, document)


class _Loader(yaml.SafeLoader):
    """Keys stay text: a class called 6 or `no` is a name."""


def _construct(node: yaml.Node) -> Any:
    loader = _Loader("")
    try:
        return _with_text_keys(loader.construct_document(node), node)
    finally:
        loader.dispose()


def _with_text_keys(value: Any, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode) and isinstance(value, dict):
        pairs = zip(node.value, value.values(), strict=False)
        return {str(key.value): _with_text_keys(inner, child) for (key, child), inner in pairs}
    if isinstance(node, yaml.SequenceNode) and isinstance(value, list):
        return [_with_text_keys(inner, child) for inner, child in zip(value, node.value, strict=True)]
    return value
