"""`coedu-bot doctor` beside a bot that is down: what it says of what is kept, and what is to be done."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from coedu_bot.cli import app
from coedu_bot.effects import Wake
from coedu_bot.events import KeyWithheld, Undecryptable
from coedu_bot.store import intake, outbox, rooms, withheld
from coedu_bot.store.database import Database, Transaction, open_database
from coedu_bot.store.migrate import migrate
from coedu_bot.store.outbox import OutboxRow
from coedu_bot.store.revisions import CORE
from coedu_bot.timers import store as timers

NOW = datetime.now(UTC)
ROOM, ANA, BEA = "!room", "@ana:test", "@bea:test"
_CONFIG = """
homeserver: http://127.0.0.1:1
user: "@coedu:test"
school: {name: Collège, controller: La principale, contact: dpo@test}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_text(_CONFIG)
    return tmp_path / "config.yaml"


def doctor(config: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["doctor", "--config", str(config), *words])


def parts(config: Path) -> dict[str, Any]:
    return dict(json.loads(doctor(config, "--json").stdout))


def keep(config: Path, *what: Any) -> None:
    """A database of a bot that has run, with these things in it."""
    data = config.parent / "data"
    data.mkdir()

    async def work() -> None:
        database: Database = await open_database("sqlite", data)
        await migrate(database, [CORE])
        async with database.transaction() as db:
            for one in what:
                await one(db)
        await database.close()

    asyncio.run(work())


def test_a_bot_that_never_ran_is_not_ill(config: Path) -> None:
    said = doctor(config)
    assert said.exit_code == 0
    assert "does not run; start it with coedu-bot run" in said.stdout
    assert "never logged in" in said.stdout
    assert "there is none in" in said.stdout


def test_messages_without_keys_are_told_with_the_reason_that_their_senders_gave(config: Path) -> None:
    async def unread(db: Transaction) -> None:
        for number, sender in enumerate((ANA, BEA)):
            event = Undecryptable(
                event_id=f"$e{number}",
                room_id=ROOM,
                sender=sender,
                sent_at=NOW - timedelta(hours=3),
                session_id="s",
                source={},
            )
            await intake.add_undecrypted(db, event)
        await withheld.mark_withheld(db, KeyWithheld("s", ROOM, ANA, "m.unverified"), NOW)

    keep(config, unread)
    found = parts(config)["encryption"]
    assert (found["unread"], found["withheld"]) == (2, {"m.unverified": 1})
    assert {one["sender"]: one["code"] for one in found["last_unread"]} == {ANA: "m.unverified", BEA: None}
    said = doctor(config).stdout
    assert f"{ROOM}, {ANA}, 3 h ago: their client gives keys only to devices that it sees signed" in said
    assert f"{ROOM}, {BEA}, 3 h ago: no key came, and no reason why; they send the message again" in said


def test_an_outbox_that_does_not_move_is_ill(config: Path) -> None:
    async def waiting(db: Transaction) -> None:
        await outbox.add_row(db, row("r1", NOW - timedelta(hours=2)))
        await outbox.add_row(db, row("r2", NOW - timedelta(hours=2)))
        await outbox.mark_dropped(db, "r2", "M_FORBIDDEN")

    keep(config, waiting)
    said = doctor(config)
    assert said.exit_code == 1
    assert "nothing has gone for 2 h; start the bot" in said.stdout
    assert parts(config)["outbox"]["dropped"] == {"M_FORBIDDEN": 1}


def row(ref: str, at: datetime) -> OutboxRow:
    return OutboxRow(
        ref=ref,
        room_id=ROOM,
        recipient=None,
        state="queued",
        priority=5,
        action="send",
        content={},
        plugin="core",
        kind="reply",
        created_at=at,
    )


def test_timers_that_are_late_faults_and_rooms_are_counted(config: Path) -> None:
    async def kept(db: Transaction) -> None:
        await timers.add_timer(db, Wake(name="due", at=NOW - timedelta(hours=1)), "reminders")
        await timers.add_timer(db, Wake(name="due", at=NOW + timedelta(hours=30)), "reminders")
        await intake.add_fault(db, "F-1234", "$event", NOW - timedelta(days=2))
        await intake.add_fault(db, "F-0001", "$other", NOW - timedelta(days=20))
        await rooms.add_room(db, ROOM, NOW)
        await rooms.mark_room(db, ROOM, NOW, membership="join", encrypted=True)

    keep(config, kept)
    found = parts(config)
    assert (found["timers"]["timers"], found["timers"]["late"]) == (2, 1)
    assert (found["rooms"]["joined"], found["rooms"]["encrypted"]) == (1, 1)
    said = doctor(config).stdout
    assert "fault F-1234, 2 days ago; search the log for F-1234" in said
    assert "F-0001" not in said


def test_a_database_that_is_newer_than_the_program_is_ill(config: Path) -> None:
    async def ahead(db: Transaction) -> None:
        await db.script("UPDATE alembic_version SET version_num = 'core_9999'")

    keep(config, ahead)
    said = doctor(config)
    assert said.exit_code == 1
    assert "run the newer version of the bot" in said.stdout


def test_a_session_of_another_account_is_told(config: Path) -> None:
    keep(config)
    session = {"user_id": "@other:test", "device_id": "D", "access_token": "t", "pickle_key": "k"}
    (config.parent / "data" / "session.json").write_text(json.dumps(session))
    said = doctor(config)
    assert said.exit_code == 1
    assert "belongs to @other:test" in said.stdout
