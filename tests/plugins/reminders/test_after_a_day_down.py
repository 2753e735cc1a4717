"""The bot was down for a day: fifty once each, what comes again once, all of it marked late."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.reminders.conftest import DURAND


async def test_fifty_due_and_three_recurring_after_a_day(bot: FakeBot, class_room: FakeRoom) -> None:
    for number in range(50):
        await class_room.say(DURAND, f"!rappel aujourd'hui {9 + number % 9}h{number:02} Numéro {number}")
    for hour in (9, 12, 15):
        await class_room.say(DURAND, f"!rappel tous les jours à {hour}h Toujours {hour}")
    bot.clock.advance(timedelta(days=1, hours=9))
    bot.restart()
    await bot.settle()
    said = class_room.of_kind("reminder")
    texts = Counter(one.body.splitlines()[2] for one in said)
    assert set(texts.values()) == {1}
    assert len(texts) == 53
    assert all("Ce rappel était prévu" in one.body for one in said)
