"""Private text never meets silence: it is handed on, answers come back, and only guardian and staff meet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
from sqlalchemy import select

from coedu_bot.api import Role
from coedu_bot.events import MediaFile
from coedu_bot.language.words import fold
from coedu_bot.school.class_ import SchoolClass
from coedu_bot.school.families import Entitlement, Families, Guardian, Pupil
from coedu_bot.school.person import Person
from coedu_bot.store import menus
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.polls.test_native import plain

DURAND, MARTIN, LEROY = "@durand:test", "@martin:test", "@leroy:test"
BENALI, COSTA, MOREL = "@benali:test", "@costa:test", "@morel:test"
FULL, NONE = Entitlement.FULL, Entitlement.NONE


def families() -> Families:
    people = {BENALI: ("Mme Benali", "Benali"), COSTA: ("M. Costa", "Costa"), MOREL: ("M. Morel", "Morel")}
    guardians = {id_: Guardian(id_, name, home, id_) for id_, (name, home) in people.items()}
    pupils = (
        Pupil("Yanis Benali", "6B", {BENALI: FULL}),
        Pupil("Lina Costa", "6B", {COSTA: FULL, MOREL: NONE}),
    )
    return Families(guardians, pupils)


PEOPLE = {
    MARTIN: Person(MARTIN, "Mme Martin", None, frozenset({Role.COORDINATOR})),
    DURAND: Person(DURAND, "Mme Durand", None, frozenset()),
    LEROY: Person(LEROY, "M. Leroy", None, frozenset()),
}
CLASSES = {
    "6B": SchoolClass("6B", "6e B", frozenset({DURAND})),
    "6C": SchoolClass("6C", "6e C", frozenset({LEROY})),
}


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    async with FakeBot.with_plugins(
        "announcements", people=PEOPLE, classes=CLASSES, families=families()
    ) as bot:
        yield bot


def said(room: FakeRoom) -> str:
    return fold(room.last.body)


async def written(bot: FakeBot, text: str = "Yanis est malade.") -> FakeRoom:
    """Mme Benali has written that, privately, to Mme Durand."""
    room = await bot.direct(BENALI)
    await room.say(BENALI, text)
    await room.vote(BENALI, "Mme Durand")
    return room


async def test_whom_it_is_for_is_asked_with_the_teachers_and_the_school(bot: FakeBot) -> None:
    room = await bot.direct(BENALI)
    await room.say(BENALI, "Yanis est malade.")
    assert "a qui dois-je transmettre" in fold(room.menu.body)
    assert list(room.menu.choices) == ["Mme Durand", "L’école"]


async def test_the_teacher_reads_who_wrote_and_the_original(bot: FakeBot) -> None:
    room = await written(bot)
    teacher = await bot.direct(DURAND)
    assert teacher.last.kind == "relay"
    assert teacher.last.rings
    assert "mme benali (yanis b., 6b) vous ecrit" in said(teacher)
    assert "Yanis est malade." in teacher.last.body
    assert "transmis a mme durand" in said(room)
    assert not room.last.rings


async def test_the_answer_comes_back_as_a_reply_or_as_plain_text(bot: FakeBot) -> None:
    room = await written(bot)
    teacher = await bot.direct(DURAND)
    await teacher.say(DURAND, "Bon rétablissement !", reply_to=teacher.last.event_id)
    assert room.last.kind == "relay"
    assert "Bon rétablissement" in room.last.body
    assert "Mme Durand vous écrit" in room.last.body
    await room.say(BENALI, "Merci beaucoup")
    assert "Merci beaucoup" in teacher.last.body
    assert teacher.polls == []


async def test_with_two_conversations_open_plain_text_is_asked_about(bot: FakeBot) -> None:
    await written(bot)
    await bot.later(minutes=1)
    other = await bot.direct(COSTA)
    await other.say(COSTA, "Lina aussi.")
    await other.vote(COSTA, "Mme Durand")
    teacher = await bot.direct(DURAND)
    await teacher.say(DURAND, "Bon rétablissement !")
    assert list(teacher.menu.choices)[:2] == ["M. Costa (Lina C., 6B)", "Mme Benali (Yanis B., 6B)"]
    await teacher.vote(DURAND, 1)
    assert "Bon rétablissement" in other.last.body
    assert (await bot.direct(BENALI)).of_kind("relay")[-1].body.startswith("Transmis")


async def test_an_old_conversation_is_not_taken_for_the_open_one(bot: FakeBot) -> None:
    room = await written(bot)
    await bot.later(hours=25)
    await room.say(BENALI, "Bonjour, une question")
    assert len(room.polls) == 1


async def test_all_that_was_written_before_the_choice_is_handed_on(bot: FakeBot) -> None:
    room = await bot.direct(BENALI)
    await room.say(BENALI, "Bonjour,")
    await room.say(BENALI, "Yanis est malade.")
    assert len(room.polls) == 1
    await room.vote(BENALI, "L’école")
    office = await bot.direct(MARTIN)
    texts = [message.body for message in office.of_kind("relay")]
    assert len(texts) == 2
    assert "Bonjour" in texts[0]
    assert "malade" in texts[1]
    assert "transmis a l'ecole" in said(room)


async def test_a_photo_is_handed_on_too(bot: FakeBot) -> None:
    room = await bot.direct(BENALI)
    await room.share(BENALI, MediaFile("mxc://x/1", "mot.jpg", "image/jpeg", 9, "m.image"))
    await room.vote(BENALI, 1)
    teacher = await bot.direct(DURAND)
    assert teacher.last.content["msgtype"] == "m.image"
    assert teacher.last.content["url"] == "mxc://x/1"


async def test_what_looks_like_a_command_but_is_none_is_handed_on(bot: FakeBot) -> None:
    room = await bot.direct(BENALI)
    for text in ("Annuler la sortie ?", "Message pour Mme Durand : merci", "Aide aux devoirs demain ?"):
        await room.say(BENALI, text)
    await room.vote(BENALI, 1)
    teacher = await bot.direct(DURAND)
    assert len(teacher.of_kind("relay")) == 3


async def test_an_edit_and_a_redaction_follow_the_original(bot: FakeBot) -> None:
    room = await bot.direct(BENALI)
    written = await room.say(BENALI, "Yanis est malade.")
    await room.vote(BENALI, 1)
    await room.edit(BENALI, written, "Yanis est guéri.")
    teacher = await bot.direct(DURAND)
    assert "guéri" in teacher.last.body
    await room.redact(BENALI, written)
    assert teacher.of_kind("relay") == []


async def test_a_substitute_reads_what_is_written_to_the_teacher(bot: FakeBot) -> None:
    until = date(2026, 11, 20)
    people = {**PEOPLE, LEROY: Person(LEROY, "M. Leroy", None, frozenset(), DURAND, until)}
    async with FakeBot.with_plugins(people=people, classes=CLASSES, families=families()) as bot:
        room = await bot.direct(BENALI)
        await room.say(BENALI, "Yanis est malade.")
        assert list(room.menu.choices) == ["M. Leroy", "L’école"]
        told = "M. Leroy remplace Mme Durand jusqu’au vendredi 20 novembre 2026."
        assert told in plain(room.menu.body)
        await room.vote(BENALI, 1)
        assert "malade" in (await bot.direct(LEROY)).last.body
        assert told in plain(room.last.body)


async def test_nobody_writes_to_another_family(bot: FakeBot) -> None:
    room = await bot.direct(BENALI)
    await room.say(BENALI, "Bonjour")
    assert not [label for label in room.menu.choices if "Costa" in label]
    async with bot.database.transaction() as db:
        (menu,) = await menus.list_open_menus(db, BENALI)
        assert COSTA not in dict(menu.choices)


async def test_who_may_no_longer_be_told_meets_silence(bot: FakeBot) -> None:
    room = await bot.direct(MOREL)
    before = len(bot.homeserver.rooms[room.id].timeline)
    await room.say(MOREL, "Bonjour")
    assert len(bot.homeserver.rooms[room.id].timeline) == before + 1


async def test_what_was_written_is_not_kept_once_it_is_handed_on(bot: FakeBot) -> None:
    room = await written(bot)
    async with bot.database.reading() as db:
        assert [row.payload for row in await db.all(select(menus.menu))] == [None]
    assert room.polls == []


async def test_where_roles_come_from_power_the_rooms_teacher_is_offered() -> None:
    async with FakeBot.with_plugins() as bot:
        await bot.room("6B", {DURAND: "Mme Durand", BENALI: "Mme Benali", COSTA: "M. Costa"}, {DURAND: 50})
        room = await bot.direct(BENALI)
        await room.say(BENALI, "Yanis est malade.")
        assert list(room.menu.choices) == ["Mme Durand"]
        await room.vote(BENALI, 1)
        teacher = await bot.direct(DURAND)
        assert "Mme Benali" in teacher.last.body
        await teacher.say(DURAND, "Merci", reply_to=teacher.last.event_id)
        assert "Merci" in room.last.body
