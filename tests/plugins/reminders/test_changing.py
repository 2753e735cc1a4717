"""The command is the handle: edits move, redactions cancel; so do words and replies of who may."""

from __future__ import annotations

from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.reminders.conftest import BENALI, DURAND, plain

LEROY = "@leroy:test"


async def test_an_edit_moves_it_and_corrects_the_confirmation(bot: FakeBot, class_room: FakeRoom) -> None:
    command = await class_room.say(DURAND, "!rappel demain 12h cahier")
    await class_room.edit(DURAND, command, "!rappel demain 15h cahier et trousse")
    assert len(class_room.shown) == 1
    assert plain(class_room.last.body).startswith("R1 : mercredi 7 octobre 2026 à 15 h, demain.")
    assert class_room.last.coedu["v"] == 2
    await bot.later(days=2)
    assert len(class_room.of_kind("reminder")) == 1
    assert "cahier et trousse" in class_room.last.body


async def test_a_slip_corrected_the_day_after_does_not_move_tomorrow(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    command = await class_room.say(DURAND, "!rappel demain 12h caheir")
    await bot.later(hours=20)
    await class_room.edit(DURAND, command, "!rappel demain 12h cahier")
    await bot.later(hours=12)
    assert len(class_room.of_kind("reminder")) == 1
    await class_room.edit(DURAND, command, "!rappel demain 12h le cahier")
    await bot.later(days=3)
    assert len(class_room.of_kind("reminder")) == 1
    assert "le cahier" in class_room.last.body


async def test_redacting_the_command_cancels_and_tells_who_listened(
    bot: FakeBot, class_room: FakeRoom, parent: FakeRoom
) -> None:
    command = await class_room.say(DURAND, "!rappel tous les jours à 12h boire")
    await class_room.tap(BENALI, class_room.last, "👍")
    await class_room.redact(DURAND, command)
    assert not class_room.shown
    assert parent.last.body == "R1 est annulé."
    await bot.later(days=3)
    assert not class_room.shown


async def test_cancelled_by_its_id_even_while_it_is_snoozed(bot: FakeBot, private: FakeRoom) -> None:
    await private.say(DURAND, "rappel tous les jours à 12h boire")
    await bot.later(hours=5)
    await private.tap(DURAND, private.last, "💤")
    await private.say(DURAND, "annuler r1")
    assert private.last.body == "R1 est annulé."
    await bot.later(days=3)
    assert len(private.of_kind("reminder")) == 1
    await private.say(DURAND, "annuler R1")
    assert private.last.kind == "error"


async def test_modified_by_its_id(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!rappel demain 12h cahier")
    await class_room.say(DURAND, "!modifier R1 jeudi 13h")
    assert plain(class_room.last.body).startswith("R1 : jeudi 8 octobre 2026 à 13 h, dans 2 jours.")
    await class_room.say(DURAND, "!modifier R1 la trousse")
    assert class_room.last.body == "R1 est changé."
    await bot.later(days=3)
    assert len(class_room.of_kind("reminder")) == 1
    assert "la trousse" in class_room.last.body


async def test_a_reply_with_a_date_moves_it(bot: FakeBot, private: FakeRoom) -> None:
    await private.say(DURAND, "rappel aujourd'hui 12h cahier")
    await bot.later(hours=5)
    said = private.last
    await private.say(DURAND, "demain 15h", reply_to=said.event_id)
    assert plain(private.last.body).startswith("R1 : mercredi 7 octobre 2026 à 15 h, demain.")
    await bot.later(days=2)
    assert len(private.of_kind("reminder")) == 2


async def test_a_reply_to_what_comes_again_adds_one_time(bot: FakeBot, private: FakeRoom) -> None:
    await private.say(DURAND, "rappel tous les lundis à 12h boire")
    await bot.later(days=6, hours=5)
    assert len(private.of_kind("reminder")) == 1
    await private.say(DURAND, "mardi 15h", reply_to=private.last.event_id)
    assert "redit mar. 13 oct. à 15 h" in plain(private.last.body)
    await bot.later(days=8)
    assert len(private.of_kind("reminder")) == 3


async def test_a_reply_cancels_and_another_word_is_explained(bot: FakeBot, private: FakeRoom) -> None:
    await private.say(DURAND, "rappel demain 12h cahier")
    confirmation = private.last
    await private.say(DURAND, "merci", reply_to=confirmation.event_id)
    assert "Répondez par une date" in private.last.body
    await private.say(DURAND, "Annuler !", reply_to=confirmation.event_id)
    assert private.last.body == "R1 est annulé."
    await bot.later(days=2)
    assert not private.of_kind("reminder")


async def test_people_talk_under_a_rooms_reminder_without_moving_it(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, "!rappel aujourd'hui 12h cahier")
    await bot.later(hours=5)
    said = class_room.last
    for who, text in ((BENALI, "demain 15h"), (BENALI, "annuler"), (DURAND, "demain 15h ça ira aussi")):
        await class_room.say(who, text, reply_to=said.event_id)
    assert class_room.last.event_id == said.event_id
    await bot.later(days=2)
    assert len(class_room.of_kind("reminder")) == 1


async def test_a_colleague_may_change_a_rooms_reminder_a_parent_may_not(bot: FakeBot) -> None:
    people = {DURAND: "Mme Durand", LEROY: "M. Leroy", BENALI: "Mme Benali"}
    room = await bot.room("4A", people, {DURAND: 50, LEROY: 50})
    await room.say(DURAND, "!rappel demain 12h cahier")
    await room.say(BENALI, "!annuler R1")
    assert room.last.kind == "error"
    await room.say(LEROY, "!annuler R1")
    assert room.last.body == "R1 est annulé."


async def test_anothers_private_reminder_is_not_even_known(private: FakeRoom, parent: FakeRoom) -> None:
    await private.say(DURAND, "rappel demain 12h secret")
    await parent.say(BENALI, "annuler R1")
    assert parent.last.body == "Je ne trouve pas R1."
    await parent.say(BENALI, "modifier R1 demain 14h")
    assert parent.last.body == "Je ne trouve pas R1."
