"""Secrets come from the environment or from files that nobody else can read, never from the YAML."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from coedu_bot.config.lines import Document
from coedu_bot.config.lines import Path as Place
from coedu_bot.config.problems import Problem

SECRETS = {
    "password": "COEDU_PASSWORD",
    "access_token": "COEDU_ACCESS_TOKEN",
    "recovery_key": "COEDU_RECOVERY_KEY",
}
_OTHERS_CAN_READ = stat.S_IRWXG | stat.S_IRWXO
_NAMES_OF_SECRETS = re.compile(
    r"(.*_)?(password|passwd|mot_de_passe|access_token|api_key|apikey|secret|recovery_key|token)"
)
_IN_ADDRESS = re.compile(r"^\w+://[^/@\s:]*:[^/@\s]+@")


def written_secrets(document: Document) -> list[Problem]:
    """Secrets that stand in the file itself."""
    return [
        document.problem(path, "a secret must not stand in this file", _way_out(path))
        for path, value in _leaves(document.values, ())
        if _is_secret(path, value)
    ]


def _is_secret(path: Place, value: Any) -> bool:
    if isinstance(value, str) and _IN_ADDRESS.match(value):
        return True
    return value is not None and bool(path) and bool(_NAMES_OF_SECRETS.fullmatch(str(path[-1])))


def _way_out(path: Place) -> str:
    name = str(path[-1]) if path else ""
    if name == "database":
        return "set PGPASSWORD, or use a .pgpass file"
    if name in SECRETS and len(path) == 1:
        return f"set {SECRETS[name]}, or name a file with {name}_file"
    return f"name a file with {name}_file"


def _leaves(value: Any, path: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, index))
    else:
        yield path, value


def read_secrets(
    document: Document, folder: Path, env: Mapping[str, str]
) -> tuple[dict[str, str | None], list[Problem]]:
    """The secrets by name, and what is wrong with the files that the YAML names for them."""
    found: dict[str, str | None] = {}
    problems: list[Problem] = []
    for name, variable in SECRETS.items():
        found[name] = env.get(variable) or None
        file = document.at(f"{name}_file")
        if not isinstance(file, str) or found[name]:
            continue
        try:
            found[name] = _secret_in(folder / file)
        except OSError as problem:
            told = problem.strerror or str(problem)
            problems.append(document.problem((f"{name}_file",), f"{file}: {told}", _mend(problem, file)))
    return found, problems


def _mend(problem: OSError, file: str) -> str | None:
    if isinstance(problem, FileNotFoundError):
        return "a path counts from the folder of this file"
    return f"chmod 600 {file}" if isinstance(problem, PermissionError) else None


def _secret_in(file: Path) -> str:
    if os.stat(file).st_mode & _OTHERS_CAN_READ:
        raise PermissionError("can be read by others")
    return file.read_text(encoding="utf-8").strip()
