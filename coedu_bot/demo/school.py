"""The sample school: a French collège with two classes, three teachers, twelve families, six languages.

It is the one of `config.example.yaml` and the tables beside it, so the example is played by every demo.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from coedu_bot.config import load_config
from coedu_bot.loading import BUNDLED
from coedu_bot.school.families import Guardian
from coedu_bot.school.school import School

EXAMPLE = "config.example.yaml"
PASSWORD = "coedu-demo"
BOT_NAME = "Coedu Bot"
HEAD = "Mme Martin"
STAFF_ROOM = "Salle des professeurs"


def folder() -> Path:
    """Where the example lies: in an installed package beside this file, else in the repository."""
    installed = Path(__file__).with_name("sample")
    return installed if installed.is_dir() else BUNDLED.parent


@cache
def sample() -> School:
    """The school as the example describes it."""
    return load_config(folder() / EXAMPLE, env={}).school([])


@cache
def accounts() -> dict[str, str]:
    """Name -> Matrix ID of everybody with a smartphone; staff first."""
    staff = {one.name: one.id for one in sample().people.values()}
    return staff | {one.name: one.id for one in guardians() if one.id}


def guardians() -> list[Guardian]:
    """All adults of the families, those without a smartphone too."""
    return list(sample().families.guardians.values())


def teachers() -> list[str]:
    """The teachers, by name."""
    taught = {id_ for class_ in sample().classes.values() for id_ in class_.teachers}
    return [name for name, id_ in accounts().items() if id_ in taught]


def staff() -> list[str]:
    """The head and the teachers, by name."""
    return [HEAD, *teachers()]


def members(class_id: str) -> list[str]:
    """Who is in a class's room, by name: its teachers and its families but the discreet; not the head."""
    teaching = sample().classes[class_id].teachers
    return [name for name in teachers() if accounts()[name] in teaching] + [
        one.name
        for household in sample().families.households({class_id})
        for one in household.guardians
        if one.id and not one.discreet
    ]


def classes() -> dict[str, str]:
    """The classes: id -> name."""
    return {class_.id: class_.name for class_ in sample().classes.values()}


def write_config(into: Path, homeserver: str) -> Path:
    """The example as a configuration for this homeserver, with every bundled plugin on; returns the file."""
    values: dict[str, Any] = yaml.safe_load((folder() / EXAMPLE).read_text(encoding="utf-8"))
    server = values["user"].partition(":")[2]
    for class_id, class_ in values["classes"].items():
        class_["rooms"] = {"class": {"alias": f"#{class_id.lower()}:{server}"}}
    values |= {
        "homeserver": homeserver,
        "data": "data",
        "rooms": {"staff": {"alias": f"#staff:{server}"}},
        "plugins": {name: values["plugins"].get(name) or {} for name in _bundled()},
        "direct": {"encrypted": False},  # the clients of the demo are plain ones
        "web": {"listen": "127.0.0.1:0"},
    }
    shutil.copytree(folder() / "examples", into / "examples")
    config = into / "config.yaml"
    config.write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return config


def _bundled() -> list[str]:
    return sorted(path.parent.name for path in BUNDLED.glob("*/__init__.py"))
