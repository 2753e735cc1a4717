"""Guardians who may be told nothing any more: what waits for them never goes, and plugins void theirs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from coedu_bot.context import Base
from coedu_bot.delivery.cause import Cause
from coedu_bot.dispatch.desk import Desk
from coedu_bot.events import UserId
from coedu_bot.school.school import School
from coedu_bot.store import holding
from coedu_bot.store.database import Transaction


async def exclude(desk: Desk, db: Transaction, users: Iterable[UserId], now: datetime) -> None:
    """Done again it finds nothing left to do; nobody is told."""
    for user in sorted(users):
        if not _works_here(desk.school, user):
            await holding.drop_unsent(db, user, "suspended")
        for name, plugin in desk.registry.plugins.items():
            if plugin.when_person_suspended is not None:
                ctx: Base[Any] = Base(**desk.base(db, name, now))
                effects = await plugin.when_person_suspended(ctx, user)
                await desk.outbox.put(db, effects, Cause(name, None, now))


def _works_here(school: School, user: UserId) -> bool:
    return user in school.people or any(class_.roles_of(user) for class_ in school.classes.values())
