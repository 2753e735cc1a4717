"""Messages to many people at once."""

from __future__ import annotations

from collections import Counter
from typing import Any

from coedu_bot.delivery.cause import Cause
from coedu_bot.effects import Post, Priority
from coedu_bot.message import Message, says
from coedu_bot.store import people
from coedu_bot.store.database import Transaction
from coedu_bot.testing import FakeBot


class Counting:
    """A transaction that counts the questions asked of each table."""

    def __init__(self, db: Transaction) -> None:
        self.db = db
        self.asked: Counter[str] = Counter()

    async def all(self, statement: Any, /, **values: Any) -> Any:
        return self._count(statement) or await self.db.all(statement, **values)

    async def one(self, statement: Any, /, **values: Any) -> Any:
        return self._count(statement) or await self.db.one(statement, **values)

    async def value(self, statement: Any, /, **values: Any) -> Any:
        return self._count(statement) or await self.db.value(statement, **values)

    async def run(self, statement: Any, /, **values: Any) -> int:
        return await self.db.run(statement, **values)

    def _count(self, statement: Any) -> None:
        self.asked[str(statement).partition("FROM ")[2].split()[0]] += 1


async def test_a_hundred_private_messages_ask_for_their_readers_once() -> None:
    users = [f"@p{number}:test" for number in range(100)]
    async with FakeBot.with_plugins() as bot:
        async with bot.database.transaction() as db:
            for user in users:
                await people.mark_direct(db, user, room=f"!{user}", state="joined", now=bot.clock.now())
        posts = [Post(person=user, message=Message("reply", (says("pong"),)), waits=True) for user in users]
        async with bot.database.transaction() as db:
            counting = Counting(db)
            cause = Cause("core", None, bot.clock.now())
            await bot.bot.dispatcher.desk.outbox.put(counting, posts, cause)  # type: ignore[arg-type]
        assert counting.asked == {"person_setting": 1, "direct_room": 1}


async def test_what_many_are_to_read_comes_before_what_they_can_tap() -> None:
    async with FakeBot.with_plugins() as bot:
        room = await bot.room("6B", {"@durand:test": "Mme Durand"}, {})
        posts = [
            Post(
                room=room.id, message=Message("reply", (says("pong"),)), priority=urgency, offers=("✅", "💤")
            )
            for urgency in (Priority.ROUTINE, Priority.ROUTINE, Priority.URGENT)
        ]
        async with bot.database.transaction() as db:
            await bot.bot.dispatcher.desk.outbox.put(db, posts, Cause("core", None, bot.clock.now()))
        await bot.settle()
        sent = [
            event
            for event in bot.homeserver.rooms[room.id].timeline
            if event.sender == bot.homeserver.user_id
        ]
        assert "".join("t" if event.type == "m.reaction" else "M" for event in sent) == "MttMMtttt"
