"""Sessions, keys that did not come, and why: as far as their senders said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from coedu_bot.config import Config
from coedu_bot.doctor.report import Line, Part, State, ago
from coedu_bot.matrix.account import SessionFile
from coedu_bot.matrix.store_counts import StoreCounts, count_store
from coedu_bot.store import withheld
from coedu_bot.store.database import Database, Row

_SHOWN = 10
_WHY = {
    None: "no key came, and no reason why",
    "m.unverified": "their client gives keys only to devices that it sees signed",
    "m.blacklisted": "they have blocked the bot in their client",
    "m.unauthorised": "their client thinks that the bot may not read this",
    "m.unavailable": "their client does not have the key any more",
    "m.no_olm": "their client could not reach the bot's device",
}
_MEND = {
    None: "they send the message again",
    "m.unverified": "see identity above; when the device is signed, they send the message again",
    "m.blacklisted": "they take the block back in Element: the bot's profile, its devices",
    "m.unauthorised": "it is from before the bot came to the room, or they send it again",
    "m.unavailable": "they send the message again",
    "m.no_olm": "it mends itself with their next message",
}


async def examine_encryption(
    config: Config, database: Database, now: datetime, pulse: Mapping[str, Any]
) -> Part:
    """The crypto store, and the last messages that could not be read."""
    async with database.reading() as db:
        number, rows = await withheld.count_unread(db), await withheld.list_unread(db, _SHOWN)
        refusals = await withheld.count_withheld(db)
    session = SessionFile(config.data).load()
    counts = count_store(SessionFile(config.data).store_of(session.device_id)) if session else None
    failures = list({row.event_id: row for row in rows}.values())
    lines = [*_store(counts, pulse), *_unread(number, failures, now), *_refusals(refusals)]
    facts = {"unread": number, "last_unread": [_plain(row) for row in failures], "withheld": refusals}
    return Part("encryption", lines, {**facts, **(asdict(counts) if counts else {}), **pulse.get("keys", {})})


def _store(counts: StoreCounts | None, pulse: Mapping[str, Any]) -> Iterator[Line]:
    if counts is None:
        yield Line("no crypto store that can be read", State.NOTE, "coedu-bot run makes one")
        return
    yield Line(
        f"{counts.devices} devices of others known, sessions with {counts.olm_sessions}, "
        f"{counts.room_keys} keys of rooms received"
    )
    keys = pulse.get("keys", {})
    if keys:
        yield Line(
            f"own keys in use in {keys['rooms_shared']} rooms; {keys['asked_for']} missing ones asked for"
        )


def _unread(number: int, rows: Sequence[Row], now: datetime) -> Iterator[Line]:
    if not number:
        yield Line("every message could be read")
        return
    yield Line(f"{number} messages could not be read; their senders are told once a day", State.NOTE)
    for row in rows:
        where = f"{row.event_room_id}, {row.sender}, {ago(row.sent_at, now)} ago"
        why = _WHY.get(row.code, f"their client says {row.code}")
        yield Line(f"{where}: {why}", State.NOTE, _MEND.get(row.code, _MEND[None]))


def _refusals(refusals: Mapping[str, int]) -> Iterator[Line]:
    for code, number in refusals.items():
        said = _WHY.get(code, f"their client says {code}")
        yield Line(f"{number} people's clients withheld keys at some time: {said} ({code})", State.NOTE)


def _plain(row: Row) -> dict[str, Any]:
    sent_at = row.sent_at.isoformat()
    return {"room": row.event_room_id, "sender": row.sender, "sent_at": sent_at, "code": row.code}
