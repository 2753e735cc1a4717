"""What is past its time goes by itself: after 90 days the text of messages, after 400 what is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, select

from coedu_bot.app import plugin_tables
from coedu_bot.school.keeping import Keeping
from coedu_bot.store.tables import item, metadata, outbox, room_member, upload
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements import a_school
from tests.plugins.announcements.a_school import COSTA, DURAND, FATHER

PLUGINS = ("announcements", "polls", "reminders", "welcome")


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    keeping = Keeping(messages=timedelta(days=90), items=timedelta(days=400))
    async with FakeBot.with_plugins(*PLUGINS, keeping=keeping, **a_school.school()) as bot:
        yield bot


@pytest.fixture
async def room(bot: FakeBot) -> FakeRoom:
    return (await a_school.open_rooms(bot))["6B"]


async def rows(bot: FakeBot, table: Table) -> list[Any]:
    async with bot.database.reading() as db:
        return list(await db.all(select(table)))


async def pass_days(bot: FakeBot, days: float) -> None:
    """Time passes, and the bot looks after what is old."""
    bot.clock.set(bot.clock.now() + timedelta(days=days))
    await bot.bot.forget_old()
    await bot.settle()


def plugin_table(bot: FakeBot, name: str) -> Table:
    return next(one.tables[name] for one in plugin_tables(bot.registry) if name in one.tables)


async def test_the_text_of_messages_goes_and_a_late_tap_still_counts(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, "!annonce Piscine lundi.")
    await room.say(DURAND, "!ping tout va bien")
    announcement = room.of_kind("announcement")[0]
    await pass_days(bot, 89)
    assert "Piscine lundi." in str(await rows(bot, outbox))
    assert "tout va bien" in str(await rows(bot, outbox))
    await pass_days(bot, 2)
    assert "Piscine lundi." not in str(await rows(bot, outbox))
    assert "tout va bien" not in str(await rows(bot, outbox))
    await room.tap(COSTA, announcement)
    assert [row.reader for row in await rows(bot, plugin_table(bot, "announcements_reading"))] == [COSTA]


async def test_what_is_over_goes_with_all_answers_and_what_is_to_come_stays(
    bot: FakeBot, room: FakeRoom
) -> None:
    father = await bot.direct(FATHER)
    await room.say(DURAND, "!annonce Piscine lundi.")
    await room.tap(FATHER, room.last)
    await room.say(DURAND, "!annonce Dans deux ans.\n\nenvoyer : 6/10/2028 10h")
    await room.say(DURAND, "!sondage Quel jour ? | lundi | mardi")
    await room.vote(FATHER, "lundi")
    await room.say(DURAND, "!fin P1")
    await room.say(DURAND, "!dates Réunion | jeudi 18h | samedi 10h")
    await father.say(FATHER, "1 oui")
    await room.say(DURAND, "!fin D1 1")
    await father.say(FATHER, "rappel dans 10 minutes le pain")
    await father.say(FATHER, "rappel tous les lundis à 18h le sac")
    await bot.later(minutes=20)
    await pass_days(bot, 399)
    before = {row.id for row in await rows(bot, item)}
    assert before >= {"A1", "P1", "D1", "R1", "R2"}
    await pass_days(bot, 2)
    left = {row.id for row in await rows(bot, item)}
    assert left == before - {"A1", "P1", "D1", "R1"}
    for name in ("announcements_reading", "polls_vote", "polls_poll", "polls_ballot", "polls_outcome"):
        assert await rows(bot, plugin_table(bot, name)) == [], name
    assert {row.id for row in await rows(bot, plugin_table(bot, "reminders_reminder"))} == {"R2"}


async def test_ids_never_come_again(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, "!annonce Une.")
    await pass_days(bot, 500)
    await room.say(DURAND, "!annonce Autre.")
    assert room.last.coedu["id"] == "A2"


async def test_nothing_of_what_the_school_still_uses_goes(bot: FakeBot, room: FakeRoom) -> None:
    father = await bot.direct(FATHER)
    await father.say(FATHER, "heures 20h-8h")
    kept = ("person_setting", "direct_room", "room", "room_member", "sync_position", "item_counter")
    before = {name: await rows(bot, metadata.tables[name]) for name in kept}
    await pass_days(bot, 1000)
    assert {name: await rows(bot, metadata.tables[name]) for name in kept} == before


async def test_the_members_of_a_room_that_was_left_go_and_so_do_files_nobody_will_get(
    bot: FakeBot, room: FakeRoom
) -> None:
    async with bot.database.transaction() as db:
        await db.run(room_member.update().values(display_name="x"))
        await db.script(f"UPDATE room SET membership = 'leave' WHERE id = '{room.id}'")
        await db.run(upload.insert(), id="u", name="a.csv", mime="text/csv", data=b"1")
    await pass_days(bot, 0)
    assert room.id not in {row.in_room for row in await rows(bot, room_member)}
    assert await rows(bot, upload) == []


async def test_a_plugin_that_is_off_keeps_its_items(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, "!annonce Une.")
    bot.registry.plugins = {
        name: one for name, one in bot.registry.plugins.items() if name != "announcements"
    }
    await pass_days(bot, 500)
    assert [row.id for row in await rows(bot, item)] == ["A1"]
