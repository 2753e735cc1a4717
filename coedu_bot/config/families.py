"""Families from CSV: one line per pupil and guardian; siblings and separated parents are ordinary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from coedu_bot.config.problems import did_you_mean, nearest_or_all
from coedu_bot.config.table import Row, Table, read_table
from coedu_bot.config.values import language, user_id
from coedu_bot.language.words import fold
from coedu_bot.school.families import Entitlement, Families, Guardian, Pupil

COLUMNS: Mapping[str, Sequence[str]] = {
    "pupil": ("élève", "pupil", "student", "child", "enfant", "nom de l'élève"),
    "class": ("classe", "class"),
    "household": ("foyer", "household", "home"),
    "guardian": ("responsable", "guardian", "parent", "responsable légal"),
    "id": ("identifiant", "matrix id", "matrix", "id", "identifiant matrix", "identifier"),
    "language": ("langue", "language"),
    "rights": ("droits", "rights", "droit"),
    "discreet": ("discret", "discreet", "discrète"),
    "phone": ("téléphone", "phone", "tel", "telephone", "tél", "tél."),
}
_NEEDED = ("pupil", "household", "guardian")
_RIGHTS = {
    **dict.fromkeys(("", "complet", "complets", "full"), Entitlement.FULL),
    **dict.fromkeys(("information", "informations", "info"), Entitlement.INFORMATION),
    **dict.fromkeys(("aucun", "aucuns", "none"), Entitlement.NONE),
}
_YES = frozenset({"oui", "o", "yes", "y", "x", "1", "vrai", "true"})
_NO = frozenset({"", "non", "n", "no", "0", "faux", "false"})


def classes_in(data: bytes, file: str) -> set[str]:
    """The classes that a families file speaks of, as they are written there."""
    return {row.get("class") for row in read_table(data, file, COLUMNS, _NEEDED).rows} - {""}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was said: file and line, and the column that is about it."""

    table: Table
    line: int

    def __str__(self) -> str:
        return f"{self.table.file}:{self.line}"

    def problem(self, column: str, what: str, advice: str | None = None) -> None:
        self.table.problem(self.line, COLUMNS[column][0], what, advice)


@dataclass(slots=True)
class FamilyReader:
    """Reads one file after the other; what they say together is `families()`.

    `classes` maps the ids of all classes to their names.
    """

    classes: Mapping[str, str]
    guardians: dict[str, Guardian] = field(default_factory=dict)
    where: dict[str, Place] = field(default_factory=dict)  # guardian -> where first named
    pupils: dict[tuple[str, str], dict[str, Entitlement]] = field(default_factory=dict)
    first: dict[str, tuple[str, str, Place]] = field(default_factory=dict)  # folded pupil -> name, class
    spelled: dict[str, str] = field(default_factory=dict)  # folded household -> as first written

    def read(self, data: bytes, file: str, of: Sequence[str]) -> Table:
        """Read a file that these classes name; returns its table with the problems."""
        table = read_table(data, file, COLUMNS, _NEEDED)
        for row in table.rows:
            self._take(row, Place(table, row.line), of)
        return table

    def check(self) -> None:
        """What only shows when all files are read; call it once, then look into the tables."""
        for household, groups in self._unrelated().items():
            for keys in groups[1:]:
                first = self.where[groups[0][0]]
                what = f'"{household}" is also the household of another family ({first})'
                advice = f'name them apart, for example "{household} 1" and "{household} 2"'
                self.where[keys[0]].problem("household", what, advice)

    def families(self) -> Families:
        pupils = tuple(Pupil(name, class_id, held) for (name, class_id), held in self.pupils.items())
        return Families(dict(self.guardians), pupils)

    def _take(self, row: Row, at: Place, of: Sequence[str]) -> None:
        missing = [name for name in _NEEDED if not row.get(name)]
        for name in missing:
            at.problem(name, "empty", _EXPECTED[name])
        class_id = self._class(row, at, of)
        household = self.spelled.setdefault(fold(row.get("household")), row.get("household"))
        guardian = _guardian(row, at, household)
        held = _entitlement(row, at)
        if missing or class_id is None or guardian is None or held is None:
            return
        if self._same_class(row.get("pupil"), class_id, at) and self._same_guardian(guardian, at):
            self._add(row.get("pupil"), class_id, guardian, held, at)

    def _class(self, row: Row, at: Place, of: Sequence[str]) -> str | None:
        typed = row.get("class")
        if not typed and len(of) == 1:
            return of[0]
        ids = {fold(word): id_ for id_, name in self.classes.items() for word in (id_, name)}
        found = ids.get(fold(typed))
        if found in of:
            return found
        if found is None:
            at.problem("class", f'"{typed}" is no class', nearest_or_all(typed, self.classes))
        else:
            at.problem(
                "class", f'"{typed}" in a file of {", ".join(of)}', f"put the line into {found}'s file"
            )
        return None

    def _same_class(self, pupil: str, class_id: str, at: Place) -> bool:
        _, other, place = self.first.setdefault(fold(pupil), (pupil, class_id, at))
        if other == class_id:
            return True
        what = f'"{pupil}" is in {other} already ({place}); a pupil is in one class'
        at.problem("pupil", what, "if these are two children, write their names apart")
        return False

    def _same_guardian(self, new: Guardian, at: Place) -> bool:
        known = self.guardians.get(new.key)
        if known is None:
            self.guardians[new.key], self.where[new.key] = new, at
            return True
        place = self.where[new.key]
        for column, was, now in (
            ("household", known.household, new.household),
            ("guardian", known.name, new.name),
            ("language", known.language, new.language),
        ):
            if was and now and fold(was) != fold(now):
                at.problem(
                    column, f'"{now}", but "{was}" in {place}', f"one person ({new.key}), one {column}"
                )
                return False
        self.guardians[new.key] = replace(
            known,
            language=known.language or new.language,
            discreet=known.discreet or new.discreet,
            phone=known.phone or new.phone,
        )
        return True

    def _add(self, pupil: str, class_id: str, guardian: Guardian, held: Entitlement, at: Place) -> None:
        name = self.first[fold(pupil)][0]
        of_pupil = self.pupils.setdefault((name, class_id), {})
        if guardian.key in of_pupil:
            at.problem("pupil", f'"{pupil}" and {guardian.name} stand here twice', "keep one of the lines")
        of_pupil.setdefault(guardian.key, held)

    def _unrelated(self) -> dict[str, list[list[str]]]:
        """Households whose guardians have no child in common: namesakes, who must never be taken for one."""
        children: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for pupil, held in self.pupils.items():
            for key in held:
                children[key].add(pupil)
        living: defaultdict[str, list[str]] = defaultdict(list)
        for guardian in self.guardians.values():
            living[guardian.household].append(guardian.key)
        grouped = {household: _connected(keys, children) for household, keys in living.items()}
        return {household: groups for household, groups in grouped.items() if len(groups) > 1}


_EXPECTED = {
    "pupil": "expected the child's name",
    "household": "expected a name for those who live together; separated parents are two households",
    "guardian": "expected the adult's name",
}


def _connected(keys: Iterable[str], children: Mapping[str, set[tuple[str, str]]]) -> list[list[str]]:
    groups: list[tuple[list[str], set[tuple[str, str]]]] = []
    for key in keys:
        of_key = set(children.get(key, ()))
        joined = [group for group in groups if group[1] & of_key]
        apart = [group for group in groups if not group[1] & of_key]
        members = [member for group in joined for member in group[0]] + [key]
        groups = [*apart, (members, of_key.union(*(group[1] for group in joined)))]
    return [members for members, _ in groups]


def _guardian(row: Row, at: Place, household: str) -> Guardian | None:
    id_, spoken = row.get("id"), row.get("language")
    try:
        user = user_id(id_) if id_ else None
    except ValueError as problem:
        at.problem("id", str(problem), "leave it empty for somebody without a smartphone")
        return None
    try:
        code = language(spoken) if spoken else None
    except ValueError as problem:
        at.problem("language", str(problem))
        return None
    discreet = fold(row.get("discreet"))
    if discreet not in _YES | _NO:
        at.problem("discreet", f'"{row.get("discreet")}" is neither yes nor no', 'expected "oui" or nothing')
        return None
    name = row.get("guardian")
    key = user or f"{household}/{name}"
    return Guardian(key, name, household, user, code, discreet in _YES, row.get("phone"))


def _entitlement(row: Row, at: Place) -> Entitlement | None:
    typed = row.get("rights")
    held = _RIGHTS.get(fold(typed))
    if held is None:
        advice = did_you_mean(typed, [one.value for one in Entitlement])
        at.problem("rights", f'"{typed}" is unknown', advice or "expected complet, information or aucun")
    return held
