"""From file and environment to a configuration that can be used, or to everything that is wrong with it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from coedu_bot.config.lines import Document, read_yaml
from coedu_bot.config.model import ConfigModel
from coedu_bot.config.problems import ConfigError, Problem, did_you_mean
from coedu_bot.config.schooling import school_of
from coedu_bot.loading import available, load
from coedu_bot.school.rights import Capability
from coedu_bot.school.school import School

_SECRETS = {
    "password": "COEDU_PASSWORD",
    "access_token": "COEDU_ACCESS_TOKEN",
    "recovery_key": "COEDU_RECOVERY_KEY",
}
_OTHERS_CAN_READ = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Login:
    """How to get into the account."""

    homeserver: str
    user: str
    password: str | None
    access_token: str | None
    recovery_key: str | None


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration without problems; paths are relative to its file."""

    model: ConfigModel
    login: Login
    folder: Path
    plugins: Mapping[str, BaseModel | None]

    @property
    def data(self) -> Path:
        return self.folder / self.model.data

    @property
    def database(self) -> str:
        return self.model.database

    @property
    def prefix(self) -> str:
        return self.model.prefix

    @property
    def stale_after(self) -> timedelta:
        return self.model.stale_after

    @property
    def encrypt_direct(self) -> bool:
        return self.model.direct.encrypted

    @property
    def invited_by(self) -> tuple[str, ...]:
        return tuple(self.model.invites.from_)

    @property
    def listen(self) -> str:
        return self.model.web.listen

    @property
    def plugin_path(self) -> list[Path]:
        return [self.folder / path for path in self.model.plugin_path]

    def school(self, capabilities: Iterable[Capability]) -> School:
        """The school as pure values, with the rights that these features bring."""
        return school_of(self.model, capabilities)


def load_config(path: Path, *, env: Mapping[str, str]) -> Config:
    """Read and check everything; raises ConfigError with every problem."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigError([Problem(str(path), 1, "", f"cannot be read: {problem}")]) from problem
    document = read_yaml(text, path.name)
    if document.problems:
        raise ConfigError(document.problems)
    model = _model(document, path.name)
    secrets, problems = _secrets(model, path, document, env)
    plugins, more = _plugins(model, path, document)
    if problems or more:
        raise ConfigError([*problems, *more])
    login = Login(model.homeserver, model.user, **secrets)
    return Config(model, login, path.resolve().parent, plugins)


def _model(document: Document, file: str) -> ConfigModel:
    values = document.values if isinstance(document.values, dict) else {}
    told = [
        Problem(
            file, document.line_of((name,)), name, "a secret must not stand in this file", f"set {variable}"
        )
        for name, variable in _SECRETS.items()
        if name in values
    ]
    try:
        model = ConfigModel.model_validate({k: v for k, v in values.items() if k not in _SECRETS})
    except ValidationError as errors:
        raise ConfigError([*told, *_problems(errors, ConfigModel, document, file)]) from errors
    if told:
        raise ConfigError(told)
    return model


def _problems(
    errors: ValidationError,
    model: type[BaseModel],
    document: Document,
    file: str,
    at: tuple[str | int, ...] = (),
) -> list[Problem]:
    found = []
    for error in errors.errors():
        path = (*at, *(part for part in error["loc"] if not _is_variant(part)))
        what, advice = _said(error, model)
        found.append(Problem(file, document.line_of(path), ".".join(map(str, path)), what, advice))
    return found


def _is_variant(part: str | int) -> bool:
    """pydantic names the variant of a union in its path; people do not write it."""
    return isinstance(part, str) and ("[" in part or part in ("str", "PeopleModel", "NoneType"))


def _said(error: Any, model: type[BaseModel]) -> tuple[str, str | None]:
    if error["type"] == "extra_forbidden":
        return "unknown", did_you_mean(str(error["loc"][-1]), _all_keys(model))
    if error["type"] == "missing":
        return "missing", None
    if error["type"] == "string_pattern_mismatch":
        return f'"{error["input"]}" has not the right form', f"expected {error['ctx']['pattern']}"
    message = str(error["msg"]).removeprefix("Value error, ")
    return message, None


def _all_keys(model: type[BaseModel]) -> set[str]:
    """Every key of a model and of the models in it: a misplaced key is found too."""
    keys: set[str] = set()
    for name, info in model.model_fields.items():
        keys.add(info.alias or name)
        for inner in _models_in(info.annotation):
            keys |= _all_keys(inner)
    return keys


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]


def _secrets(
    model: ConfigModel, path: Path, document: Document, env: Mapping[str, str]
) -> tuple[dict[str, str | None], list[Problem]]:
    secrets: dict[str, str | None] = {}
    problems: list[Problem] = []
    for name, variable in _SECRETS.items():
        secrets[name] = env.get(variable)
        file: Path | None = getattr(model, f"{name}_file")
        if file is None or secrets[name]:
            continue
        try:
            secrets[name] = _secret_in(path.parent / file)
        except (OSError, PermissionError) as problem:
            key = f"{name}_file"
            problems.append(Problem(path.name, document.line_of((key,)), key, str(problem)))
    return secrets, problems


def _secret_in(file: Path) -> str:
    if os.stat(file).st_mode & _OTHERS_CAN_READ:
        raise PermissionError(f"{file.name} can be read by others; chmod 600 {file.name}")
    return file.read_text(encoding="utf-8").strip()


def _plugins(
    model: ConfigModel, path: Path, document: Document
) -> tuple[dict[str, BaseModel | None], list[Problem]]:
    """The settings of each plugin, as its own model has them; those that cannot be loaded are told later."""
    folders = [path.parent / folder for folder in model.plugin_path]
    known = available(folders)
    loaded, _ = load([name for name in model.plugins if name in known], folders)
    settings: dict[str, BaseModel | None] = {}
    problems: list[Problem] = []
    for name, values in model.plugins.items():
        at = ("plugins", name)
        if name not in known:
            advice = did_you_mean(name, known) or f"there are: {', '.join(sorted(known))}"
            problems.append(Problem(path.name, document.line_of(at), ".".join(at), "no such plugin", advice))
        elif name in loaded:
            try:
                settings[name] = loaded[name].settings.model_validate(values or {})
            except ValidationError as errors:
                problems += _problems(errors, loaded[name].settings, document, path.name, at)
        else:
            settings[name] = None
    return settings, problems
