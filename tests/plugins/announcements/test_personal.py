"""What is kept about one person can be read and forgotten, whatever table it is in."""

from __future__ import annotations

from typing import Any

from coedu_bot.app import plugin_tables
from coedu_bot.store.personal import erase_person, export_person, personal_tables
from coedu_bot.testing.bot import FakeBot

TEACHER, PARENT, OTHER = "@durand:test", "@benali:test", "@costa:test"


async def school_morning(bot: FakeBot) -> None:
    """An announcement that two parents read, one of them asked again in private."""
    people = {TEACHER: "Mme Durand", PARENT: "Mme Benali", OTHER: "M. Costa"}
    room = await bot.room("6B", people, {TEACHER: 50})
    await room.say(TEACHER, "!annonce Piscine lundi.")
    private = await bot.direct(TEACHER)
    await private.say(TEACHER, "relance A1")
    for person in (PARENT, OTHER):
        await room.tap(person, room.of_kind("announcement")[-1], "✅")
    await (await bot.direct(PARENT)).say(PARENT, "Merci !")


async def everything(bot: FakeBot) -> dict[str, list[Any]]:
    tables = personal_tables(plugin_tables(bot.registry))
    async with bot.database.reading() as db:
        return {table.name: await db.all(table.select()) for table in tables}


async def exported(bot: FakeBot, user: str) -> dict[str, list[dict[str, Any]]]:
    async with bot.database.reading() as db:
        return await export_person(db, personal_tables(plugin_tables(bot.registry)), user)


async def test_an_export_holds_what_a_person_did_and_was_told() -> None:
    async with FakeBot.with_plugins("announcements") as bot:
        await school_morning(bot)
        found = await exported(bot, PARENT)
        assert [row["reader"] for row in found["announcements_reading"]] == [PARENT]
        assert "Piscine lundi." in found["outbox"][0]["content"]["body"]
        assert found["announcements_reading"][0]["read_at"].startswith("2026-10-06T05:40")


async def test_an_export_holds_nothing_of_anybody_else() -> None:
    async with FakeBot.with_plugins("announcements") as bot:
        await school_morning(bot)
        assert OTHER not in str(await exported(bot, PARENT))


async def test_after_an_erasure_the_person_is_nowhere_but_in_the_rooms_they_are_in() -> None:
    async with FakeBot.with_plugins("announcements") as bot:
        await school_morning(bot)
        async with bot.database.transaction() as db:
            assert await erase_person(db, personal_tables(plugin_tables(bot.registry)), PARENT) > 0
        left = {name: rows for name, rows in (await everything(bot)).items() if PARENT in str(rows)}
        assert set(left) == {"room_member"}
        assert await exported(bot, OTHER) != {}


async def test_what_an_author_did_stays_without_their_name() -> None:
    async with FakeBot.with_plugins("announcements") as bot:
        await school_morning(bot)
        async with bot.database.transaction() as db:
            await erase_person(db, personal_tables(plugin_tables(bot.registry)), TEACHER)
        rows = await everything(bot)
        assert [row.author for row in rows["announcements_announcement"]] == [""]
