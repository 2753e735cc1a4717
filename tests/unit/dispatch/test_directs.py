"""Direct rooms: found again, private, and only with people of the school."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from coedu_bot.delivery.directs import want_directs
from coedu_bot.events import (
    Invitation,
    JoinedRoom,
    MessageReceived,
    StateChanged,
    StateEvent,
    SyncBatch,
)
from coedu_bot.school.families import Entitlement, Families, Guardian, Pupil
from coedu_bot.school.person import Person
from coedu_bot.store import intake
from coedu_bot.store.database import open_database
from coedu_bot.store.schema import create_all
from coedu_bot.store.tables import metadata
from coedu_bot.testing import FakeBot, FakeRoom
from coedu_bot.testing.bot import BOT

DURAND, BENALI, MOREL = "@durand:test", "@benali:test", "@morel:test"
STRANGER, ELSEWHERE = "@stranger:test", "@stranger:elsewhere"


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    async with FakeBot.with_plugins("announcements") as bot:
        yield bot


def named_school() -> dict[str, object]:
    """A school that names its people: one teacher, a mother, a father who must not be told."""
    guardians = {id_: Guardian(id_, id_, id_, id_) for id_ in (BENALI, MOREL)}
    held = {BENALI: Entitlement.FULL, MOREL: Entitlement.NONE}
    families = Families(guardians, (Pupil("Yanis Benali", "6B", held),))
    return {"people": {DURAND: Person(DURAND, "Mme Durand")}, "families": families}


async def invite(bot: FakeBot, who: str, *, direct: bool = True, third: str = "") -> FakeRoom:
    """Somebody makes a room and invites the bot."""
    room = opened_by(bot, who, third)
    await bot.bot.intake.take(SyncBatch("s", invited=(Invitation(room.id, who, direct=direct),)))
    await bot.settle()
    return room


def opened_by(bot: FakeBot, who: str, third: str = "") -> FakeRoom:
    """A room somebody has just made."""
    room = bot.homeserver.add_room()
    bot.homeserver.put_state(room.id, StateEvent("m.room.create", "", {"room_version": "11"}, who))
    for user in filter(None, (who, third)):
        member = StateEvent("m.room.member", user, {"membership": "join"}, user)
        bot.homeserver.put_state(room.id, member)
    return FakeRoom(bot, room.id)


@pytest.mark.parametrize(
    ("who", "accepted"),
    [(DURAND, True), (BENALI, True), (MOREL, False), (STRANGER, False), (ELSEWHERE, False)],
)
@pytest.mark.parametrize("direct", [True, False])
async def test_a_school_that_names_its_people_talks_with_them_only(
    who: str, accepted: bool, direct: bool
) -> None:
    async with FakeBot.with_plugins(**named_school()) as bot:
        room = await invite(bot, who, direct=direct)
        assert (BOT in bot.homeserver.rooms[room.id].members()) is accepted


async def write_at_once(bot: FakeBot, who: str, text: str, *, third: str = "") -> FakeRoom:
    """Somebody invites the bot and writes; the bot hears of it before it has read who is in the room."""
    room = opened_by(bot, who, third)
    await bot.bot.intake.take(SyncBatch("s1", invited=(Invitation(room.id, who, direct=not third),)))
    now = bot.clock.now()
    message = MessageReceived(event_id="$early", room_id=room.id, sender=who, sent_at=now, text=text)
    own = StateEvent("m.room.member", BOT, {"membership": "join"}, BOT)
    await bot.bot.intake.take(SyncBatch("s2", joined=(JoinedRoom(room.id, (own,), (message,)),)))
    assert room.shown == []
    return room


@pytest.mark.parametrize("text", ["ping", "!ping"])
async def test_what_somebody_writes_before_the_room_is_read_is_heard_when_it_is(
    bot: FakeBot, text: str
) -> None:
    room = await write_at_once(bot, BENALI, text)
    await bot.settle()
    assert [shown.body.startswith("Je suis là") for shown in room.shown] == [True]


async def test_what_somebody_wrote_meanwhile_survives_a_kill_before_it_is_heard(bot: FakeBot) -> None:
    room = await write_at_once(bot, BENALI, "ping")
    bot.restart()
    await bot.settle()
    assert "Je suis là" in room.last.body


async def test_what_is_said_among_others_before_the_room_is_read_stays_chatter(bot: FakeBot) -> None:
    room = await write_at_once(bot, BENALI, "ping", third=DURAND)
    await bot.settle()
    assert room.shown == []
    async with bot.database.reading() as db:
        assert await intake.list_parked(db, room.id) == []


async def test_a_member_of_a_room_of_the_school_is_of_the_school() -> None:
    async with FakeBot.with_plugins(**named_school()) as bot:
        await bot.room("6B", {STRANGER: "Mme Nouvelle"})
        room = await invite(bot, STRANGER)
        assert BOT in bot.homeserver.rooms[room.id].members()


async def test_who_came_in_and_wrote_to_the_bot_while_it_was_down_is_not_turned_away() -> None:
    async with FakeBot.with_plugins(**named_school()) as bot:
        shared, room = await bot.room("6B", {}), opened_by(bot, STRANGER)
        came = StateChanged(
            event_id="$came",
            room_id=shared.id,
            sender=STRANGER,
            sent_at=bot.clock.now(),
            type="m.room.member",
            state_key=STRANGER,
            content={"membership": "join"},
        )
        joined, asked = JoinedRoom(shared.id, events=(came,)), Invitation(room.id, STRANGER, direct=True)
        await bot.bot.intake.take(SyncBatch("s", joined=(joined,), invited=(asked,)))
        await bot.settle()
        assert BOT in bot.homeserver.rooms[room.id].members()


async def test_a_stranger_learns_nothing_in_a_room_they_got_the_bot_into(bot: FakeBot) -> None:
    async with FakeBot.with_plugins(**named_school()) as bot:
        room = await bot.direct(BENALI)
        await room.join(STRANGER)
        before = len(bot.homeserver.rooms[room.id].timeline)
        await room.say(STRANGER, "moi")
        await room.say(STRANGER, "À qui parles-tu ?")
        said = bot.homeserver.rooms[room.id].timeline[before:]
        assert [event for event in said if event.sender == BOT] == []


async def test_with_a_third_person_the_bot_goes_on_in_a_room_of_two(bot: FakeBot) -> None:
    room = await bot.direct(BENALI)
    await room.say(BENALI, "ping")
    await room.join(DURAND)
    fresh = bot.direct_of(BENALI)
    assert fresh is not None
    assert fresh.id != room.id
    assert "entre nous deux" in fresh.last.body


async def test_a_room_with_others_never_becomes_a_direct_one(bot: FakeBot) -> None:
    room = await invite(bot, BENALI, third=DURAND)
    await room.say(BENALI, "ping")
    assert room.shown == []


async def test_who_writes_alone_to_the_bot_is_heard_though_no_client_said_direct(bot: FakeBot) -> None:
    room = await invite(bot, BENALI, direct=False)
    await room.say(BENALI, "ping")
    assert "Je suis là" in room.last.body


async def test_the_newest_room_they_open_is_the_one(bot: FakeBot) -> None:
    first = await bot.direct(BENALI)
    second = await invite(bot, BENALI)
    await second.say(BENALI, "ping")
    assert second.last
    await first.say(BENALI, "ping")
    assert first.last, "and the old one is no dead letter box"


async def test_a_bot_on_a_new_machine_finds_its_rooms_again(bot: FakeBot) -> None:
    room = await bot.direct(BENALI)
    assert bot.homeserver.account_data["m.direct"] == {BENALI: [room.id]}
    bot.homeserver.account_data["m.direct"] = {"@old:test": ["!gone:test", 7], "x": "y", BENALI: [room.id]}
    bot.database = await open_database("sqlite://:memory:")
    await create_all(bot.database, metadata)
    bot.restart()
    async with bot.database.transaction() as db:
        await want_directs(db, bot.clock.now())
    await bot.settle()
    await room.say(BENALI, "ping")
    assert "Je suis là" in room.last.body
    shared = await bot.room("6B", {BENALI: "Mme Benali"})
    await shared.say(BENALI, "!moi")
    assert "Mme Benali" in room.last.body
    await bot.database.close()


async def test_other_rooms_of_m_direct_are_kept(bot: FakeBot) -> None:
    bot.homeserver.account_data["m.direct"] = {"@other:test": ["!x:test"]}
    room = await bot.direct(BENALI)
    assert bot.homeserver.account_data["m.direct"] == {"@other:test": ["!x:test"], BENALI: [room.id]}


async def test_who_left_is_asked_back_and_finds_what_waited(bot: FakeBot) -> None:
    room = await bot.direct(BENALI)
    shared = await bot.room("6B", {BENALI: "Mme Benali"})
    await room.leave(BENALI)
    bot.people_accept = False
    await shared.say(BENALI, "!moi")
    asked, user = bot.homeserver.invitations.popleft()
    assert (asked, user) == (room.id, BENALI)
    await room.join(BENALI)
    assert "Mme Benali" in room.last.body


async def test_who_left_and_opens_a_room_themselves_is_heard_there(bot: FakeBot) -> None:
    room = await bot.direct(BENALI)
    await room.leave(BENALI)
    second = await invite(bot, BENALI)
    await second.say(BENALI, "ping")
    assert "Je suis là" in second.last.body
