"""A bare `!rappel`: what, for whom and when are asked for in private, one at a time."""

from __future__ import annotations

import pytest

from coedu_bot.demo.client import plain
from coedu_bot.language.languages import LANGUAGES
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.reminders.conftest import BENALI, DURAND


async def test_a_teacher_says_what_to_whom_and_when(bot: FakeBot, class_room: FakeRoom) -> None:
    private = await bot.direct(DURAND)
    await private.say(DURAND, "rappel")
    assert "Que faut-il rappeler" in plain(private.last.body)
    await private.say(DURAND, "piscine, prévoir le sac")
    assert list(private.menu.choices) == ["6B", "À moi seulement"]
    await private.vote(DURAND, "6B")
    assert list(private.menu.choices)[-1] == "demain à 18\u00a0h"
    await private.say(DURAND, "tous les lundis à 7h30")
    assert "R1, dès le lundi 12 octobre 2026 à 7 h 30." in plain(private.last.body)
    await bot.later(days=6)
    assert "piscine, prévoir le sac" in class_room.of_kind("reminder")[-1].body


async def test_a_parent_is_asked_only_what_and_when(bot: FakeBot, class_room: FakeRoom) -> None:
    private = await bot.direct(BENALI)
    await private.say(BENALI, "rappel")
    await private.say(BENALI, "signer le mot")
    await private.vote(BENALI, "demain à 18\u00a0h")
    assert "R1 : mercredi 7 octobre 2026 à 18 h, demain." in plain(private.last.body)


async def test_a_teacher_may_mean_herself(bot: FakeBot, class_room: FakeRoom) -> None:
    private = await bot.direct(DURAND)
    for said in ("rappel", "appeler la mairie", "à moi seulement", "dans 2 heures"):
        await private.say(DURAND, said)
    await bot.later(hours=2, minutes=1)
    assert "appeler la mairie" in private.of_kind("reminder")[-1].body
    assert not class_room.of_kind("reminder")


async def test_in_the_class_room_it_is_for_the_class(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!rappel")
    private = await bot.direct(DURAND)
    await private.say(DURAND, "cahier de liaison")
    await private.say(DURAND, "demain 18h")
    await bot.later(days=1, hours=11)
    assert "cahier de liaison" in class_room.of_kind("reminder")[-1].body


async def test_a_parent_may_not_begin_one_in_the_class_room(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(BENALI, "!rappel")
    assert class_room.last.kind == "error"
    assert "réservé" in class_room.last.body
    assert bot.direct_of(BENALI) is None


async def test_a_date_that_is_not_one_is_refused_at_once_and_asked_again(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    private = await bot.direct(BENALI)
    await private.say(BENALI, "rappel")
    await private.say(BENALI, "signer le mot")
    await private.say(BENALI, "31 février 18h")
    assert private.last.kind == "error"
    await private.say(BENALI, "demain 18h")
    assert "R1 : mercredi 7 octobre" in plain(private.last.body)


async def test_it_survives_a_restart_and_annuler_leaves_it(bot: FakeBot, class_room: FakeRoom) -> None:
    private = await bot.direct(BENALI)
    await private.say(BENALI, "rappel")
    bot.restart()
    await private.say(BENALI, "signer le mot")
    bot.restart()
    assert list(private.menu.choices)[-1] == "demain à 18\u00a0h"
    await private.say(BENALI, "annuler")
    assert private.polls == []
    await private.say(BENALI, "rappels")
    assert "R1" not in private.last.body


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_language_is_asked_in_its_own_words(
    bot: FakeBot, class_room: FakeRoom, language: str
) -> None:
    private = await bot.direct(BENALI)
    await private.say(BENALI, f"langue {language}")
    catalog = bot.bot.dispatcher.desk.vocabulary.catalog
    word = catalog.get("command-remind", language).split(",")[0]
    await private.say(BENALI, f"!{word}")
    assert plain(catalog.get("ask-remind-text", language)) in plain(private.last.body)
    await private.say(BENALI, "6B")
    await private.vote(BENALI, list(private.menu.choices)[-1])
    assert private.last.kind == "reminder.set"
    assert "R1" in private.last.body
