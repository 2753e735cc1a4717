"""What a transaction promises, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coedu_bot.delivery.tasks import add_task
from coedu_bot.store import intake, items, outbox, rooms
from coedu_bot.store.database import Conflict, Database
from coedu_bot.store.tables import task

NOW = datetime(2026, 10, 6, 7, 40, tzinfo=UTC)


def a_row(ref: str, room: str = "!6b", **more: object) -> outbox.OutboxRow:
    fields = {"state": "queued", "priority": 1, "action": "send", "content": {"body": ref}} | more
    return outbox.OutboxRow(
        ref=ref,
        room_id=room,
        recipient=None,
        plugin="p",
        kind="k",
        created_at=NOW,
        **fields,  # type: ignore[arg-type]
    )


async def test_an_event_is_claimed_once(database: Database) -> None:
    async with database.transaction() as db:
        assert await intake.mark_handled(db, "$a", NOW)
        assert not await intake.mark_handled(db, "$a", NOW)


async def test_what_fails_leaves_no_trace(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.transaction() as db:
            await intake.mark_handled(db, "$a", NOW)
            raise RuntimeError
    async with database.transaction() as db:
        assert await intake.mark_handled(db, "$a", NOW)


async def test_a_cancelled_task_leaves_no_trace_and_a_usable_connection(database: Database) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with database.transaction() as db:
            await intake.mark_handled(db, "$a", NOW)
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with database.transaction() as db:
        assert await intake.mark_handled(db, "$a", NOW)


async def test_a_reader_sees_only_what_is_committed(database: Database) -> None:
    async with database.transaction() as writing:
        await intake.mark_token(writing, "@bot", "s1")
        async with database.reading() as reading:
            assert await intake.get_token(reading, "@bot") is None
    async with database.reading() as reading:
        assert await intake.get_token(reading, "@bot") == "s1"


async def test_short_ids_are_given_out_once_under_concurrency(database: Database) -> None:
    async def one(number: int) -> str:
        async with database.transaction() as db:
            return await items.add_item(db, "A", plugin="p", author="@a", command=f"${number}", now=NOW)

    given = await asyncio.gather(*(one(number) for number in range(100)))
    assert sorted(given, key=lambda id_: int(id_[1:])) == [f"A{n}" for n in range(1, 101)]


async def test_who_watches_a_table_hears_of_each_commit_that_wrote_to_it(database: Database) -> None:
    heard: list[str] = []
    database.watch(task, lambda: heard.append("task"))
    async with database.transaction() as db:
        await add_task(db, "join", "!6b", {}, NOW)
        assert heard == []  # nobody else could see it yet
    assert heard == ["task"]
    async with database.transaction() as db:
        await intake.mark_token(db, "@bot", "s1")
    with pytest.raises(RuntimeError):
        async with database.transaction() as db:
            await add_task(db, "join", "!6c", {}, NOW)
            raise RuntimeError
    assert heard == ["task"]


async def test_the_same_reference_twice_is_a_conflict(database: Database) -> None:
    with pytest.raises(Conflict):
        async with database.transaction() as db:
            await outbox.add_row(db, a_row("same"))
            await outbox.add_row(db, a_row("same"))


async def test_a_room_keeps_what_is_known_of_it(database: Database) -> None:
    async with database.transaction() as db:
        await rooms.add_room(db, "!6b", NOW)
        await rooms.mark_room(db, "!6b", NOW, name="6e B · élèves", creators=["@a"], encrypted=True)
        room = await rooms.get_room(db, "!6b")
    assert room is not None
    assert (room.name, room.creators, room.encrypted) == ("6e B · élèves", ("@a",), True)


async def test_the_urgent_goes_before_the_routine_and_what_was_being_sent_before_both(
    database: Database,
) -> None:
    async with database.transaction() as db:
        await outbox.add_row(db, a_row("routine", priority=2))
        await outbox.add_row(db, a_row("urgent", priority=0))
        await outbox.add_row(db, a_row("begun", priority=2, state="sending"))
        order = []
        while row := await outbox.get_next_row(db, "!6b", NOW):
            order.append(row.ref)
            await outbox.mark_sent(db, row.ref, f"${row.ref}", "DEVICE", NOW)
    assert order == ["begun", "urgent", "routine"]


async def test_what_refers_to_a_message_waits_until_it_has_gone(database: Database) -> None:
    async with database.transaction() as db:
        await outbox.add_row(db, a_row("post", state="held"))
        await outbox.add_row(db, a_row("edit", action="edit", target_ref="post"))
        assert await outbox.get_next_row(db, "!6b", NOW) is None
        await outbox.mark_sent(db, "post", "$post", "DEVICE", NOW)
        row = await outbox.get_next_row(db, "!6b", NOW)
    assert row is not None
    assert row.ref == "edit"


async def test_undecrypted_events_are_found_by_any_of_their_keys(database: Database) -> None:
    async with database.reading() as db:
        assert list(await intake.list_undecrypted(db, ["one", "two", "three"])) == []


async def test_what_was_deleted_is_in_no_file_once_it_is_scrubbed(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as db:
        await outbox.add_row(db, a_row("r1", content={"body": "K7Q-4RM"}))
    async with database.transaction() as db:
        await outbox.mark_content(db, "r1", {"body": "…"})
    files = [file for file in tmp_path.glob("coedu.db*") if file.is_file()]
    assert not files or any(b"K7Q-4RM" in file.read_bytes() for file in files)
    await database.scrub()
    assert not any(b"K7Q-4RM" in file.read_bytes() for file in files)
    async with database.reading() as db:
        assert (await outbox.get_row(db, "r1")).content == {"body": "…"}  # type: ignore[union-attr]
