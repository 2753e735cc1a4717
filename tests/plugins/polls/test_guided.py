"""A bare `!sondage`: asked for in private, one thing at a time, and as good as the one-line form."""

from __future__ import annotations

import pytest

from coedu_bot.demo.client import plain
from coedu_bot.language.languages import LANGUAGES
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.polls.conftest import COSTA, DURAND

START = "org.matrix.msc3381.poll.start"


def answers(room: FakeRoom) -> list[str]:
    return [one["org.matrix.msc1767.text"] for one in room.polls[0].content[START]["answers"]]


async def test_typed_in_the_class_room_it_asks_question_answers_and_end(bot: FakeBot, room: FakeRoom) -> None:
    typed = await room.say(DURAND, "!sondage")
    assert room.last.kind == "sent-privately"
    assert bot.homeserver.rooms[room.id].event(typed).redacted
    private = await bot.direct(DURAND)
    assert "Quelle question" in private.last.body
    await private.say(DURAND, "Quel jour pour la sortie ?")
    assert "Quelles réponses" in private.last.body
    await private.say(DURAND, "lundi")
    assert "au moins 2" in plain(private.last.body)
    await private.say(DURAND, "lundi\nmardi\njeudi")
    assert list(private.menu.choices) == [
        "aujourd’hui à 18\u00a0h",
        "demain à 7\u00a0h\u00a030",
        "demain à 18\u00a0h",
        "Sans date de fin",
    ]
    await private.vote(DURAND, "demain à 18\u00a0h")
    assert room.polls[0].content[START]["question"]["body"] == "Quel jour pour la sortie ?"
    assert answers(room) == ["lundi", "mardi", "jeudi"]
    assert "Fin : mer. 7 oct. à 18 h" in plain(room.of_kind("poll")[-1].body)


async def test_in_private_it_also_asks_for_the_room_and_the_end_may_be_typed_or_passed_over(
    bot: FakeBot, room: FakeRoom
) -> None:
    await bot.room("6C", {DURAND: "Mme Durand"}, {DURAND: 50})
    private = await bot.direct(DURAND)
    await private.say(DURAND, "sondage")
    for said in ("Gâteau ?", "oui, non", "6B", "samedi 12h"):
        await private.say(DURAND, said)
    assert "Fin : sam. 10 oct. à 12 h" in plain(room.of_kind("poll")[-1].body)
    await private.say(DURAND, "sondage")
    for said in ("Encore ?", "oui, non", "6B", "passer"):
        await private.say(DURAND, said)
    assert len(room.polls) == 2
    assert "Fin" not in room.of_kind("poll")[-1].body


async def test_answers_that_came_with_the_question_are_not_asked_for_again(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, "!sondage")
    private = await bot.direct(DURAND)
    await private.say(DURAND, "Quel jour ? | lundi | mardi")
    await private.say(DURAND, "passer")
    assert answers(room) == ["lundi", "mardi"]


async def test_only_the_room_is_asked_for_where_all_else_was_said(bot: FakeBot, room: FakeRoom) -> None:
    await bot.room("6C", {DURAND: "Mme Durand"}, {DURAND: 50})
    private = await bot.direct(DURAND)
    await private.say(DURAND, "sondage Quel jour ? | lundi | mardi")
    assert list(private.menu.choices) == ["6B", "6C"]
    await private.vote(DURAND, "6B")
    assert answers(room) == ["lundi", "mardi"]


async def test_it_survives_a_restart_and_annuler_leaves_it(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, "!sondage")
    private = await bot.direct(DURAND)
    bot.restart()
    await private.say(DURAND, "Quel jour ?")
    bot.restart()
    await private.say(DURAND, "lundi, mardi")
    await private.say(DURAND, "annuler")
    assert "Rien n’est parti" in plain(private.last.body)
    assert not room.polls


async def test_a_parent_is_not_asked_at_all(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(COSTA, "!sondage")
    assert room.last.kind == "error"
    assert bot.direct_of(COSTA) is None


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_language_is_asked_in_its_own_words(bot: FakeBot, room: FakeRoom, language: str) -> None:
    private = await bot.direct(DURAND)
    await private.say(DURAND, f"langue {language}")
    catalog = bot.bot.dispatcher.desk.vocabulary.catalog
    word = catalog.get("command-poll", language).split(",")[0]
    await private.say(DURAND, f"!{word}")
    await private.say(DURAND, "6B?")
    assert plain(private.last.body) == plain(catalog.get("ask-poll-answers", language))
    await private.say(DURAND, "A\nB")
    await private.say(DURAND, "6B")
    await private.vote(DURAND, list(private.menu.choices)[-1])
    assert answers(room) == ["A", "B"]
