"""Requests to verify the bot that are declined: one sentence, privately, to the one who asked."""

from __future__ import annotations

from itertools import count

import pytest

from coedu_bot.dispatch.verifying import may_verify
from coedu_bot.events import RoomId, UserId, VerificationAsked
from coedu_bot.school.person import Person
from coedu_bot.school.rights import Role
from coedu_bot.testing.bot import BOT, FakeBot
from coedu_bot.testing.room import FakeRoom

ANA, MARTIN, DURAND = "@ana:test", "@martin:test", "@durand:test"
PEOPLE = {
    MARTIN: Person(MARTIN, "Mme Martin", roles=frozenset({Role.COORDINATOR})),
    DURAND: Person(DURAND, "Mme Durand", roles=frozenset({Role.TEACHER})),
}
_numbers = count(1)


async def asks(bot: FakeBot, who: UserId, room: RoomId) -> None:
    id_ = f"$verify{next(_numbers)}"
    at = bot.clock.now()
    await bot.arrive(VerificationAsked(event_id=id_, room_id=room, sender=who, sent_at=at, of=BOT))


def told(room: FakeRoom) -> list[str]:
    return [message.body for message in room.shown if message.kind == "reply"]


async def test_a_parent_is_told_once_a_day_that_there_is_no_need() -> None:
    async with FakeBot.with_plugins() as bot:
        room = await bot.direct(ANA)
        for _ in range(3):
            await asks(bot, ANA, room.id)
        assert len(told(room)) == 1
        assert "je suis un programme" in told(room)[0]
        await bot.later(hours=25)
        await asks(bot, ANA, room.id)
        assert len(told(room)) == 2


async def test_a_coordinator_is_told_how() -> None:
    async with FakeBot.with_plugins(people=PEOPLE) as bot:
        room = await bot.direct(MARTIN)
        await asks(bot, MARTIN, room.id)
        assert "coedu-bot identity --verify" in told(room)[0]


async def test_who_asks_in_a_shared_room_is_answered_in_private() -> None:
    async with FakeBot.with_plugins() as bot:
        shared, direct = await bot.room("6B", {ANA: "Ana"}), await bot.direct(ANA)
        await asks(bot, ANA, shared.id)
        assert (told(shared), len(told(direct))) == ([], 1)


@pytest.mark.parametrize(("who", "may"), [(ANA, False), (DURAND, False), (MARTIN, True)])
async def test_only_coordinators_compare_and_none_whose_account_is_frozen(who: UserId, may: bool) -> None:
    async with FakeBot.with_plugins(people=PEOPLE) as bot:
        current = bot.bot.current
        assert may_verify(current.school, who) is may
        current.suspend((), [MARTIN])
        assert not may_verify(current.school, who)
