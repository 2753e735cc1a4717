"""Rows of the outbox that wait for the end of quiet hours, and those that are part of a digest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, select, update

from coedu_bot.events import UserId
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.tables import outbox

DIGEST = "digest"
UNSENT = ("queued", "held")

_digest = outbox.alias("digest")
_WAITS = and_(outbox.c.wished_at.is_not(None), outbox.c.state.in_(UNSENT))
_WAITING = select(outbox).where(_WAITS, outbox.c.not_before_at.is_not(None))
_WAITING_FOR = _WAITING.where(outbox.c.recipient == bindparam("user"))
_WAIT = update(outbox).where(outbox.c.ref == bindparam("row")).values(not_before_at=bindparam("at"))
_RELEASE = (
    update(outbox)
    .where(
        _WAITS,
        outbox.c.item == bindparam("which"),
        outbox.c.author == bindparam("by"),
        outbox.c.recipient.is_(None),
    )
    .values(wished_at=None, not_before_at=None)
)
_OPEN_DIGEST = select(outbox).where(
    outbox.c.recipient == bindparam("user"), outbox.c.kind == DIGEST, outbox.c.state.in_(UNSENT)
)
_PARTS = (
    select(outbox)
    .where(outbox.c.bundle == bindparam("digest"), outbox.c.state == "bundled")
    .order_by(outbox.c.position)
)
_BUNDLES = select(outbox.c.ref, outbox.c.bundle).where(
    outbox.c.ref.in_(bindparam("refs", expanding=True)), outbox.c.bundle.is_not(None)
)
_OF_OTHERS = and_(
    outbox.c.recipient == bindparam("user"),
    or_(outbox.c.author.is_(None), outbox.c.author != outbox.c.recipient),
    outbox.c.action.in_(["send", "edit", "react"]),
)
_DROPPED = {"state": "dropped", "error": bindparam("why")}
_DROP_PARTS = (
    update(outbox)
    .where(
        _OF_OTHERS,
        outbox.c.state == "bundled",
        exists().where(_digest.c.ref == outbox.c.bundle, _digest.c.state.in_(UNSENT)),
    )
    .values(_DROPPED)
)
_DROP = update(outbox).where(_OF_OTHERS, outbox.c.state.in_(UNSENT)).values(_DROPPED)
_UNSENT_OF = select(outbox.c.ref).where(
    outbox.c.ref.in_(bindparam("refs", expanding=True)),
    or_(
        outbox.c.state.in_(UNSENT),
        and_(
            outbox.c.state == "bundled",
            exists().where(_digest.c.ref == outbox.c.bundle, _digest.c.state.in_(UNSENT)),
        ),
    ),
)
_LOST_OF = select(outbox.c.ref).where(
    outbox.c.ref.in_(bindparam("refs", expanding=True)), outbox.c.state == "dropped"
)


async def list_waiting(db: Transaction, user: UserId | None = None) -> Sequence[Row]:
    """What waits for the end of quiet hours or for a digest hour, of everyone or for one person."""
    return await db.all(_WAITING) if user is None else await db.all(_WAITING_FOR, user=user)


async def mark_waiting(db: Transaction, ref: str, at: datetime) -> None:
    """It goes no earlier than this."""
    await db.run(_WAIT, row=ref, at=at)


async def mark_released(db: Transaction, item: str, author: UserId) -> int:
    """What somebody wrote to rooms about an item waits no longer; returns how many messages that were."""
    return await db.run(_RELEASE, which=item, by=author)


async def get_open_digest(db: Transaction, user: UserId) -> Row | None:
    """The person's next digest, if something is in it already."""
    return await db.one(_OPEN_DIGEST, user=user)


async def list_parts(db: Transaction, digest: str) -> Sequence[Row]:
    """What a digest is made of, in order."""
    return await db.all(_PARTS, digest=digest)


async def list_bundles(db: Transaction, refs: Iterable[str]) -> dict[str, str]:
    """For those of these rows that are part of a digest, which."""
    wanted = list(refs)
    rows: Sequence[Any] = await db.all(_BUNDLES, refs=wanted) if wanted else ()
    return {row.ref: row.bundle for row in rows}


async def list_unsent(db: Transaction, refs: Iterable[str]) -> set[str]:
    """Those of these messages that nobody has been sent yet."""
    wanted = list(refs)
    return {row.ref for row in await db.all(_UNSENT_OF, refs=wanted)} if wanted else set()


async def list_lost(db: Transaction, refs: Iterable[str]) -> set[str]:
    """Those of these messages that nobody will ever be sent."""
    wanted = list(refs)
    return {row.ref for row in await db.all(_LOST_OF, refs=wanted)} if wanted else set()


async def drop_unsent(db: Transaction, user: UserId, why: str) -> None:
    """What is not an answer to somebody's own act, and has not gone to them yet, never goes."""
    await db.run(_DROP_PARTS, user=user, why=why)
    await db.run(_DROP, user=user, why=why)
