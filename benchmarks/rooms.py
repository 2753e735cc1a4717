"""A thousand rooms in seconds: one is made by its people, the rest are copied inside Synapse's database.

Made through the client API they would take the better part of an hour. An event's id is a hash of what is in
it, so Synapse's own code computes those of the copies. Synapse must be stopped meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synapse.api.room_versions import KNOWN_ROOM_VERSIONS
from synapse.crypto.event_signing import compute_content_hash, compute_event_reference_hash
from synapse.events import make_event_from_dict
from unpaddedbase64 import encode_base64

_OF_A_ROOM = (
    *("events", "state_events", "event_auth", "event_edges", "event_forward_extremities"),
    *("rooms", "room_depth"),
    *("state_groups", "state_groups_state", "current_state_events", "current_state_delta_stream"),
    *("local_current_membership", "room_memberships", "stream_ordering_to_exterm"),
    *("sliding_sync_joined_rooms", "sliding_sync_membership_snapshots"),
)
_OF_ITS_EVENTS = ("event_json", "event_to_state_groups", "event_auth_chains")
# which column counts in which of Synapse's sequences
_STREAM = {"stream_ordering", "event_stream_ordering", "bump_stamp", "stream_id"}
_GROUP = {"state_group", "prev_state_group", "id"}
_CHAIN = {"chain_id", "origin_chain_id", "target_chain_id"}
_EVENT = {"event_id", "prev_event_id", "auth_id", "membership_event_id", "prev_state"}

Row = dict[str, Any]


def copy_room(database: Path, room: str, copies: int) -> None:
    """Put so many copies of a room beside it, with the same people in them."""
    with closing(sqlite3.connect(database)) as db:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA synchronous = OFF")
        pattern = _Pattern.read(db, room)
        for number in range(copies):
            for table, row in pattern.copied(number):
                columns, marks = ",".join(row), ",".join("?" * len(row))
                db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(row.values()))
        # else Synapse would work through all of them at its next start
        db.execute(
            "UPDATE user_directory_stream_pos SET stream_id = (SELECT max(stream_ordering) FROM events)"
        )
        db.execute("ANALYZE")
        db.commit()


@dataclass(frozen=True, slots=True)
class _Sequence:
    """Numbers of one of Synapse's sequences: those of the room, and the highest that is taken."""

    lowest: int
    highest: int
    taken: int

    def copied(self, value: int, number: int) -> int:
        """The number that a copy has in the place of this."""
        return self.taken + 1 + number * (self.highest - self.lowest + 1) + value - self.lowest


@dataclass(frozen=True, slots=True)
class _Pattern:
    """All rows of a room."""

    room: str
    version: str
    tables: dict[str, list[Row]]
    events: tuple[Row, ...]  # of `event_json`, in their order
    sequences: dict[str, _Sequence]  # by column

    @classmethod
    def read(cls, db: sqlite3.Connection, room: str) -> _Pattern:
        def rows(sql: str, *values: str) -> list[Row]:
            return [dict(row) for row in db.execute(sql, values)]

        tables = {table: rows(f"SELECT * FROM {table} WHERE room_id = ?", room) for table in _OF_A_ROOM}
        within = "(SELECT event_id FROM events WHERE room_id = ?)"
        for table in _OF_ITS_EVENTS:
            tables[table] = rows(f"SELECT * FROM {table} WHERE event_id IN {within}", room)
        chains = f"(SELECT chain_id FROM event_auth_chains WHERE event_id IN {within})"
        links = "event_auth_chain_links"
        tables[links] = rows(f"SELECT * FROM {links} WHERE origin_chain_id IN {chains}", room)
        groups = "(SELECT id FROM state_groups WHERE room_id = ?)"
        tables["state_group_edges"] = rows(
            f"SELECT * FROM state_group_edges WHERE state_group IN {groups}", room
        )
        order = {row["event_id"]: row["stream_ordering"] for row in tables["events"]}
        events = tuple(sorted(tables.pop("event_json"), key=lambda row: int(order[row["event_id"]])))
        version = tables["rooms"][0]["room_version"]
        return cls(room, version, tables, events, _sequences(db, tables))

    def copied(self, number: int) -> Iterator[tuple[str, Row]]:
        """Each row of a copy with its table."""
        room = f"{self.room.partition(':')[0][:-5]}{number:05d}:{self.room.partition(':')[2]}"
        names = {self.room: room}
        for row in self.events:
            content = json.loads(_renamed(row["json"], names))
            id_, content = _hashed(content, self.version)
            names[row["event_id"]] = id_
            yield "event_json", {**row, "event_id": id_, "room_id": room, "json": json.dumps(content)}
        for table, rows in self.tables.items():
            for row in rows:
                yield table, {c: self._copied_value(table, c, v, names, number) for c, v in row.items()}

    def _copied_value(self, table: str, column: str, value: Any, names: dict[str, str], number: int) -> Any:
        if isinstance(value, str):
            return names.get(value, value)
        counts = column in self.sequences and (column != "id" or table == "state_groups")
        return self.sequences[column].copied(value, number) if counts and value is not None else value


def _renamed(text: str, names: dict[str, str]) -> str:
    for old, new in names.items():
        text = text.replace(old, new)
    return text


def _hashed(content: Row, version: str) -> tuple[str, Row]:
    """The event with its own hash, and the id that follows from it."""
    room_version = KNOWN_ROOM_VERSIONS[version]
    event = make_event_from_dict(dict(content), room_version)
    algorithm, digest = compute_content_hash(event.get_pdu_json(), hashlib.sha256)
    content = {**content, "hashes": {algorithm: encode_base64(digest)}}
    _, reference = compute_event_reference_hash(make_event_from_dict(dict(content), room_version))
    return "$" + encode_base64(reference, urlsafe=True), content


def _sequences(db: sqlite3.Connection, tables: dict[str, list[Row]]) -> dict[str, _Sequence]:
    def sequence(name: str, table: str, column: str) -> _Sequence:
        values = [int(row[column]) for row in tables[name]]
        taken = db.execute(f"SELECT max({column}) FROM {table}").fetchone()[0]
        return _Sequence(min(values), max(values), int(taken))

    stream = sequence("events", "events", "stream_ordering")
    group = sequence("state_groups", "state_groups", "id")
    chain = sequence("event_auth_chains", "event_auth_chains", "chain_id")
    of = ((_STREAM, stream), (_GROUP, group), (_CHAIN, chain))
    return {column: numbers for columns, numbers in of for column in columns}
