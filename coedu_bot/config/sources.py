"""The files that the YAML names: families, people, holidays; read also where the YAML itself has errors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coedu_bot.config.closed_days import calendar_of
from coedu_bot.config.families import FamilyReader
from coedu_bot.config.lines import Document
from coedu_bot.config.lines import Path as Place
from coedu_bot.config.model import ConfigModel, PeopleModel
from coedu_bot.config.people import Staff, read_people, staff_of
from coedu_bot.config.problems import Problem
from coedu_bot.config.schooling import Sources
from coedu_bot.config.table import Table
from coedu_bot.school.calendar import Calendar


@dataclass(slots=True)
class SourceReader:
    """Reads every file beside the YAML; `problems` has what is wrong with each."""

    document: Document
    folder: Path
    instead: Mapping[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    staff: Staff = field(default_factory=Staff)
    families: FamilyReader = field(init=False)

    def __post_init__(self) -> None:
        self.families = FamilyReader(self._class_names())

    def read(self, model: ConfigModel | None) -> Sources:
        """Read them all."""
        self.staff = self._staff(model)
        self._families()
        self._pictures()
        return Sources(self.staff, self.families.families(), self._calendar())

    def _class_names(self) -> dict[str, str]:
        classes = self.document.mapping("classes")
        named = {id_: one.get("name") if isinstance(one, dict) else None for id_, one in classes.items()}
        return {id_: name if isinstance(name, str) and name else id_ for id_, name in named.items()}

    def _staff(self, model: ConfigModel | None) -> Staff:
        file = self.document.at("people")
        if isinstance(file, str):
            data = self._bytes(file, ("people",))
            if data is None:
                return Staff()
            staff, table = read_people(data, file, self._class_names())
            self.problems += table.problems
            return staff
        known = model.people if model and isinstance(model.people, PeopleModel) else PeopleModel()
        return staff_of(known)

    def _families(self) -> None:
        files: defaultdict[str, list[str]] = defaultdict(list)
        for id_ in self.document.mapping("classes"):
            file = self.document.at("classes", id_, "families")
            if isinstance(file, str) and file.strip():
                files[file].append(id_)
        tables: list[Table] = []
        for file, classes in files.items():
            data = self._bytes(file, ("classes", classes[0], "families"))
            if data is not None:
                tables.append(self.families.read(data, file, classes))
        self.families.check()
        self.problems += [problem for table in tables for problem in table.problems]

    def _pictures(self) -> None:
        """Pictures are only looked for here: a missing one would stop `apply` in the middle."""
        rooms: list[Place] = [("rooms", name) for name in self.document.mapping("rooms")]
        for id_ in self.document.mapping("classes"):
            rooms += [
                ("classes", id_, "rooms", name) for name in self.document.mapping("classes", id_, "rooms")
            ]
        for at in ((), *rooms):
            file = self.document.at(*at, "avatar")
            if isinstance(file, str) and file.strip():
                self._bytes(file, (*at, "avatar"))

    def _calendar(self) -> Calendar:
        said = self.document.at("school", "holidays")
        if not isinstance(said, str | list) or not said:
            return Calendar()
        calendar, problems = calendar_of(said, self.folder)
        for index, what in problems:
            at: Place = ("school", "holidays") if index < 0 else ("school", "holidays", index)
            sentence, _, advice = what.partition("; ")
            self.problems.append(self.document.problem(at, sentence, advice or None))
        return calendar

    def _bytes(self, file: str, at: Place) -> bytes | None:
        if file in self.instead:
            return self.instead[file]
        try:
            return (self.folder / file).read_bytes()
        except OSError as problem:
            advice = "a path counts from the folder of this file"
            self.problems.append(self.document.problem(at, f"{file}: {problem.strerror}", advice))
            return None
