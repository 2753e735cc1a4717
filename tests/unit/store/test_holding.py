"""What waits, what is released and what is in a digest, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from coedu_bot.store import holding, outbox, people
from coedu_bot.store.database import Database
from coedu_bot.store.outbox import OutboxRow

NOW = datetime(2026, 10, 6, 19, 0, tzinfo=UTC)
MORNING = NOW + timedelta(hours=12)
WAITING = OutboxRow(
    ref="a",
    room_id="!6b",
    recipient=None,
    state="queued",
    priority=1,
    action="send",
    content={},
    plugin="p",
    kind="k",
    item="A1",
    author="@durand",
    created_at=NOW,
    not_before_at=MORNING,
    wished_at=NOW,
)


async def test_a_row_waits_until_it_is_released_by_its_author(database: Database) -> None:
    async with database.transaction() as db:
        await outbox.add_row(db, WAITING)
        assert await outbox.get_next_row(db, "!6b", NOW) is None
        assert await outbox.get_next_due(db, NOW) == MORNING
        assert [row.ref for row in await holding.list_waiting(db)] == ["a"]
        assert await holding.mark_released(db, "A1", "@somebody") == 0
        assert await holding.mark_released(db, "A1", "@durand") == 1
        assert (await outbox.get_next_row(db, "!6b", NOW)).ref == "a"
        assert await holding.list_waiting(db) == []


async def test_what_is_in_a_digest_is_unsent_until_the_digest_is(database: Database) -> None:
    digest = replace(WAITING, ref="d", recipient="@costa", kind=holding.DIGEST, room_id="!dm")
    async with database.transaction() as db:
        await outbox.add_row(db, digest)
        await outbox.add_row(db, replace(WAITING, ref="b", recipient="@costa", state="bundled", bundle="d"))
        assert (await holding.get_open_digest(db, "@costa")).ref == "d"
        assert [row.ref for row in await holding.list_parts(db, "d")] == ["b"]
        assert await holding.list_bundles(db, ["a", "b"]) == {"b": "d"}
        assert await holding.list_unsent(db, ["b", "d", "x"]) == {"b", "d"}
        await outbox.mark_sending(db, "d", "DEVICE", MORNING)
        assert await holding.list_unsent(db, ["b", "d"]) == set()
        assert await holding.get_open_digest(db, "@costa") is None


async def test_what_lapsed_is_dropped_when_the_person_comes(database: Database) -> None:
    late = replace(
        WAITING, room_id=None, recipient="@costa", state="held", lapses_at=MORNING, not_before_at=None
    )
    async with database.transaction() as db:
        await outbox.add_row(db, late)
        await outbox.add_row(db, replace(late, ref="b", lapses_at=None))
        assert await outbox.mark_recipient_ready(db, "@costa", "!dm", MORNING) == 1
        assert (await outbox.get_row(db, "a")).state == "dropped"
        assert (await outbox.get_row(db, "b")).room_id == "!dm"


async def test_settings_of_many_people_are_read_at_once(database: Database) -> None:
    async with database.transaction() as db:
        await people.mark_setting(db, "@a", "digest", "18:00")
        await people.mark_setting(db, "@b", "language", "tr")
        assert await people.list_settings(db, ["@a", "@b", "@c"]) == {
            "@a": {"digest": "18:00"},
            "@b": {"language": "tr"},
            "@c": {},
        }
        await people.remove_setting(db, "@a", "digest")
        assert await people.list_settings(db, ["@a"]) == {"@a": {}}
        assert await people.list_directs(db, ["@a"]) == {}
