"""Who wrote to whom through the bot, and which of our messages carried it; never the text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Index, Table, Text, bindparam, or_, select

from coedu_bot.events import EventId, UserId
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import metadata
from coedu_bot.store.types import UtcTime, insert_or_ignore

relay = Table(
    "relay",
    metadata,
    Column("ref", Text, primary_key=True),  # the outbox row that brings the text to the recipient
    Column("sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("source", Text, nullable=False, index=True),  # the event that the sender wrote
    Column("sent_at", UtcTime, nullable=False, index=True),
    Index("relay_by_recipient", "recipient", "sent_at"),
    Index("relay_by_sender", "sender", "sent_at"),
)

_ADD = insert_or_ignore(relay)
_GET = select(relay).where(relay.c.ref == bindparam("ref"))
_OF_SOURCE = select(relay).where(relay.c.source == bindparam("event"))
_RECENT = (
    select(relay)
    .where(
        or_(relay.c.sender == bindparam("user"), relay.c.recipient == bindparam("user")),
        relay.c.sent_at >= bindparam("since"),
    )
    .order_by(relay.c.sent_at.desc())
)


_HAS_WRITTEN = (
    select(relay.c.ref)
    .where(
        relay.c.sender == bindparam("user"),
        relay.c.recipient == bindparam("other"),
        relay.c.sent_at >= bindparam("since"),
    )
    .limit(1)
)


async def add_relay(
    db: Transaction, ref: str, *, sender: UserId, recipient: UserId, source: EventId, now: datetime
) -> None:
    await db.run(_ADD, ref=ref, sender=sender, recipient=recipient, source=source, sent_at=now)


async def get_relay(db: Transaction, ref: str) -> Row | None:
    return await db.one(_GET, ref=ref)


async def list_relays_of(db: Transaction, source: EventId) -> Sequence[Row]:
    """What an event of somebody became."""
    return await db.all(_OF_SOURCE, event=source)


async def has_written(db: Transaction, user: UserId, other: UserId, since: datetime) -> bool:
    """Whether somebody has written to somebody else since then."""
    return await db.one(_HAS_WRITTEN, user=user, other=other, since=since) is not None


async def list_partners(db: Transaction, user: UserId, since: datetime) -> list[UserId]:
    """With whom somebody has written since then, the latest first."""
    rows = await db.all(_RECENT, user=user, since=since)
    return list(dict.fromkeys(row.recipient if row.sender == user else row.sender for row in rows))
