"""Families that have changed: who is new gets what is still open, what is theirs who are gone is void.

What was known before is in the database: it is the same whether the change came with a reload or while
the bot was down.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from coedu_bot.context import Base
from coedu_bot.delivery.cause import Cause
from coedu_bot.dispatch.desk import Desk
from coedu_bot.dispatch.excluding import exclude
from coedu_bot.events import UserId
from coedu_bot.store import informed
from coedu_bot.store.database import Transaction


async def take_note(desk: Desk, db: Transaction, now: datetime) -> None:
    """Hand to the plugins what is different since this was last done; done again it finds nothing."""
    known = await informed.list_informed(db)
    before = {one for one in known if one[0] not in desk.school.frozen}  # a frozen account is no exclusion
    after = desk.school.families.informed()
    await informed.add_informed(db, after - before)
    await informed.remove_informed(db, before - after)
    await _receive(desk, db, _users(after - before), now)
    await exclude(desk, db, _users(before) - _users(after), now)


async def _receive(desk: Desk, db: Transaction, users: Collection[UserId], now: datetime) -> None:
    for name, plugin in desk.registry.plugins.items() if users else ():
        if plugin.when_guardians_added is not None:
            ctx: Base[Any] = Base(**desk.base(db, name, now))
            effects = await plugin.when_guardians_added(ctx, users)
            await desk.outbox.put(db, effects, Cause(name, None, now))


def _users(informed: Collection[tuple[UserId, str]]) -> frozenset[UserId]:
    return frozenset(user for user, _ in informed)
