"""What people see of a reminder, from text keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from coedu_bot.api import Block, Bullets, Hour, LocalTime, Message, Says, ShortDay, When, Written, says
from plugins.reminders.domain import Gap, Reminder, ahead

DONE, LATER, ME_TOO = "✅", "💤", "👍"
_LISTED = 20
_NAMED_DAYS = 3
"""Skipped days named one by one; more are said as a period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is confirmed: the next times, on the wall's clock of the plan, and the next days off, if near.

    `now` is on the same clock; `room` is named where it is not the one that reads this.
    """

    now: datetime
    times: Sequence[datetime]
    gap: Gap | None = None
    room: str = ""
    twice: bool = False
    offers_me_too: bool = False


def confirmation(one: Reminder, outlook: Outlook, zone: str) -> Message:
    """The date in full, as it was understood."""
    at = outlook.times[0]
    moment = LocalTime(at, zone)
    if one.plan.rule:
        head = says("reminder-set-every", item=one.id, at=moment)
    elif (off := _ahead(outlook.now, at)) is not None:
        head = says("reminder-set", item=one.id, at=moment, ahead=off)
    else:
        head = says("reminder-set-now", item=one.id, at=moment)
    return Message("reminder.set", (head, *_details(one, outlook)))


def due(one: Reminder, *, by: str = "", room: str = "", calls: bool = False, planned: Says | None) -> Message:
    """The reminder itself: `by` whom in a room, of which `room` in private."""
    if by:
        head = says("reminder-due-by", name=by)
    else:
        head = says("reminder-due-of", room=room) if room else says("reminder-due")
    late = (planned,) if planned else ()
    return Message("reminder", (head, Written(one.text), *late), rings=True, mentions_room=calls)


def planned_for(due_at: datetime, now: datetime) -> Says:
    """Late is said; both on the reader's wall clock."""
    if due_at.date() == now.date():
        return says("reminder-late-today", at=Hour(due_at))
    return says("reminder-late", at=When(due_at))


def overview(entries: Sequence[tuple[Reminder, datetime, str]]) -> Message:
    """What `!rappels` lists: reminder, its next time, the room's name or "" for private ones."""
    if not entries:
        return Message("reminder.list", (says("reminder-none"),))
    lines = tuple(_line(*entry) for entry in entries[:_LISTED])
    more: tuple[Block, ...] = ()
    if len(entries) > _LISTED:
        more = (says("and-more", count=len(entries) - _LISTED),)
    return Message("reminder.list", (says("reminder-list"), Bullets(lines), *more))


def quiet_question(one: Reminder, at: datetime) -> Says:
    """Asked before something is said in quiet hours."""
    return says("reminder-quiet", item=one.id, hour=Hour(at))


def quiet_choice(one: Reminder, opening: datetime, now: datetime) -> Says:
    """The end of the quiet hours, as the other answer; both moments on the plan's wall clock."""
    if one.plan.rule:
        return says("reminder-quiet-end", hour=Hour(opening))
    if (opening.date() - now.date()).days == 1:
        return says("reminder-quiet-tomorrow", hour=Hour(opening))
    return says("reminder-quiet-then", at=When(opening))


def _details(one: Reminder, outlook: Outlook) -> list[Says]:
    found: list[Says] = []
    if outlook.room:
        found.append(says("reminder-where", room=outlook.room))
    if len(outlook.times) > 1:
        found.append(says("reminder-then", days=[ShortDay(at.date()) for at in outlook.times[1:]]))
    if outlook.gap:
        found.append(_gap(outlook.gap))
    if one.plan.waits:
        found.append(says("reminder-waits"))
    if outlook.twice:
        found.append(says("reminder-twice"))
    if outlook.offers_me_too:
        found.append(says("reminder-me-too"))
    return found


def _gap(gap: Gap) -> Says:
    if len(gap.days) <= _NAMED_DAYS:
        nothing = says("reminder-gap-days", days=[ShortDay(day) for day in gap.days])
    else:
        nothing = says("reminder-gap", first=ShortDay(gap.days[0]), last=ShortDay(gap.days[-1]))
    if gap.resumes is None:
        return nothing
    return says("reminder-gap-resumes", nothing=nothing, day=ShortDay(gap.resumes))


def _ahead(now: datetime, at: datetime) -> Says | None:
    off = ahead(now, at)
    if off is None:
        return None
    unit, count = off
    return says("reminder-tomorrow") if unit == "tomorrow" else says(f"reminder-in-{unit}", count=count)


def _line(one: Reminder, at: datetime, room: str) -> Says:
    key = "reminder-line-every" if one.plan.rule else "reminder-line"
    text = one.text.split("\n")[0]
    values = {"item": one.id, "at": When(at), "text": text if len(text) <= 60 else text[:59].rstrip() + "…"}
    return says(f"{key}-in", room=room, **values) if room else says(key, **values)
