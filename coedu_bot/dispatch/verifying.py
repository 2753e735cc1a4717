"""Somebody wants to verify the bot and it is not the moment: one plain sentence, in private, once a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from coedu_bot.dispatch.desk import Desk
from coedu_bot.effects import Post
from coedu_bot.events import UserId, VerificationAsked
from coedu_bot.message import Code, Message, Says, says
from coedu_bot.school.rights import Role
from coedu_bot.school.school import School
from coedu_bot.store import people, rooms
from coedu_bot.store.database import Transaction

_VERB = "coedu-bot identity --verify"
_SETTING = "verification-told-at"
_AGAIN_AFTER = timedelta(days=1)


def may_verify(school: School, user: UserId) -> bool:
    """Coordinators compare the bot's keys with theirs; for everybody else the homeserver's word is enough."""
    person = school.people.get(user)
    return person is not None and Role.COORDINATOR in person.roles and user not in school.frozen


async def decline(desk: Desk, db: Transaction, event: VerificationAsked, now: datetime) -> None:
    """Their client shows that it was declined; why, and that nothing is wrong, only a sentence can say."""
    told = await people.get_setting(db, event.sender, _SETTING)
    if told and now - datetime.fromisoformat(told) < _AGAIN_AFTER:
        return
    await people.mark_setting(db, event.sender, _SETTING, now.isoformat())
    message = Message("reply", (_why(desk.school, event.sender),))
    room = await rooms.get_room(db, event.room_id)
    here = room is not None and (
        room.direct == event.sender or await rooms.is_alone(db, room, event.sender, desk.ears.user_id)
    )
    where = Post(room=event.room_id, message=message) if here else Post(person=event.sender, message=message)
    await desk.put(db, where, "core", event, now)


def _why(school: School, user: UserId) -> Says:
    if may_verify(school, user):
        return says("verification-how", command=Code(_VERB))
    return says("verification-not-needed")
