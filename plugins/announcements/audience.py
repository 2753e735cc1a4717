"""Whom an announcement addresses, who reads as one, and where each of them stands; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from plugins.announcements.domain import Acknowledgement, Announcement, Draft, Reading


@dataclass(frozen=True, slots=True)
class Reader:
    """One person who is addressed; without `id` they have no smartphone. `rooms` are those meant for them.

    A `discreet` one is in no shared room; `copies` is False for who does not want any.
    """

    key: str
    name: str
    id: str | None = None
    language: str = ""
    discreet: bool = False
    copies: bool = True
    phone: str = ""
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """Those who read as one: a household, of which one is enough, or a person alone."""

    key: str
    name: str
    readers: tuple[Reader, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(reader.id for reader in self.readers if reader.id)


@dataclass(frozen=True, slots=True)
class Audience:
    """All parties; `families` counts pupils' families, 0 where none are known; `present` by room."""

    parties: tuple[Party, ...]
    families: int = 0
    languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    present: Mapping[str, Collection[str]] = field(default_factory=dict)

    @property
    def readers(self) -> tuple[Reader, ...]:
        """Every person once."""
        every = {reader.key: reader for party in self.parties for reader in party.readers}
        return tuple(every.values())

    @property
    def ids(self) -> frozenset[str]:
        """Who counts when they say "read", and may be written to."""
        return frozenset(reader.id for reader in self.readers if reader.id)

    def sees(self, reader: Reader) -> tuple[str, ...]:
        """The rooms in which somebody reads along."""
        return tuple(room for room in reader.rooms if reader.id in self.present.get(room, ()))

    def gets_copy(self, reader: Reader, draft: Draft) -> bool:
        """Whether somebody is written to privately besides the rooms, or instead of them."""
        if reader.id is None:
            return False
        if reader.discreet or draft.acknowledgement is Acknowledgement.PRIVATE:
            return True
        spoken = {language for room in reader.rooms for language in self.languages.get(room, ())}
        return reader.copies and bool(reader.language) and reader.language not in spoken


class Standing(StrEnum):
    """Where a party stands; `invited` if nobody of it has come yet, `call` if nobody has a smartphone."""

    READ = "read"
    MISSING = "missing"
    INVITED = "invited"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One party's standing; `reading` is its latest, `again` if it is of an older wording."""

    party: Party
    standing: Standing
    reading: Reading | None = None
    again: bool = False

    @property
    def has_read(self) -> bool:
        return self.standing is Standing.READ

    @property
    def name(self) -> str:
        return self.party.name


def counted(audience: Audience, acknowledgement: Acknowledgement) -> list[Party]:
    """Who is counted: households, or each guardian where everyone is asked; by name, without ranking."""
    parties = audience.parties
    if acknowledgement is Acknowledgement.EVERYONE:
        parties = tuple(Party(reader.key, reader.name, (reader,)) for reader in audience.readers)
    return sorted(parties, key=lambda party: (party.name.casefold(), party.key))


def receipts(
    announcement: Announcement, audience: Audience, readings: Iterable[Reading], in_touch: Collection[str]
) -> list[Receipt]:
    """One receipt for each party; `in_touch` are those whose direct room is open."""
    latest = {reading.reader: reading for reading in sorted(readings, key=lambda one: one.version)}
    parties = counted(audience, announcement.draft.acknowledgement)
    return [_receipt(announcement, audience, party, latest, in_touch) for party in parties]


def _receipt(
    announcement: Announcement,
    audience: Audience,
    party: Party,
    latest: Mapping[str, Reading],
    in_touch: Collection[str],
) -> Receipt:
    keys = (reader.key for reader in party.readers)
    own = sorted((latest[key] for key in keys if key in latest), key=lambda one: (-one.version, one.read_at))
    reading = own[0] if own else None
    if reading is not None and reading.version >= announcement.asked_version:
        return Receipt(party, Standing.READ, reading)
    return Receipt(party, _standing(audience, party, in_touch), reading, again=reading is not None)


def _standing(audience: Audience, party: Party, in_touch: Collection[str]) -> Standing:
    if not party.ids:
        return Standing.CALL
    reached = any(reader.id in in_touch or audience.sees(reader) for reader in party.readers)
    return Standing.MISSING if reached else Standing.INVITED


def families_among(households: Mapping[str, Sequence[str]]) -> int:
    """How many families these households are, by their children: those with a child in common are one."""
    groups: list[set[str]] = []
    for children in households.values():
        joined = [group for group in groups if group & set(children)]
        groups = [group for group in groups if group not in joined]
        groups.append(set(children).union(*joined))
    return len(groups)
