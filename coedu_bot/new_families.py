"""What somebody may ask of the families files beside the configuration, without knowing where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class FamilyChange:
    """What a families file would change; households by name."""

    file: str
    households: int
    added: tuple[str, ...]
    gone: tuple[str, ...]


class UnusableFile(Exception):
    """A file that cannot be used; `problems` in lines."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class FamilyFiles(Protocol):
    """Both methods raise UnusableFile, and then nothing has changed."""

    async def examine(self, name: str, data: bytes) -> FamilyChange:
        """What the file would change."""
        ...

    async def take(self, name: str, data: bytes) -> FamilyChange:
        """Put the file in the place of the one it is for, and use it."""
        ...
