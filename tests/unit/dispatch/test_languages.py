"""The language of a person: chosen by name, by a menu, by 🌐, offered once to who writes another."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from coedu_bot.effects import Post
from coedu_bot.events import StateEvent
from coedu_bot.message import Message, says
from coedu_bot.school.families import Entitlement, Families, Guardian, Pupil
from coedu_bot.testing import FakeBot, FakeRoom
from tests.unit.dispatch.test_menus import put

DURAND, BENALI, MARTIN = "@durand:test", "@benali:test", "@martin:test"


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    async with FakeBot.with_plugins("announcements") as bot:
        yield bot


@pytest.fixture
async def room(bot: FakeBot) -> FakeRoom:
    """The direct room of Mme Benali, who is in 6B."""
    people = {DURAND: "Mme Durand", BENALI: "Mme Benali", MARTIN: "Mme Martin"}
    await bot.room("6B", people, {DURAND: 50, MARTIN: 100})
    return await bot.direct(BENALI)


ARABIC = "سأكتب لكم من الآن فصاعدًا بالعربية."


@pytest.mark.parametrize("typed", ["langue ar", "العربية", "language arabe", "!langue Arabic", "dil Arapça"])
async def test_a_word_is_enough(room: FakeRoom, typed: str) -> None:
    await room.say(BENALI, typed)
    assert ARABIC in room.last.body
    await room.say(BENALI, "ping")
    assert room.last.coedu["lang"] == "ar"


async def test_alone_it_brings_the_ten_languages_each_by_its_own_name(room: FakeRoom) -> None:
    await room.say(BENALI, "langue")
    assert list(room.menu.choices) == [
        "Français", "English", "العربية", "Español", "Português",
        "Türkçe", "Українська", "Română", "中文", "Deutsch",
    ]  # fmt: skip
    await room.vote(BENALI, "العربية")
    assert ARABIC in room.last.body
    assert room.polls == []


async def test_a_globe_in_the_direct_room_opens_the_menu(room: FakeRoom) -> None:
    await room.say(BENALI, "ping")
    await room.tap(BENALI, room.last, "🌐")
    await room.say(BENALI, "中文")
    assert room.last.coedu["lang"] == "zh"


async def test_in_a_shared_room_the_answer_is_private_and_the_command_goes(bot: FakeBot) -> None:
    shared = await bot.room("6C", {BENALI: "Mme Benali"})
    typed = await shared.say(BENALI, "!langue ar")
    assert bot.homeserver.rooms[shared.id].event(typed).redacted
    assert shared.last.kind == "sent-privately"
    assert ARABIC in (await bot.direct(BENALI)).last.body


async def test_a_language_that_the_bot_does_not_speak_is_refused_with_those_it_does(room: FakeRoom) -> None:
    await room.say(BENALI, "!langue klingon")
    assert room.last.kind == "error"
    assert "Türkçe" in room.last.body
    await room.say(BENALI, "langue des signes ?")  # without `!` that is a question
    assert room.menu.choices


@pytest.mark.parametrize(("text", "asked"), [("مرحبا، ابني مريض", "بأي لغة"), ("Добрий день", "Якою мовою")])
async def test_who_writes_in_another_script_is_offered_the_menu_once(
    room: FakeRoom, text: str, asked: str
) -> None:
    await room.say(BENALI, text)
    offered = [poll for poll in room.polls if "Français" in poll.choices]
    assert asked in offered[0].body
    await room.vote(BENALI, "Français", offered[0])
    await room.say(BENALI, text)
    assert not [poll for poll in room.polls if "Français" in poll.choices]
    assert [poll for poll in room.polls if "Mme Durand" in poll.choices], "and it is handed on as well"


async def test_latin_script_offers_nothing(room: FakeRoom) -> None:
    await room.say(BENALI, "Hello, my son is ill.")
    assert not [poll for poll in room.polls if "Français" in poll.choices]


async def test_moi_says_who_one_is_and_what_one_may(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(BENALI, "moi")
    assert "Mme Benali" in room.last.body
    assert "6B" in room.last.body
    assert "!langue" in room.last.body
    assert "!annonce" not in room.last.body
    teacher = await bot.direct(DURAND)
    await teacher.say(DURAND, "moi")
    assert "enseignants" in teacher.last.body
    assert "!annonce" in teacher.last.body


async def test_moi_names_a_child_by_first_name_and_initial() -> None:
    pupils = (Pupil("Yanis Benali", "6B", {BENALI: Entitlement.INFORMATION}),)
    families = Families({BENALI: Guardian(BENALI, "Mme Benali", "Benali", BENALI, "en")}, pupils)
    async with FakeBot.with_plugins(families=families) as bot:
        room = await bot.direct(BENALI)
        await room.say(BENALI, "me")
        assert "Yanis B., 6B" in room.last.body
        assert "without voting or signing" in room.last.body


async def test_stop_leaves_in_peace_and_reprendre_comes_back(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(BENALI, "stop")
    assert "reprendre" in room.last.body
    letter = Post(person=BENALI, message=Message("reply", (says("fault", number="1"),)))
    await put(bot, letter)
    assert "reprendre" in room.last.body
    await room.say(BENALI, "ping")
    assert "Je suis là" in room.last.body
    await room.say(BENALI, "reprendre")
    await put(bot, Post(person=BENALI, message=letter.message))
    assert room.last.kind == "reply"
    assert "(1)" in room.last.body


async def test_who_stops_asks_the_school_where_the_bot_may_take_nobody_out(
    bot: FakeBot, room: FakeRoom
) -> None:
    (shared,) = (one for one in bot.homeserver.rooms.values() if MARTIN in one.members())
    levels = {**shared.state["m.room.power_levels", ""].content, "kick": 100}
    await bot.change_state(shared.id, StateEvent("m.room.power_levels", "", levels, MARTIN))
    await room.say(BENALI, "stop")
    await room.say(BENALI, "oui")
    office = await bot.direct(MARTIN)
    assert "Mme Benali demande à quitter les salons" in office.last.body
    assert "6B" in office.last.body
    assert "l’école" in room.last.body
