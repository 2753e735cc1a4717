"""A teaching group and the people who work with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coedu_bot.school.features import Features
from coedu_bot.school.rights import Role


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """One class; `rights` only where it differs from the school, `features` only those it speaks of."""

    id: str
    name: str
    teachers: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()
    substitutes: frozenset[str] = frozenset()
    professionals: frozenset[str] = frozenset()
    delegates: frozenset[str] = frozenset()
    rights: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    features: Features = field(default_factory=dict)

    def roles_of(self, user: str) -> frozenset[Role]:
        """What somebody is in this class, families aside."""
        named = (
            (Role.TEACHER, self.teachers),
            (Role.SUBSTITUTE, self.substitutes),
            (Role.PROFESSIONAL, self.professionals),
            (Role.DELEGATE, self.delegates),
        )
        return frozenset(role for role, users in named if user in users)
