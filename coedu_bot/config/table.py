"""Tables as spreadsheets export them: `;`, `,` or tab; UTF-8 with or without BOM, or Windows-1252."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from coedu_bot.config.problems import Problem, nearest_or_all
from coedu_bot.language.words import fold

_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_AS_CSV = "export it as “CSV UTF-8”"
_LOST = "�"
_MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; cells by the column's own name."""

    line: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The cell, without spaces around it; empty where there is none."""
        return self.cells.get(column, "")


@dataclass(slots=True)
class Table:
    """The rows of a file and what is wrong with it."""

    file: str
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, column: str, what: str, advice: str | None = None) -> None:
        self.problems.append(Problem(self.file, line, column, what, advice))


def read_table(data: bytes, file: str, columns: Mapping[str, Sequence[str]], needed: Sequence[str]) -> Table:
    """Read a table; `columns` has the words that may head each, the first the one to be named in advice."""
    table = Table(file)
    text = _text(data, table)
    if text is not None and not table.problems:
        _read(text, table, columns, needed)
    return table


def _text(data: bytes, table: Table) -> str | None:
    if data.startswith(_SPREADSHEETS):
        table.problem(1, "", "a spreadsheet, not a CSV file", _AS_CSV)
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        text = _eight_bit(data)
    _check_letters(text, table)
    return text


def _eight_bit(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _check_letters(text: str, table: Table) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        if "\x00" in line:
            table.problem(number, "", "not text", _AS_CSV)
            return
        if _LOST in line:
            table.problem(number, "", "a letter was lost in another program", _AS_CSV)
        elif (meant := _meant(line)) is not None:
            shown = next(word for word in line.replace(",", ";").split(";") if _meant(word) is not None)
            table.problem(
                number, "", f'the accents of "{shown.strip()}" are broken', f'it was "{meant}"; {_AS_CSV}'
            )


def _meant(text: str) -> str | None:
    """What was written, if this is UTF-8 that some program took for Windows-1252 ("Ã©lÃ¨ve")."""
    if text.isascii():
        return None
    try:
        meant = text.encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return None
    return meant.replace(",", ";").split(";")[0].strip()


def _read(text: str, table: Table, columns: Mapping[str, Sequence[str]], needed: Sequence[str]) -> None:
    lines = text.splitlines(keepends=True)
    first = next((line for line in lines if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first), strict=True)
    try:
        head = _head(reader, table, columns, needed)
        if head is not None:
            for line, cells in _lines(reader):
                _row(line, cells, head, table)
    except csv.Error as problem:
        table.problem(reader.line_num, "", f"not CSV: {problem}", "look for a quotation mark too many")


def _delimiter(head: str) -> str:
    return max(";,\t", key=head.count)


def _lines(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it begins on; a quoted cell may go over several."""
    before = reader.line_num  # type: ignore[attr-defined]  # csv's own reader has it
    for cells in reader:
        clean = [cell.replace("\u00a0", " ").strip() for cell in cells]
        if any(clean):
            yield before + 1, clean
        before = reader.line_num  # type: ignore[attr-defined]


def _head(
    reader: Iterator[list[str]], table: Table, columns: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> list[str | None] | None:
    found = next(_lines(reader), None)
    if found is None:
        table.problem(
            1, "", "empty", f"expected the columns {', '.join(columns[name][0] for name in needed)}"
        )
        return None
    line, cells = found
    if len(cells) > _MOST_COLUMNS:
        table.problem(line, "", f"{len(cells)} columns", _AS_CSV)
        return None
    words = {fold(word): name for name, spoken in columns.items() for word in spoken}
    head = [words.get(fold(cell)) for cell in cells]
    _check_head(line, cells, head, table, columns, needed)
    return head if all(name in head for name in needed) else None


def _check_head(
    line: int,
    cells: Sequence[str],
    head: Sequence[str | None],
    table: Table,
    columns: Mapping[str, Sequence[str]],
    needed: Sequence[str],
) -> None:
    names = [spoken[0] for spoken in columns.values()]
    for cell, name in zip(cells, head, strict=True):
        if name is None and cell:
            table.problem(line, cell, "no such column", nearest_or_all(cell, names))
        elif name is not None and head.count(name) > 1:
            table.problem(line, cell, "two columns of this name", "keep one of them")
    for name in needed:
        if name not in head:
            table.problem(line, columns[name][0], "this column is missing", f"found: {', '.join(cells)}")


def _row(line: int, cells: Sequence[str], head: Sequence[str | None], table: Table) -> None:
    if any(cells[len(head) :]):
        what = f"{len(cells)} cells where the first line has {len(head)}"
        table.problem(line, "", what, "put a cell that holds the separator in quotes")
        return
    named = zip(head, cells, strict=False)
    table.rows.append(Row(line, {name: cell for name, cell in named if name is not None}))
