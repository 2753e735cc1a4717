"""What is past its time goes by itself: traces, the text of what was sent, items that are over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from coedu_bot.context import Base
from coedu_bot.dispatch.desk import Desk
from coedu_bot.store import retention
from coedu_bot.store.database import Database, Transaction


async def forget_old(desk: Desk, database: Database, now: datetime) -> None:
    """Some hundred items a transaction, so that what people do meanwhile does not wait."""
    keeping = desk.school.keeping
    async with database.transaction() as db:
        await retention.remove_old(db, now, keeping)
    last: str | None = ""
    while last is not None:
        async with database.transaction() as db:
            last = await _forget_some(desk, db, now - keeping.items, last, now)


async def _forget_some(
    desk: Desk, db: Transaction, before: datetime, after: str, now: datetime
) -> str | None:
    """The next page of old items, to each plugin its own; returns where to go on, None at the end."""
    page = await retention.list_old_items(db, before, after)
    for name in {row.plugin for row in page}:
        ids = [row.id for row in page if row.plugin == name]
        await retention.remove_items(db, await _over(desk, db, name, ids, now))
    return page[-1].id if page else None


async def _over(desk: Desk, db: Transaction, name: str, ids: Sequence[str], now: datetime) -> Sequence[str]:
    """Those that the plugin has forgotten; what is still to come, or whose plugin is off, stays."""
    plugin = desk.registry.plugins.get(name)
    if plugin is None or plugin.when_items_old is None:
        return ()
    ctx: Base[Any] = Base(**desk.base(db, name, now))
    forgotten: Sequence[str] = await plugin.when_items_old(ctx, ids)
    return forgotten
