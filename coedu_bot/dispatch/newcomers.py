"""Guardians whom the school names only since now: plugins give them what is still open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from coedu_bot.context import Base
from coedu_bot.delivery.cause import Cause
from coedu_bot.dispatch.desk import Desk
from coedu_bot.events import UserId
from coedu_bot.school.school import School
from coedu_bot.store.database import Transaction


async def receive_guardians(desk: Desk, db: Transaction, before: School, now: datetime) -> None:
    """After the school has changed: hand those to the plugins who may be told more than `before`."""
    users = newly_informed(before, desk.school)
    if not users:
        return
    for name, plugin in desk.registry.plugins.items():
        if plugin.when_guardians_added is not None:
            ctx: Base[Any] = Base(**desk.base(db, name, now))
            effects = await plugin.when_guardians_added(ctx, users)
            await desk.outbox.put(db, effects, Cause(name, None, now))


def newly_informed(before: School, after: School) -> frozenset[UserId]:
    """Guardians who may be told of a class that they could not be told of before."""
    return frozenset(
        guardian.id
        for guardian in after.families.guardians.values()
        if guardian.id and after.families.classes_of(guardian.key) - before.families.classes_of(guardian.key)
    )
