"""Our side of an encrypted room over real HTTP, and what its readers read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from coedu_bot.matrix.account import Session
from coedu_bot.matrix.convert import Converter
from coedu_bot.matrix.encryption import Encryption
from coedu_bot.matrix.homeserver import MatrixHomeserver
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.olm import GuardedOlm
from coedu_bot.testing.clock import FakeClock
from tests.unit.matrix.devices import ALICE, ROOM
from tests.unit.matrix.key_server import KeyServer

TEXT = {"msgtype": "m.text", "body": "hello"}
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@asynccontextmanager
async def ours(
    server: KeyServer, folder: Path, clock: FakeClock | None = None
) -> AsyncIterator[MatrixHomeserver]:
    http = Http(server.url, "token")
    session = Session(ALICE, "ALICE", "token", "key")
    encryption = Encryption.open(http, session, folder / "crypto" / "ours.db", clock or FakeClock(NOW))
    await encryption.keep_house()
    try:
        yield MatrixHomeserver(ALICE, http, Converter(), encryption)
    finally:
        encryption.close()
        await http.close()


def read(server: KeyServer, reader: GuardedOlm, number: int = -1) -> str | None:
    """What somebody reads of a message that was sent; None if they have no key."""
    reader.receive(server.messages_to(reader))
    type_, content = server.sent[number]
    assert type_ == "m.room.encrypted"
    inside = reader.open_event({"event_id": f"${number}", "content": content}, ROOM)
    return inside["content"]["body"] if inside else None
