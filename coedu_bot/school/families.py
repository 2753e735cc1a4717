"""Pupils, the adults who answer for them, and the households these live in.

Separated parents are two households of one pupil; siblings are two pupils of one household.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Entitlement(StrEnum):
    """What a guardian may towards a child: everything, be informed, or nothing (a judge said so)."""

    FULL = "complet"
    INFORMATION = "information"
    NONE = "aucun"


@dataclass(frozen=True, slots=True)
class Guardian:
    """One adult answering for a child; without `id` they have no smartphone: counted, called, printed for.

    `key` is the Matrix ID, or household and name. A `discreet` one is never put into shared rooms.
    """

    key: str
    name: str
    household: str
    id: str | None = None
    language: str | None = None
    discreet: bool = False
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Pupil:
    """A child of a class; `guardians` by key, with what each may."""

    name: str
    class_id: str
    guardians: Mapping[str, Entitlement]


@dataclass(frozen=True, slots=True)
class Household:
    """Guardians who live together: who acknowledges, votes and books as one; only those who may be told."""

    key: str
    guardians: tuple[Guardian, ...]

    @property
    def reachable(self) -> bool:
        """Whether anybody of them can be written to."""
        return any(guardian.id for guardian in self.guardians)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.language for one in self.guardians if one.language))


@dataclass(frozen=True, slots=True)
class Families:
    """All families of a school; `None` for classes means the whole school."""

    guardians: Mapping[str, Guardian] = field(default_factory=dict)
    pupils: tuple[Pupil, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.pupils)

    def entitlement(self, key: str, classes: Collection[str] | None = None) -> Entitlement:
        """The most that a guardian may towards any pupil of these classes."""
        held = {pupil.guardians[key] for pupil in self._pupils(classes) if key in pupil.guardians}
        return next((one for one in Entitlement if one in held), Entitlement.NONE)

    def households(self, classes: Collection[str] | None = None) -> list[Household]:
        """The households to be informed, by name; a household with children in two classes is one."""
        return self._households(self._keys(classes, {Entitlement.FULL, Entitlement.INFORMATION}))

    def deciding_households(self, classes: Collection[str] | None = None) -> list[Household]:
        """The households that vote, sign and book, with the guardians who may."""
        return self._households(self._keys(classes, {Entitlement.FULL}))

    def household_of(self, key: str, classes: Collection[str] | None = None) -> Household | None:
        """The household that a guardian speaks for, if they are to be told anything."""
        return next((one for one in self.households(classes) if key in _keys_of(one.guardians)), None)

    def pupils_of(self, household: str, classes: Collection[str] | None = None) -> list[Pupil]:
        """The children that a household may be told about."""
        return [
            pupil
            for pupil in self._pupils(classes)
            if any(self.guardians[key].household == household for key in _informed(pupil))
        ]

    def classes_of(self, key: str) -> frozenset[str]:
        """The classes in which somebody is a guardian who may be told."""
        return frozenset(pupil.class_id for pupil in self.pupils if key in _informed(pupil))

    def informed(self) -> frozenset[tuple[str, str]]:
        """Everybody who can be written to and may be told of a class, with that class."""
        held = ((self.guardians[key].id, pupil.class_id) for pupil in self.pupils for key in _informed(pupil))
        return frozenset((id_, class_id) for id_, class_id in held if id_)

    def without(self, keys: Collection[str]) -> Families:
        """As if these guardians were entitled to nothing."""
        held = [
            {key: Entitlement.NONE if key in keys else own for key, own in pupil.guardians.items()}
            for pupil in self.pupils
        ]
        pupils = (replace(pupil, guardians=own) for pupil, own in zip(self.pupils, held, strict=True))
        return replace(self, pupils=tuple(pupils))

    def has_class(self, class_id: str) -> bool:
        """Whether the families of a class are known at all."""
        return any(pupil.class_id == class_id for pupil in self.pupils)

    def _pupils(self, classes: Collection[str] | None) -> Iterable[Pupil]:
        return (pupil for pupil in self.pupils if classes is None or pupil.class_id in classes)

    def _keys(self, classes: Collection[str] | None, wanted: Collection[Entitlement]) -> set[str]:
        return {
            key for pupil in self._pupils(classes) for key, held in pupil.guardians.items() if held in wanted
        }

    def _households(self, keys: Collection[str]) -> list[Household]:
        living: dict[str, list[Guardian]] = {}
        for guardian in self.guardians.values():
            if guardian.key in keys:
                living.setdefault(guardian.household, []).append(guardian)
        return [Household(key, tuple(living[key])) for key in sorted(living, key=str.casefold)]


def _informed(pupil: Pupil) -> set[str]:
    return {key for key, held in pupil.guardians.items() if held is not Entitlement.NONE}


def _keys_of(guardians: Iterable[Guardian]) -> set[str]:
    return {guardian.key for guardian in guardians}
