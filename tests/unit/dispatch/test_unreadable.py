"""Messages that cannot be decrypted: their keys come late, or their authors are told, once a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from coedu_bot.events import KeyWithheld, MessageReceived, SyncBatch, Undecryptable
from coedu_bot.store import withheld
from coedu_bot.testing.bot import FakeBot
from coedu_bot.testing.room import FakeRoom

ANA = "@ana:test"
SAID = "Je n’ai pas pu lire votre message"


def unreadable(bot: FakeBot, room: FakeRoom, number: int = 1) -> Undecryptable:
    return Undecryptable(
        event_id=f"$closed{number}",
        room_id=room.id,
        sender=ANA,
        sent_at=bot.clock.now(),
        session_id="session",
        source={},
    )


async def told(bot: FakeBot) -> list[str]:
    room = await bot.direct(ANA)
    return [message.body for message in room.shown if SAID in message.body]


async def test_after_a_minute_its_author_is_told_privately() -> None:
    async with FakeBot.with_plugins() as bot:
        room = await bot.room("6B", {ANA: "Ana"})
        await bot.arrive(unreadable(bot, room))
        await bot.later(seconds=59)
        assert await told(bot) == []
        await bot.later(seconds=1)
        assert len(await told(bot)) == 1
        assert not [message for message in room.shown if SAID in message.body]


async def test_many_messages_are_told_once_a_day() -> None:
    async with FakeBot.with_plugins() as bot:
        room = await bot.room("6B", {ANA: "Ana"})
        for number in range(5):
            await bot.arrive(unreadable(bot, room, number))
        await bot.later(hours=23)
        await bot.arrive(unreadable(bot, room, 8))
        await bot.later(minutes=2)
        assert len(await told(bot)) == 1
        await bot.later(hours=2)
        await bot.arrive(unreadable(bot, room, 9))
        await bot.later(minutes=2)
        assert len(await told(bot)) == 2


async def test_nobody_is_told_when_the_key_came_after_all() -> None:
    async with FakeBot.with_plugins() as bot:
        room = await bot.room("6B", {ANA: "Ana"})
        closed = unreadable(bot, room)
        await bot.arrive(closed)
        opened = MessageReceived(
            event_id=closed.event_id, room_id=room.id, sender=ANA, sent_at=closed.sent_at, text="!ping"
        )
        await bot.bot.intake.take(SyncBatch("late", late=(opened,)))
        await bot.later(minutes=5)
        assert await told(bot) == []
        assert [message.body for message in room.shown] == ["Je suis là."]


async def test_what_is_older_than_a_day_is_let_be() -> None:
    async with FakeBot.with_plugins() as bot:
        room = await bot.room("6B", {ANA: "Ana"})
        closed = unreadable(bot, room)
        await bot.arrive(replace(closed, sent_at=closed.sent_at - timedelta(days=2)))
        await bot.later(minutes=5)
        assert await told(bot) == []


async def test_the_reason_that_a_sender_gave_is_kept_with_the_message() -> None:
    async with FakeBot.with_plugins() as bot:
        room = await bot.room("6B", {ANA: "Ana"})
        refusals = (
            KeyWithheld("session", room.id, ANA, "m.unverified"),
            KeyWithheld("another", room.id, ANA, "m.blacklisted"),
        )
        await bot.bot.intake.take(SyncBatch("w", withheld=refusals))
        await bot.arrive(unreadable(bot, room))
        async with bot.database.reading() as db:
            rows = await withheld.list_unread(db, 10)
            assert await withheld.count_unread(db) == 1
        assert [(row.sender, row.code) for row in rows] == [(ANA, "m.unverified")]
