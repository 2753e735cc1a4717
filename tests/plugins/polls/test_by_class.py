"""Features that are off, or set otherwise, in a class or a room: the nearest word counts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coedu_bot.config import load_config
from coedu_bot.store import rooms as stored_rooms
from coedu_bot.testing import FakeBot, FakeRoom

DURAND, COSTA = "@durand:test", "@costa:test"
CONFIG = """
homeserver: https://matrix.test
user: "@coedu:test"
school: {name: Collège, controller: C, contact: c@e.fr}
plugins: {announcements: {}, reminders: {}, polls: {sensitive: [dopage]}}
classes:
  6B:
    teachers: ["@durand:test"]
    plugins: {polls: off, reminders: {}}
    rooms:
      class: {alias: "#6b:test"}
      project: {alias: "#jardin:test", plugins: {polls: {voice: pupil}}}
  6C:
    teachers: ["@durand:test"]
    plugins: {polls: {voice: person}}
    rooms: {class: {alias: "#6c:test"}}
"""
POLL = "sondage Quel jour ? | lundi | mardi"


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[FakeBot]:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    config = load_config(tmp_path / "config.yaml", env={})
    async with FakeBot.with_plugins("announcements", "reminders", "polls") as bot:
        settings = {name: one for name, one in config.plugins.items() if one is not None}
        bot.registry.settings, bot.registry.nearer = settings, config.nearer
        bot.school = bot.bot.current.school = config.school(bot.registry.capabilities)
        yield bot


async def room(bot: FakeBot, binding: str, name: str = "") -> FakeRoom:
    opened = await bot.room(name or binding, {DURAND: "Mme Durand", COSTA: "M. Costa"}, {DURAND: 50})
    async with bot.database.transaction() as db:
        await stored_rooms.mark_room(db, opened.id, bot.clock.now(), binding=binding)
    return opened


async def settings_of(bot: FakeBot, of: FakeRoom) -> str:
    await of.say(DURAND, "!réglages")
    private = await bot.direct(DURAND)
    return str(private.last.body)


async def test_a_feature_that_is_off_in_a_class_says_so_plainly_wherever_it_is_asked_for(
    bot: FakeBot,
) -> None:
    in_6b = await room(bot, "6B/class", "6e B")
    await in_6b.say(DURAND, f"!{POLL}")
    assert in_6b.last.body == "Cette fonction n’est pas utilisée dans ce salon."
    assert not in_6b.polls
    private = await bot.direct(DURAND)
    await private.say(DURAND, f"{POLL} pour=6B")
    assert private.last.body == "Cette fonction n’est pas utilisée dans 6B."
    await in_6b.say(DURAND, "!aide")
    assert "sondage" not in in_6b.last.body
    assert "annonce" in in_6b.last.body


async def test_settings_come_from_the_nearest_that_has_them_and_show_whose_they_are(bot: FakeBot) -> None:
    in_6b, in_6c = await room(bot, "6B/class", "6e B"), await room(bot, "6C/class", "6e C")
    project = await room(bot, "6B/project", "Jardin")
    shown = await settings_of(bot, in_6b)
    assert "Sans\u00a0: sondage (classe)" in shown
    assert "Fonctions\u00a0: rappel (classe)" in shown
    assert "Fonctions\u00a0: annonce (école)" in shown
    shown = await settings_of(bot, in_6c)
    assert "Réglage\u00a0: polls.voice: person (classe)" in shown
    assert "Réglage\u00a0: polls.sensitive: dopage (école)" in shown
    shown = await settings_of(bot, project)
    assert "Fonctions\u00a0: sondage (salon)" in shown
    assert "Réglage\u00a0: polls.voice: pupil (salon)" in shown
    desk = bot.bot.dispatcher.desk
    async with bot.database.reading() as db:
        found: list[Any] = [await stored_rooms.get_room(db, one.id) for one in (in_6b, in_6c, project)]
    voices = [desk.settings_at("polls", one).model_dump()["voice"] for one in (*found, None)]
    assert voices == [None, "person", "pupil", None]


async def test_a_room_can_have_by_chat_what_its_class_has_not_and_do_without_again(bot: FakeBot) -> None:
    in_6b = await room(bot, "6B/class", "6e B")
    await in_6b.say(DURAND, "!réglages avec=sondage sans=annonce")
    shown = (await bot.direct(DURAND)).last.body
    assert "Fonctions\u00a0: sondage (choisi par message)" in shown
    assert "Sans\u00a0: annonce (choisi par message)" in shown
    await in_6b.say(DURAND, f"!{POLL} voix=personne")
    assert in_6b.polls
    await in_6b.say(DURAND, "!réglages sans=sondage avec=annonce")
    shown = (await bot.direct(DURAND)).last.body
    assert "Fonctions\u00a0: annonce (école)" in shown
    assert "Sans\u00a0: sondage (choisi par message)" in shown


async def test_what_was_planned_before_a_feature_went_off_is_not_said_there(bot: FakeBot) -> None:
    in_6b = await room(bot, "6B/class", "6e B")
    await in_6b.say(DURAND, "!rappel demain à 9 h piscine")
    await in_6b.say(DURAND, "!annonce Sortie.\n\nenvoyer : demain 9h\naccusé : privé")
    class_ = replace(bot.school.classes["6B"], features={"reminders": False, "announcements": False})
    bot.school = replace(bot.school, classes={**bot.school.classes, "6B": class_})
    bot.restart()
    before = len(in_6b.shown)
    await bot.later(days=2)
    assert len(in_6b.shown) == before
    costa = bot.direct_of(COSTA)
    assert costa is None or not costa.shown
    told = (await bot.direct(DURAND)).last.body
    assert told == "Cette fonction n’est pas utilisée dans 6B."
