"""pydantic's errors in plain words with their lines, and a model that can be looked at in spite of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from coedu_bot.config.lines import Document, Path
from coedu_bot.config.model import ConfigModel
from coedu_bot.config.problems import Problem, did_you_mean

_EXPECTED = {
    "string_type": "expected text; put it in quotes",
    "list_type": "expected a list: [one, two], or one per line after a dash",
    "dict_type": "expected keys below it, indented",
    "model_type": "expected keys below it, indented",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "path_type": "expected the name of a file",
    "int_type": "expected a number",
    "int_parsing": "expected a number",
}
_PATTERNS = {
    r"^!\S+$": 'expected a room id, for example "!abc:ecole.example"',
    r"^#[^:\s]+:\S+$": 'expected an alias, for example "#6b:ecole.example"',
    r"^https?://\S+$": "expected for example https://matrix.ecole.example",
    r"^(sqlite|postgresql://\S+)$": "expected sqlite, or postgresql://user@host/database",
    r"^[^:\s]+:\d{1,5}$": "expected an address and a port, for example 127.0.0.1:9080",
    r"^(joined|invited|shared)$": "expected joined, invited or shared",
    r"^\S+$": 'expected up to five signs without spaces, for example "!"',
}
_PLACEHOLDERS: Mapping[str, Any] = {
    "homeserver": "https://missing.example",
    "user": "@missing:missing.example",
    "school": {"name": "?", "controller": "?", "contact": "?"},
}
_ROUNDS = 4


def validated(document: Document) -> tuple[ConfigModel | None, list[Problem]]:
    """The model and what is wrong; what is wrong is left out of it, so that the rest can be checked too."""
    values = document.values if isinstance(document.values, dict) else {}
    try:
        return ConfigModel.model_validate(values), []
    except ValidationError as errors:
        return _repaired(values, errors), problems_of(errors, ConfigModel, document)


def _repaired(values: Mapping[str, Any], errors: ValidationError) -> ConfigModel | None:
    rest = deepcopy(dict(values))
    for _ in range(_ROUNDS):
        for error in reversed(errors.errors()):
            _leave_out(rest, error)
        try:
            return ConfigModel.model_validate(rest)
        except ValidationError as more:
            errors = more
    return None


def _leave_out(values: dict[str, Any], error: Any) -> None:
    """Take the wrong value out, or put a stand-in where one is needed."""
    holder: Any = values
    place: tuple[Any, Any] | None = None
    for part in error["loc"]:
        inside = holder is not None and _has(holder, part)
        if not inside:
            continue
        place, holder = (holder, part), holder[part]
    if error["type"] == "missing":
        _stand_in(values, error["loc"])
    elif place is not None:
        del place[0][place[1]]


def _has(holder: Any, part: Any) -> bool:
    if isinstance(holder, dict):
        return part in holder
    return isinstance(holder, list) and isinstance(part, int) and part < len(holder)


def _stand_in(values: dict[str, Any], loc: Sequence[Any]) -> None:
    match list(loc):
        case [name]:
            values[name] = deepcopy(_PLACEHOLDERS.get(name))
        case ["school", "quiet_hours", _]:
            values["school"].pop("quiet_hours", None)
        case ["school", name]:
            values["school"][name] = "?"


def problems_of(
    errors: ValidationError, model: type[BaseModel], document: Document, at: Path = ()
) -> list[Problem]:
    """The errors of a model whose values stand below `at`."""
    found = [(document.as_written((*at, *error["loc"])), error) for error in errors.errors()]
    places = [path for path, _ in found]
    told = [error for path, error in found if not (_of_variant(error) and _has_inner(path, places))]
    return list(dict.fromkeys(_problem(error, model, document, at) for error in told))


def _of_variant(error: Any) -> bool:
    return error["type"] in ("string_type", "list_type", "model_type", "dict_type")


def _has_inner(path: Path, places: Sequence[Path]) -> bool:
    """Whether something inside is wrong: then it was meant to be what has an inside."""
    return any(len(one) > len(path) and one[: len(path)] == path for one in places)


def _problem(error: Any, model: type[BaseModel], document: Document, at: Path) -> Problem:
    loc = error["loc"]
    written = document.as_written((*at, *loc))
    if error["type"] == "missing":
        return document.problem((*written, loc[-1]), "missing", _needed(str(loc[-1])))
    what, advice = _said(error, model)
    return document.problem(written, what, advice)


def _needed(name: str) -> str | None:
    return {
        "homeserver": "expected the address of the homeserver, https://…",
        "user": 'expected the bot\'s account, for example "@coedu:ecole.example"',
        "controller": "expected who answers for personal data",
        "contact": "expected where families write about their data",
    }.get(name)


def _said(error: Any, model: type[BaseModel]) -> tuple[str, str | None]:
    kind, found = error["type"], error["input"]
    if kind == "extra_forbidden":
        return "unknown", _nearest_key(error["loc"], model)
    if kind == "string_pattern_mismatch":
        pattern = error["ctx"]["pattern"]
        return f'"{found}" has not the right form', _PATTERNS.get(pattern, f"expected {pattern}")
    if kind in ("enum", "literal_error"):
        expected = error["ctx"]["expected"].replace("'", "")
        return f'"{found}" is unknown', did_you_mean(str(found), _words(expected)) or f"expected {expected}"
    if kind in _EXPECTED:
        return f"{_shown(found)} is not right here", _EXPECTED[kind]
    what, _, advice = str(error["msg"]).removeprefix("Value error, ").partition("; ")
    return what, advice or None


def _words(expected: str) -> list[str]:
    return expected.replace(" or ", ", ").split(", ")


def _shown(found: Any) -> str:
    if found is None:
        return "nothing"
    if isinstance(found, dict):
        return "a mapping"
    return "a list" if isinstance(found, list) else f'"{found}"'


def _nearest_key(loc: Sequence[Any], model: type[BaseModel]) -> str:
    """The nearest key of the same place, else of anywhere: a misplaced key is found too."""
    here = _model_at(loc[:-1], model)
    own, name = _keys(here), str(loc[-1])
    anywhere = {key for one in _all_models(model) for key in _keys(one)}
    near = did_you_mean(name, own) or did_you_mean(name, anywhere)
    if not own:
        return "there is nothing to set here"
    return near or f"expected one of: {', '.join(sorted(own))}"


def _model_at(loc: Sequence[Any], model: type[BaseModel]) -> type[BaseModel]:
    for part in loc:
        field = next((info for key, info in _fields(model) if key == part), None)
        inner = _models_in(field.annotation) if field else []
        model = inner[0] if inner else model
    return model


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    for name, info in model.model_fields.items():
        yield info.alias or name, info
        yield from ((str(choice), info) for choice in getattr(info.validation_alias, "choices", ()))


def _keys(model: type[BaseModel]) -> set[str]:
    return {key for key, _ in _fields(model)}


def _all_models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for _, info in _fields(model):
        for inner in _models_in(info.annotation):
            yield from _all_models(inner)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not get_args(annotation) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (Union, UnionType, dict, list) or get_args(annotation):
        return [model for part in get_args(annotation) for model in _models_in(part)]
    return []
