"""From file and environment to a configuration that can be used, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel

from coedu_bot.config import consistency
from coedu_bot.config.lines import Document, read_yaml
from coedu_bot.config.model import ConfigModel
from coedu_bot.config.plugins import PluginsRead, read_plugins
from coedu_bot.config.problems import ConfigError, Problem
from coedu_bot.config.schooling import Sources, school_of
from coedu_bot.config.secrets import read_secrets, written_secrets
from coedu_bot.config.sources import SourceReader
from coedu_bot.config.validation import validated
from coedu_bot.registry import Nearer
from coedu_bot.school.rights import Capability
from coedu_bot.school.school import School


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
    sources: Sources = field(default_factory=Sources)
    nearer: Nearer = field(default_factory=dict)

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
    def only_signed_devices(self) -> bool:
        return self.model.encryption.only_signed_devices

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
        return school_of(self.model, self.sources, capabilities)


def load_config(path: Path, *, env: Mapping[str, str], instead: Mapping[str, bytes] | None = None) -> Config:
    """Read and check everything; raises ConfigError with every problem.

    `instead` has the contents that files beside it would have, to see whether they would do.
    """
    document = _document(path)
    folder = path.resolve().parent
    problems = written_secrets(document)
    model, found = validated(document)
    found = _without_secrets(found, problems)
    secrets, unreadable = read_secrets(document, folder, env)
    plugins = read_plugins(document, folder)
    problems += [*found, *unreadable, *_without_secrets(plugins.problems, problems)]
    reader = SourceReader(document, folder, instead or {})
    sources = reader.read(model)
    problems += reader.problems
    if model is not None:
        problems += _across(model, document, reader, plugins, complete=not found)
    if problems or model is None:
        raise ConfigError(problems)
    login = Login(model.homeserver, model.user, **secrets)
    return Config(model, login, folder, plugins.settings, sources, plugins.nearer)


def _document(path: Path) -> Document:
    """The YAML, if it is one at all."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        told = Problem(str(path), 1, "", f"cannot be read: {problem.strerror}", "name it with --config")
        raise ConfigError([told]) from problem
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise ConfigError([Problem(path.name, line, "", "not UTF-8", "save it as UTF-8")]) from problem
    document = read_yaml(text, path.name)
    if document.problems:  # what stands where is not even clear
        raise ConfigError(document.problems)
    if not isinstance(document.values, dict):
        raise ConfigError([Problem(path.name, 1, "", "no keys in it", "start from config.example.yaml")])
    return document


def _without_secrets(found: Iterable[Problem], secrets: Iterable[Problem]) -> list[Problem]:
    """A secret in the wrong place is not also an unknown key."""
    told = {(secret.line, secret.path) for secret in secrets}
    return [problem for problem in found if (problem.line, problem.path) not in told]


def _across(
    model: ConfigModel, document: Document, reader: SourceReader, plugins: PluginsRead, complete: bool
) -> Iterable[Problem]:
    """What contradicts; who is missing is only asked where nothing was left out as wrong."""
    yield from consistency.contradictions(model, document, reader.staff, reader.families)
    if complete:
        yield from consistency.missing_people(model, document, reader.staff)
    yield from consistency.bots_among_families(model, reader.families)
    yield from consistency.unknown_rights(model, document, plugins)
