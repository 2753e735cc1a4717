"""Who is greeted, and with which first steps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Steps(StrEnum):
    """The first steps that somebody is shown."""

    FAMILY = "family"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who has come into a room; `told` where the school may write to them at all."""

    staff: bool
    greeted: bool
    told: bool


def first_steps(newcomer: Newcomer) -> Steps | None:
    """What somebody is greeted with, or None: nobody is greeted twice, in whatever room they come."""
    if newcomer.greeted or not newcomer.told:
        return None
    return Steps.STAFF if newcomer.staff else Steps.FAMILY
