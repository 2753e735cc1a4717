"""Quiet hours: what waits for their end, and what becomes of it when hours change."""

from __future__ import annotations

from datetime import datetime, timedelta

from coedu_bot.delivery.readers import Readers
from coedu_bot.events import UserId
from coedu_bot.school.hours import Hours, hours_of
from coedu_bot.school.school import School
from coedu_bot.store import holding, rooms
from coedu_bot.store.database import Row, Transaction

_THAWS_WITHIN = timedelta(hours=1)
"""What a frozen account has written, or is to get, is held, and looked at again so often."""
_PUNCTUAL = timedelta(minutes=5)
"""A digest goes at the hour its reader chose, quiet or not; one that is late minds the night."""


async def hold_back(db: Transaction, school: School, row: Row, now: datetime) -> bool:
    """Whether a row that could go now must wait; until when is kept with it.

    Asked again just before sending: it may be here late, or somebody's hours may have changed.
    """
    if _is_frozen(row, school):
        await holding.mark_waiting(db, row.ref, now + _THAWS_WITHIN)
        return True
    if row.wished_at is None or row.attempts or _is_punctual_digest(row, now):
        return False
    opens = (await _hours(Readers(db), school, row)).opens_at(now)
    if opens > now:
        await holding.mark_waiting(db, row.ref, opens)
    return opens > now


def _is_frozen(row: Row, school: School) -> bool:
    """It comes from a stolen account, or would be read by who has stolen it."""
    by_thief = row.author in school.frozen and row.action == "send"
    to_thief = row.recipient in school.frozen and row.action != "redact"
    return (by_thief or to_thief) and not row.attempts


async def hold_anew(db: Transaction, school: School, now: datetime, user: UserId | None = None) -> None:
    """Somebody's hours (or, without `user`, the school's) are others now: so is when things go."""
    readers = Readers(db)
    waiting = await holding.list_waiting(db, user)
    await readers.meet(row.recipient for row in waiting if row.recipient)
    for row in waiting:
        hours = await _hours(readers, school, row)
        if row.kind == holding.DIGEST and hours.digest:
            at = hours.digest_at(now)
        else:
            at = hours.opens_at(max(now, row.wished_at))
        if at != row.not_before_at:
            await holding.mark_waiting(db, row.ref, at)


async def _hours(readers: Readers, school: School, row: Row) -> Hours:
    room = await rooms.get_room(readers.db, row.room_id) if row.room_id and not row.recipient else None
    return hours_of(school, await readers.settings_at(room, row.recipient))


def _is_punctual_digest(row: Row, now: datetime) -> bool:
    if row.kind != holding.DIGEST or row.not_before_at is None:
        return False
    return bool(now - row.not_before_at < _PUNCTUAL)
