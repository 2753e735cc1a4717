"""Which revisions the code brings: per branch one numbered line of files, read without Alembic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import MetaData

from coedu_bot.store import dialogues, erasures, informed, menus, relays, tables, withheld

_ID = re.compile(r"(?P<branch>[a-z][a-z0-9_]*)_(?P<number>\d{4})")
_FILE = re.compile(_ID.pattern + r"(_\w+)?\.py")


class RevisionError(Exception):
    """A folder of revisions that makes no line, or a file that does not hold what its name says."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One step of one branch; its file is `<id>_<what>.py`, e.g. `polls_0002_deadlines.py`."""

    branch: str
    number: int
    path: Path

    @property
    def id(self) -> str:
        """What Alembic calls `revision`: `polls_0002`."""
        return revision_id(self.branch, self.number)

    @property
    def previous(self) -> str | None:
        """What Alembic calls `down_revision`."""
        return revision_id(self.branch, self.number - 1) if self.number > 1 else None


@dataclass(frozen=True, slots=True)
class Branch:
    """The tables of the core or of one plugin, and the folder of the revisions that lead to them."""

    name: str
    folder: Path
    metadata: MetaData

    def revisions(self) -> list[Revision]:
        """First to last; raises RevisionError for a file that fits no place in the line."""
        line = [self._revision(path) for path in sorted(self.folder.glob("[!_]*.py"))]
        for number, revision in enumerate(line, start=1):
            if revision.number != number:
                raise RevisionError(f"{self.name}: revision {number} should be {revision.path.name}'s place")
        return line

    def _revision(self, path: Path) -> Revision:
        match = _FILE.fullmatch(path.name)
        if match is None or match["branch"] != self.name:
            raise RevisionError(f"{self.name}: {path.name} should be called {self.name}_<4 digits>_<what>.py")
        return Revision(self.name, int(match["number"]), path)


_ELSEWHERE = (dialogues, erasures, informed, menus, relays, withheld)
"""Modules that keep tables of their own: importing them puts these among the core's."""
CORE = Branch("core", Path(__file__).parent / "migrations", tables.metadata)


def revision_id(branch: str, number: int) -> str:
    """The name of a revision, in files and in the database."""
    return f"{branch}_{number:04}"


def parse_revision_id(text: str) -> tuple[str, int] | None:
    """Branch and number; None for the revision of some other program."""
    match = _ID.fullmatch(text)
    return (match["branch"], int(match["number"])) if match else None
