"""Who comes into a room of the school is greeted privately, once, in their language."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.events import JoinedRoom, StateEvent, SyncBatch
from coedu_bot.loading import BUNDLED
from coedu_bot.testing import FakeBot, FakeRoom
from coedu_bot.testing.dialogue import dialogues, play
from plugins.welcome.domain import Newcomer, Steps, first_steps

DURAND, BENALI, ROBOT = "@durand:test", "@benali:test", "@robot:test"


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    async with FakeBot.with_plugins("welcome", "announcements", bots=frozenset({ROBOT})) as bot:
        yield bot


@pytest.fixture
async def room(bot: FakeBot) -> FakeRoom:
    return await bot.room("6B", {DURAND: "Mme Durand"}, {DURAND: 50})


@given(st.booleans(), st.booleans(), st.booleans())
def test_nobody_is_greeted_twice_nor_whom_the_school_may_not_write_to(
    staff: bool, greeted: bool, told: bool
) -> None:
    steps = first_steps(Newcomer(staff, greeted, told))
    assert (steps is None) == (greeted or not told)
    assert steps in (None, Steps.STAFF if staff else Steps.FAMILY)


async def test_who_comes_in_is_greeted_privately_with_the_menu_of_languages(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.join(BENALI, "Mme Benali")
    private = bot.direct_of(BENALI)
    assert private is not None
    assert [message.kind for message in private.shown] == ["welcome"]
    assert len(private.last.body.split("\n- ")) == 5
    assert "العربية" in private.menu.choices
    assert room.shown == []
    await private.vote(BENALI, "العربية")
    await private.say(BENALI, "ping")
    assert private.last.coedu["lang"] == "ar"


async def test_once_whatever_rooms_they_come_into(bot: FakeBot, room: FakeRoom) -> None:
    other = await bot.room("6C", {DURAND: "Mme Durand"})
    await room.join(BENALI)
    await room.join(BENALI, "Mme Benali B.")  # a new display name is a member event too
    await room.leave(BENALI)
    await room.join(BENALI)
    await other.join(BENALI)
    private = bot.direct_of(BENALI)
    assert private is not None
    assert len(private.of_kind("welcome")) == 1


async def test_a_coming_in_that_only_the_state_of_the_room_tells_of_is_greeted_once(
    bot: FakeBot, room: FakeRoom
) -> None:
    """After a gap in the timeline that the homeserver does not fill."""
    came = StateEvent("m.room.member", BENALI, {"membership": "join", "displayname": "Mme Benali"}, BENALI)
    stayed = StateEvent("m.room.member", DURAND, {"membership": "join"}, DURAND)
    bot.homeserver.put_state(room.id, came)
    for token in ("gap-1", "gap-2"):
        await bot.bot.intake.take(SyncBatch(token, joined=(JoinedRoom(room.id, state=(came, stayed)),)))
        await bot.settle()
    private = bot.direct_of(BENALI)
    assert private is not None
    assert len(private.of_kind("welcome")) == 1
    assert bot.direct_of(DURAND) is None


async def test_bots_are_not_greeted(bot: FakeBot, room: FakeRoom) -> None:
    await room.join(ROBOT)
    assert bot.direct_of(ROBOT) is None


async def test_staff_read_how_to_command(bot: FakeBot, room: FakeRoom) -> None:
    levels = bot.homeserver.rooms[room.id].state["m.room.power_levels", ""]
    content = {**levels.content, "users": {**levels.content["users"], BENALI: 50}}
    await bot.change_state(room.id, StateEvent("m.room.power_levels", "", content, DURAND))
    await room.join(BENALI)
    private = bot.direct_of(BENALI)
    assert private is not None
    assert "annonce" in private.last.body


PAGE = (BUNDLED / "welcome" / "README.md").read_text(encoding="utf-8")


async def test_what_the_users_page_shows_is_what_happens(bot: FakeBot, room: FakeRoom) -> None:
    (acts,) = dialogues(PAGE)
    await play(bot, acts, {"Benali": BENALI}, {"6B": room})
