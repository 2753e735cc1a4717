"""What `doctor` counts, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from coedu_bot.effects import Wake
from coedu_bot.events import KeyWithheld
from coedu_bot.store import intake, outbox, people, rooms, survey, withheld
from coedu_bot.store.database import Database
from coedu_bot.timers import store as timers
from tests.unit.store.test_holding import NOW, WAITING


async def test_everything_is_counted_by_what_it_means(database: Database) -> None:
    hour = timedelta(hours=1)
    async with database.transaction() as db:
        for ref in ("a", "b"):
            await outbox.add_row(db, replace(WAITING, ref=ref))
        await outbox.mark_dropped(db, "b", "M_FORBIDDEN")
        for at in (NOW - hour, NOW + hour):
            await timers.add_timer(db, Wake(name="due", at=at), "reminders")
        await rooms.add_room(db, "!a", NOW)
        await rooms.mark_room(db, "!a", NOW, membership="join", encrypted=True)
        await people.mark_direct(db, "@ana:test", room="!a", state="joined", now=NOW)
        await intake.add_fault(db, "F-1", "$e", NOW)
        await withheld.mark_withheld(db, KeyWithheld("s", "!a", "@ana:test", "m.no_olm"), NOW)
        await withheld.mark_withheld(db, KeyWithheld("t", "!a", "@ana:test", "m.no_olm"), NOW)
    async with database.reading() as db:
        assert await survey.count_outbox(db) == {"queued": 1, "dropped": 1}
        assert await survey.count_dropped(db, NOW) == {"M_FORBIDDEN": 1}
        assert await survey.count_dropped(db, NOW + hour) == {}
        assert await survey.count_timers(db, NOW) == survey.TimerCount(2, 1, NOW - hour)
        assert await survey.count_rooms(db) == (1, 1)
        assert await survey.count_directs(db) == {"joined": 1}
        assert [row.number for row in await survey.list_faults(db, NOW)] == ["F-1"]
        assert await survey.list_faults(db, NOW + hour) == []
        assert await withheld.count_withheld(db) == {"m.no_olm": 1}
        assert await survey.list_failing_tasks(db) == []
        assert not await survey.has_synced(db)
