"""`mes données` and `rgpd`: everybody reads what is kept of them, why, how long, and who answers for it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from coedu_bot.school.keeping import Keeping
from coedu_bot.store import people
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements import a_school
from tests.plugins.announcements.a_school import COSTA, DURAND, FATHER, MOTHER


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    more = {"controller": "La principale", "contact": "dpo@ecole.test"}
    keeping = Keeping(messages=timedelta(days=60), items=timedelta(days=300))
    async with FakeBot.with_plugins("announcements", keeping=keeping, **a_school.school(**more)) as bot:
        yield bot


@pytest.fixture
async def room(bot: FakeBot) -> FakeRoom:
    return (await a_school.open_rooms(bot))["6B"]


def file_of(bot: FakeBot, room: FakeRoom) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(bot.homeserver.files[room.last.content["url"]])
    return content


async def test_a_file_comes_at_once_with_what_is_kept(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, "!annonce Piscine lundi.")
    await room.tap(FATHER, room.last)
    father = await bot.direct(FATHER)
    await father.say(FATHER, "mes données")
    found = file_of(bot, father)
    assert found["person"] == FATHER
    assert found["contact"] == "dpo@ecole.test"
    assert [row["reader"] for row in found["data"]["announcements_reading"]] == [FATHER]
    assert "vos lectures, réponses et rappels\u00a0: 1" in father.last.body


async def test_it_holds_nothing_of_the_other_parent(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, "!annonce Piscine lundi.")
    for parent in (FATHER, MOTHER, COSTA):
        await room.tap(parent, room.last)
    father = await bot.direct(FATHER)
    await father.say(FATHER, "mes données")
    text = json.dumps(file_of(bot, father), ensure_ascii=False)
    assert MOTHER not in text
    assert COSTA not in text


@pytest.mark.parametrize(
    "typed", ["mes données", "Mes donnees", "!mes-données", "my data", "我的数据", "بياناتي"]
)
async def test_it_is_asked_for_in_every_language(bot: FakeBot, room: FakeRoom, typed: str) -> None:
    father = await bot.direct(FATHER)
    await father.say(FATHER, typed)
    assert file_of(bot, father)["person"] == FATHER


async def test_a_sentence_that_begins_alike_is_a_sentence(bot: FakeBot, room: FakeRoom) -> None:
    father = await bot.direct(FATHER)
    await father.say(FATHER, "Mes données bancaires ont changé, que faire ?")
    assert not [one for one in father.shown if "url" in one.content]
    assert father.menu.choices


async def test_typed_in_a_room_the_answer_is_private(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(FATHER, "!mes données")
    assert room.last.kind == "sent-privately"
    father = bot.direct_of(FATHER)
    assert father is not None
    assert file_of(bot, father)["person"] == FATHER


async def test_a_kill_before_it_is_sent_loses_nothing_and_doubles_nothing(
    bot: FakeBot, room: FakeRoom
) -> None:
    father = await bot.direct(FATHER)
    bot.homeserver.failures.extend([OSError("killed")])
    with pytest.raises(OSError, match="killed"):
        await father.say(FATHER, "mes données")
    bot.restart()
    await bot.later(minutes=1)
    assert len([one for one in father.shown if "url" in one.content]) == 1


async def test_who_wrote_stop_still_gets_it(bot: FakeBot, room: FakeRoom) -> None:
    father = await bot.direct(FATHER)
    await father.say(FATHER, "stop")
    await father.say(FATHER, "mes données")
    assert file_of(bot, father)["data"]["person_setting"]


async def test_rgpd_says_who_answers_and_how_long_the_configuration_keeps_things(
    bot: FakeBot, room: FakeRoom
) -> None:
    father = await bot.direct(FATHER)
    await father.say(FATHER, "rgpd")
    said = father.last.body
    for part in (
        "La principale",
        "dpo@ecole.test",
        "60\u00a0jours",
        "90\u00a0jours",
        "300\u00a0jours",
        "CNIL",
    ):
        assert part in said
    bot.bot.current.school = replace(bot.school, keeping=Keeping(messages=timedelta(days=7)))
    await father.say(FATHER, "rgpd")
    assert "7\u00a0jours" in father.last.body


async def test_it_is_read_in_ones_own_language(bot: FakeBot, room: FakeRoom) -> None:
    father = await bot.direct(FATHER)
    async with bot.database.transaction() as db:
        await people.mark_setting(db, FATHER, "language", "de")
    await father.say(FATHER, "datenschutz")
    assert "60 Tagen" in father.last.body
    assert "meine daten" in father.last.body
