"""Somebody who wants to know who voted what, with all that the bot leaves behind, and patience.

Given a dump and who the voters are, each attempt guesses a voter for each ballot's code: by ids that lead
from one to the other, by times, by order, by position in tables and files, by words that stand together.
"""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = 4096
Guess = Mapping[str, str]  # code -> voter


@dataclass(frozen=True)
class Dump:
    """Rows of every table as they lie (with row ids where there are any), files, log, events."""

    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    files: Sequence[bytes]
    log: Sequence[str]
    events: Sequence[Mapping[str, Any]]

    @property
    def records(self) -> list[str]:
        """Everything that stands together, as text."""
        rows = [_text(row) for rows in self.tables.values() for row in rows]
        return [*rows, *self.log, *map(_text, self.events)]


@dataclass(frozen=True)
class Voter:
    """Somebody by all the names under which they may be found: ids of account, room and what they sent."""

    user: str
    names: frozenset[str]


def of_folder(folder: Path, log: Sequence[str] = (), events: Sequence[Mapping[str, Any]] = ()) -> Dump:
    """Dump an SQLite database with its write-ahead log."""
    files = [path.read_bytes() for path in sorted(folder.glob("coedu.db*")) if path.suffix != ".db-shm"]
    with closing(sqlite3.connect(folder / "coedu.db")) as db:
        db.row_factory = sqlite3.Row
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return Dump({name: _rows(db, name) for name in names}, files, log, events)


def _rows(db: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    try:
        found = db.execute(f'SELECT rowid AS "row id", * FROM "{table}" ORDER BY rowid')
    except sqlite3.OperationalError:  # a table without row ids
        found = db.execute(f'SELECT * FROM "{table}"')
    return [dict(row) for row in found]


def guesses(dump: Dump, voters: Sequence[Voter], codes: Sequence[str]) -> Iterator[tuple[str, Guess]]:
    """Every attempt with what it makes of it."""
    yield "by id", by_id(dump, voters, codes)
    yield "by words", by_words(dump, voters, codes)
    yield "by neighbour", by_neighbour(dump, voters, codes)
    yield "by time", by_time(dump, voters, codes)
    yield from by_order(dump, voters, codes)
    yield from by_position(dump, voters, codes)


def by_id(dump: Dump, voters: Sequence[Voter], codes: Sequence[str]) -> Guess:
    """Follow whatever stands beside the code, from record to record, to the only voter it leads to."""
    marks = [frozenset(_marks(record)) for record in dump.records]
    shared = _shared(marks, voters)
    near: dict[str, set[str]] = defaultdict(set)
    for found in marks:
        own = found - shared
        for mark in own:
            near[mark] |= own
    known = {name: voter.user for voter in voters for name in voter.names}
    return {code: user for code in codes if (user := _nearest(code, near, known)) is not None}


def _shared(marks: Sequence[frozenset[str]], voters: Sequence[Voter]) -> set[str]:
    """What stands beside several voters (the poll, its room, the plugin's name) leads to nobody."""
    names = {name: voter.user for voter in voters for name in voter.names}
    beside: dict[str, set[str]] = defaultdict(set)
    for found in marks:
        users = {names[mark] for mark in found if mark in names}
        for mark in found - names.keys():
            beside[mark] |= users
    return {mark for mark, users in beside.items() if len(users) > 1}


def _nearest(start: str, near: Mapping[str, set[str]], known: Mapping[str, str]) -> str | None:
    """The one voter who is fewest steps away; None where there are none, or several."""
    seen, edge = {start}, {start}
    while edge:
        edge = {mark for one in edge for mark in near.get(one, ())} - seen
        seen |= edge
        if users := {known[mark] for mark in edge if mark in known}:
            return users.pop() if len(users) == 1 else None
    return None


def by_words(dump: Dump, voters: Sequence[Voter], codes: Sequence[str]) -> Guess:
    """A record, or a page of a file, that names one voter and one code."""
    texts = [*dump.records, *_pages(dump.files)]
    found: dict[str, str] = {}
    for text in texts:
        inside = [code for code in codes if code in text]
        users = {voter.user for voter in voters if any(name in text for name in voter.names)}
        if len(inside) == 1 and len(users) == 1:
            found[inside[0]] = users.pop()
    return found


def by_neighbour(dump: Dump, voters: Sequence[Voter], codes: Sequence[str]) -> Guess:
    """In the bytes of the files: the voter who is named last before the code, close to it."""
    users = "|".join(re.escape(voter.user) for voter in voters)
    found: dict[str, str] = {}
    for code, file in itertools.product(codes, dump.files):
        for match in re.finditer(re.escape(code.encode()), file):
            named = re.findall(users.encode(), file[max(0, match.start() - 120) : match.start()])
            if named:
                found.setdefault(code, named[-1].decode())
    return found


def by_time(dump: Dump, voters: Sequence[Voter], codes: Sequence[str]) -> Guess:
    """Times that stand beside a code, against those beside the voters: the nearest."""
    records = dump.records
    of_codes = {code: _moments(r for r in records if code in r and _count(r, codes) == 1) for code in codes}
    of_voters = {
        voter.user: _moments(r for r in records if any(name in r for name in voter.names)) for voter in voters
    }
    pairs = [
        (abs(one - other), code, user)
        for code, times in of_codes.items()
        for user, others in of_voters.items()
        for one in times
        for other in others
    ]
    return {code: user for _, code, user in sorted(pairs, reverse=True)}


def by_order(dump: Dump, voters: Sequence[Voter], codes: Sequence[str]) -> Iterator[tuple[str, Guess]]:
    """Any order in which codes stand against any in which voters do, forwards and backwards."""
    streams = {**dump.tables, "log": [{"line": line} for line in dump.log], "events": dump.events}
    texts = {name: [_text(row) for row in rows] for name, rows in streams.items()}
    code_orders = {name: _order(rows, {code: {code} for code in codes}) for name, rows in texts.items()}
    voter_orders = {
        f"{name}:{kind}": _order(
            [row for row in rows if kind in row], {one.user: set(one.names) for one in voters}
        )
        for name, rows in texts.items()
        for kind in ("", "poll.receipt", "menu", "redact", "poll.response")
    }
    yield from _matched("by order", code_orders, voter_orders)


def by_position(dump: Dump, voters: Sequence[Voter], codes: Sequence[str]) -> Iterator[tuple[str, Guess]]:
    """Where in the files codes lie, against where voters do."""
    code_orders = {f"file {n}": _offsets(file, {c: {c} for c in codes}) for n, file in enumerate(dump.files)}
    names = {voter.user: set(voter.names) for voter in voters}
    voter_orders = {f"file {n}": _offsets(file, names) for n, file in enumerate(dump.files)}
    yield from _matched("by position", code_orders, voter_orders)


def _matched(
    how: str, code_orders: Mapping[str, list[str]], voter_orders: Mapping[str, list[str]]
) -> Iterator[tuple[str, Guess]]:
    for (here, codes), (there, users) in itertools.product(code_orders.items(), voter_orders.items()):
        if codes and users:
            yield f"{how}, {here} and {there}", dict(zip(codes, users, strict=False))
            yield f"{how}, {here} and {there} backwards", dict(zip(codes, reversed(users), strict=False))


def _order(texts: Sequence[str], names: Mapping[str, set[str]]) -> list[str]:
    """Whose names stand first in which order; a text with several tells their order inside it."""
    seen: dict[str, None] = {}
    for text in texts:
        places = {one: _first(text, all_) for one, all_ in names.items()}
        seen |= dict.fromkeys(sorted((one for one in places if places[one] >= 0), key=places.__getitem__))
    return list(seen)


def _offsets(file: bytes, names: Mapping[str, set[str]]) -> list[str]:
    text = file.decode("latin-1")
    places = {one: _first(text, all_) for one, all_ in names.items()}
    return sorted((one for one in places if places[one] >= 0), key=places.__getitem__)


def _first(text: str, names: Iterable[str]) -> int:
    return min((at for name in names if (at := text.find(name)) >= 0), default=-1)


def _pages(files: Sequence[bytes]) -> Iterator[str]:
    for file in files:
        for start in range(0, len(file), PAGE):
            yield file[start : start + PAGE].decode("latin-1")


def _marks(record: str) -> list[str]:
    """What looks like an id: long enough not to stand there by chance."""
    return re.findall(r"[!@$]?[\w:.+/=-]{6,}", record)


def _moments(records: Iterable[str]) -> list[int]:
    return [int(found) for record in records for found in re.findall(r"\b1[6-9]\d{11}\b", record)]


def _count(record: str, codes: Sequence[str]) -> int:
    return sum(code in record for code in codes)


def _text(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)
