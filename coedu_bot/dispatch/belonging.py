"""Who is of the school: the people it names, their rooms' members, and nobody else."""

from __future__ import annotations

from coedu_bot.events import UserId
from coedu_bot.school.families import Entitlement
from coedu_bot.school.school import School
from coedu_bot.store import rooms
from coedu_bot.store.database import Transaction


async def belongs(db: Transaction, school: School, user: UserId) -> bool:
    """Whether the bot talks with somebody: staff, guardians who may be told, members of shared rooms.

    A school that names no families knows them only by what `invites` allows.
    """
    if user in school.bots:
        return False
    if user in school.people:
        return True
    if user in school.families.guardians:
        return school.families.entitlement(user) is not Entitlement.NONE
    return not school.families or bool(await rooms.list_rooms_of(db, user))
