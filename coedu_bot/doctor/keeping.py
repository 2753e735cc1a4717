"""What the database says: its revisions, the outbox, timers, tasks, rooms and faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from coedu_bot.doctor.report import Line, Part, State, ago, iso
from coedu_bot.store import outbox, survey
from coedu_bot.store.database import Database, Transaction
from coedu_bot.store.migrate import stored_numbers
from coedu_bot.store.revisions import Branch, revision_id

_A_WEEK = timedelta(days=7)
_PUNCTUAL = timedelta(minutes=5)
_MANY_ATTEMPTS = 5
_FAULTS_SHOWN = 5


async def examine_database(database: Database, branches: list[Branch], now: datetime) -> Part:
    """Whether it answers and is at the code's revisions; the faults of the last week."""
    async with database.reading() as db:
        stored = await stored_numbers(db)
        faults = await survey.list_faults(db, now - _A_WEEK)
        synced = await survey.has_synced(db)
    revisions = {b.name: (stored.get(b.name, 0), len(b.revisions())) for b in branches}
    lines = [Line(f"{database.dialect} answers"), *_revisions(revisions)]
    if not synced:
        lines.append(Line("no sync has been handled yet", State.NOTE, "start the bot once"))
    for row in faults[:_FAULTS_SHOWN]:
        mend = f"search the log for {row.number}"
        lines.append(Line(f"fault {row.number}, {ago(row.happened_at, now)} ago", State.NOTE, mend))
    at = {name: revision_id(name, number) for name, (number, _) in revisions.items()}
    return Part("database", lines, {"kind": database.dialect, "revisions": at, "faults": len(faults)})


def _revisions(revisions: Mapping[str, tuple[int, int]]) -> Iterator[Line]:
    for name, (stored, known) in revisions.items():
        at, wanted = revision_id(name, stored), revision_id(name, known)
        if stored < known:
            yield Line(f"tables of {name}: at {at}, {wanted} to come", State.NOTE, "start the bot")
        elif stored > known:
            mend = "run the newer version of the bot"
            yield Line(f"tables of {name}: at {at}, newer than this version", State.ILL, mend)


async def examine_outbox(db: Transaction, now: datetime, alive: bool) -> Part:
    """What waits to be sent, since when, and what could not be."""
    states, dropped = await survey.count_outbox(db), await survey.count_dropped(db, now - _A_WEEK)
    depth, since, sent_at = await outbox.get_pace(db, now)
    stuck = since is not None and now - since > _PUNCTUAL and (sent_at is None or now - sent_at > _PUNCTUAL)
    held = states.get("held", 0)
    lines = [Line(f"{depth} to be sent, {states.get('sent', 0)} sent, {held} held until they may go")]
    if stuck and since is not None:
        mend = "the log says why (`send-failed`)" if alive else "start the bot"
        lines.append(Line(f"nothing has gone for {ago(since, now)}", State.ILL, mend))
    lines += [Line(f"{n} not sent in the last week: {why}", State.NOTE) for why, n in dropped.items()]
    facts = {"states": states, "waiting_since": iso(since), "dropped": dropped}
    return Part("outbox", lines, facts)


async def examine_timers(db: Transaction, now: datetime, alive: bool) -> Part:
    """What is to come, what is overdue, and tasks that fail again and again."""
    timers = await survey.count_timers(db, now - _PUNCTUAL)
    failing = await survey.list_failing_tasks(db)
    coming = f", the next in {ago(now, timers.next_at)}" if timers.next_at and timers.next_at > now else ""
    lines = [Line(f"{timers.number} timers{coming}")]
    if timers.late:
        mend = "they go one after the other" if alive else "start the bot: they go then, marked as late"
        lines.append(Line(f"{timers.late} are late", State.ILL if alive else State.NOTE, mend))
    for row in failing:
        state = State.ILL if row.attempts >= _MANY_ATTEMPTS else State.NOTE
        tried = f"{row.number} tasks {row.kind} tried up to {row.attempts} times"
        lines.append(Line(tried, state, "the log says why"))
    facts = {"timers": timers.number, "late": timers.late, "next": iso(timers.next_at)}
    return Part("timers", lines, {**facts, "failing_tasks": {row.kind: row.attempts for row in failing}})


async def examine_rooms(db: Transaction) -> Part:
    """Where the bot is, and who has not come to their direct room yet."""
    rooms, encrypted = await survey.count_rooms(db)
    directs = await survey.count_directs(db)
    lines = [Line(f"in {rooms} rooms, {encrypted} of them encrypted")]
    if directs:
        joined, invited = directs.get("joined", 0), directs.get("invited", 0)
        lines.append(Line(f"{joined} people talk to it privately, {invited} have not come yet"))
    return Part("rooms", lines, {"joined": rooms, "encrypted": encrypted, "directs": directs})
