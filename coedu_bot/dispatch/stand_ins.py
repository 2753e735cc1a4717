"""Who stands in for whom today, as families read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from coedu_bot.events import UserId
from coedu_bot.message import Day, Says, says
from coedu_bot.school.person import Person

if TYPE_CHECKING:
    from coedu_bot.context import Context


async def standing_in(ctx: Context[Any], users: Iterable[UserId]) -> list[Says]:
    """For whom those of these people stand in, and until when."""
    people = [person for user in users if (person := ctx.school.people.get(user)) is not None]
    present = [one for one in people if one.stands_in(ctx.today)]
    return [await _stands_in(ctx, one, one.replaces) for one in present if one.replaces]


async def _stands_in(ctx: Context[Any], person: Person, absent: UserId) -> Says:
    who, whom = [await ctx.name_of(one, ctx.room.id) for one in (person.id, absent)]
    if person.until is None:
        return says("stands-in", who=who, whom=whom)
    return says("stands-in-until", who=who, whom=whom, until=Day(person.until))
