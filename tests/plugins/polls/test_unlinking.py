"""After a secret poll nobody who has all that the bot leaves behind can tell who cast which ballot.

The attempts of `linking.py` are made on what a bot leaves, and on stores spoilt on purpose: there they work.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from coedu_bot import log
from coedu_bot.store.sqlite import SqliteDatabase
from coedu_bot.testing import FakeBot, FakeRoom
from plugins.polls import secret_voting
from tests.plugins.polls.conftest import DURAND
from tests.plugins.polls.linking import Dump, Voter, guesses, of_folder
from tests.plugins.polls.test_secret import CODE

VOTERS, ENOUGH = 16, 10
"""By chance one guess in sixteen is right; ten are a link."""
WORDS = ("zinnia", "quince", "oregano")


@dataclass
class Election:
    """A poll with what only the voters themselves know: whose each code is."""

    bot: FakeBot
    room: FakeRoom
    folder: Path
    codes: dict[str, str]  # code -> user, in the order of voting

    @property
    def voters(self) -> list[Voter]:
        return [self._voter(user) for user in self.codes.values()]

    def _voter(self, user: str) -> Voter:
        private = self.bot.direct_of(user)
        assert private is not None
        sent = {e.event_id for e in self.bot.homeserver.rooms[private.id].timeline if e.sender == user}
        return Voter(user, frozenset({user, private.id, *sent}))

    async def vote(self, number: int, choice: str) -> None:
        user = f"@parent{number:02}:test"
        private = self.bot.direct_of(user)
        assert private is not None
        self.bot.clock.advance(timedelta(seconds=41 + 7 * number))
        await private.vote(user, choice)
        [code] = CODE.findall(private.of_kind("poll.receipt")[-1].body)
        self.codes[code] = user

    def dump(self, logged: str = "") -> Dump:
        """What is left: the files, the log, and every event of the bot as the homeserver has it now."""
        events = [
            {"room_id": room.id, "event_id": event.event_id, "type": event.type, "content": event.content}
            for room in self.bot.homeserver.rooms.values()
            for event in room.timeline
            if event.sender == self.bot.homeserver.user_id
        ]
        return of_folder(self.folder, logged.splitlines(), events)

    def linked(self, dump: Dump) -> list[str]:
        """The attempts that were right too often to be luck."""
        order = Random(1).sample(sorted(self.codes), len(self.codes))
        made = guesses(dump, sorted(self.voters, key=lambda one: one.user), order)
        return [how for how, guess in made if self.right(guess) >= ENOUGH]

    def right(self, guess: object) -> int:
        assert isinstance(guess, dict)
        return sum(self.codes[code] == user for code, user in guess.items())


@asynccontextmanager
async def voted(folder: Path) -> AsyncIterator[Election]:
    """Parents have voted, in an order that is not that of their names; the poll is still open."""
    folder.mkdir()
    async with FakeBot.with_plugins("polls", data=folder) as bot:
        people = {f"@parent{number:02}:test": f"Parent {number}" for number in range(VOTERS)}
        room = await bot.room("6B", {DURAND: "Mme Durand", **people}, {DURAND: 50})
        election = Election(bot, room, folder, {})
        await room.say(DURAND, f"!sondage Quoi ? | {' | '.join(WORDS)} secret=oui")
        chance = Random(6)
        for number in chance.sample(range(VOTERS), VOTERS):
            await election.vote(number, chance.choice(WORDS))
        yield election


def spoilt(election: Election, folder: Path, table: str, rows: list[tuple[object, ...]]) -> Dump:
    """What is left, with one more table in it."""
    folder.mkdir()
    for file in election.folder.glob("coedu.db*"):
        shutil.copy(file, folder)
    with closing(sqlite3.connect(folder / "coedu.db")) as db:
        db.execute(f"CREATE TABLE {table}")
        places = ", ".join("?" * len(rows[0]))
        db.executemany(f"INSERT INTO {table.split('(')[0]} VALUES ({places})", rows)
        db.commit()
    return of_folder(folder)


async def test_once_it_has_ended_no_attempt_links_voters_and_ballots_where_the_same_do_before_or_if_spoilt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.configure(debug=True)
    async with voted(tmp_path / "data") as election:
        await try_everything(election, tmp_path, capsys)


async def try_everything(election: Election, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = election.dump()
    assert {"by id", "by words"} <= set(election.linked(before))
    await election.room.say(DURAND, "!fin P1")
    dump = election.dump(capsys.readouterr().err)
    assert [row["code"] for row in dump.tables["polls_counted_ballot"]] == sorted(election.codes)
    assert dump.tables["polls_secret_vote"] == dump.tables["polls_ballot"] == []
    assert election.linked(dump) == []
    assert answers_beside_a_voter(election, dump) == []
    unshuffled: list[tuple[object, ...]] = [(code,) for code in election.codes]
    linked = election.linked(spoilt(election, tmp_path / "1", "unshuffled(code)", unshuffled))
    assert any(how.startswith("by order, unshuffled") for how in linked)
    lying = "\n".join((*election.codes, *election.codes.values())).encode()
    linked = election.linked(replace(dump, files=[*dump.files, lying]))
    assert any(how.startswith("by position") for how in linked)
    handled = {row["event_id"]: row["handled_at"] for row in before.tables["handled_event"]}
    at = {
        voter.user: max(handled[name] for name in voter.names if name in handled) for voter in election.voters
    }
    timed: list[tuple[object, ...]] = [(code, at[user]) for code, user in sorted(election.codes.items())]
    assert "by time" in election.linked(spoilt(election, tmp_path / "2", "timed(code, cast_at)", timed))


def answers_beside_a_voter(election: Election, dump: Dump) -> list[str]:
    """Records with one voter and some but not all of the answers: not even without codes is anything left."""
    found = []
    for record in dump.records:
        answers = [word for word in WORDS if word in record]
        voters = [one for one in election.voters if any(name in record for name in one.names)]
        if len(voters) == 1 and 0 < len(answers) < len(WORDS):
            found.append(record)
    return found


async def test_control_without_the_scrubbing_the_files_still_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def leave_as_it_is(database: SqliteDatabase) -> None:
        """What was deleted stays where it was."""

    monkeypatch.setattr(SqliteDatabase, "scrub", leave_as_it_is)
    async with voted(tmp_path / "data") as election:
        await election.room.say(DURAND, "!fin P1")
        assert "by neighbour" in election.linked(election.dump())


async def test_control_codes_that_count_up_link_by_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter(range(1000))

    def counting(draw: object, taken: object) -> str:
        number = next(numbers)
        return f"AA{chr(65 + number // 9)}-AA{2 + number % 9 if number % 9 < 8 else 'Z'}"

    monkeypatch.setattr(secret_voting, "new_code", counting)
    async with voted(tmp_path / "data") as election:
        await election.room.say(DURAND, "!fin P1")
        linked = election.linked(election.dump())
    assert any(how.startswith("by order, polls_counted_ballot") for how in linked)
