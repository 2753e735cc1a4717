"""Roles and capabilities: who may do what, by default and where the school decided otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a school, or in one room of it."""

    COORDINATOR = "coordinator"
    TEACHER = "teacher"
    SUBSTITUTE = "substitute"
    PROFESSIONAL = "professional"
    DELEGATE = "delegate"
    GUARDIAN = "guardian"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Capability:
    """Something one may be allowed to do, e.g. `announce.post`, and who may without further word."""

    name: str
    roles: frozenset[Role]

    @classmethod
    def of(cls, name: str, *roles: Role) -> Capability:
        return cls(name, frozenset(roles))


@dataclass(frozen=True, slots=True)
class Rights:
    """Capabilities with their defaults, and what the school, a class or a room changed."""

    defaults: Mapping[str, frozenset[Role]]
    school: Mapping[str, frozenset[Role]] = field(default_factory=dict)

    @classmethod
    def from_capabilities(
        cls, capabilities: Iterable[Capability], school: Mapping[str, frozenset[Role]] | None = None
    ) -> Rights:
        return cls({capability.name: capability.roles for capability in capabilities}, school or {})

    def roles_for(self, capability: str, *nearer: Mapping[str, frozenset[Role]]) -> frozenset[Role]:
        """Who may, the nearest word first: room, class, then school, then default; nobody if unknown."""
        for words in (*nearer, self.school, self.defaults):
            if capability in words:
                return words[capability]
        return frozenset()
