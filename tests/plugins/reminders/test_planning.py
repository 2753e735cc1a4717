"""What is understood is spelled out; what is not is refused with the reason; nothing is guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coedu_bot.school.calendar import Calendar
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.reminders.conftest import BENALI, COSTA, DURAND, plain


async def test_a_teachers_reminder_is_confirmed_in_full_and_said_in_the_room(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    command = await class_room.say(DURAND, "!rappel vendredi à 17h30 : réunion en salle 12")
    told = class_room.last
    assert plain(told.body).startswith("R1 : vendredi 9 octobre 2026 à 17 h 30, dans 3 jours.")
    assert (told.kind, told.rings, told.answers) == ("reminder.set", False, command)
    assert told.coedu["id"] == "R1"
    await bot.later(days=4)
    said = class_room.last
    assert (said.kind, said.rings) == ("reminder", True)
    assert said.body.splitlines() == ["⏰ Rappel de Mme Durand", "", "réunion en salle 12"]
    assert set(said.reactions) == {"✅", "💤"}
    assert said.content["m.mentions"] == {}
    assert len(class_room.of_kind("reminder")) == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("demain 18h apporter le cahier", "R1 : mercredi 7 octobre 2026 à 18 h, demain."),
        ("dans 2 heures appeler la mairie", "R1 : mardi 6 octobre 2026 à 9 h 40, dans 2 heures."),
        ("dans 20 minutes sortir", "R1 : mardi 6 octobre 2026 à 8 h, dans 20 minutes."),
        (
            "la veille de la sortie (9 octobre) à 18h pique-nique",
            "R1 : jeudi 8 octobre 2026 à 18 h, dans 2 jours.",
        ),
        ("tous les lundis à 8h piscine, prévoir le sac", "R1, dès le lundi 12 octobre 2026 à 8 h."),
        ("un lundi sur deux à 8h bibliothèque", "R1, dès le lundi 12 octobre 2026 à 8 h."),
        ("le 1er de chaque mois à 9h cantine", "R1, dès le dimanche 1er novembre 2026 à 9 h."),
        ("25 octobre 2026 2h30 nuit", "R1"),
    ],
)
async def test_the_examples_of_the_page_are_understood_in_private(
    private: FakeRoom, typed: str, told: str
) -> None:
    await private.say(DURAND, f"rappel {typed}")
    if private.polls:
        await private.vote(DURAND, 1)
    assert plain(private.last.body).startswith(told)
    assert private.last.kind == "reminder.set"


async def test_the_hour_that_comes_twice_is_the_first_and_that_is_said(private: FakeRoom) -> None:
    await private.say(DURAND, "rappel 25 octobre 2026 2h30 nuit")
    await private.vote(DURAND, 1)
    assert "deux fois" in private.last.body


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("hier 18h cahier", "déjà passé"),
        ("lundi 31 février 10h cahier", "n’existe pas"),
        ("le 14 octobre vendredi 17h cahier", "ne vont pas ensemble"),
        ("demain cahier", "Il manque l’heure"),
        ("apporter le cahier", "Je n’ai pas compris la date"),
        ("demain 18h", "Il manque quelque chose"),
    ],
)
async def test_what_cannot_be_is_refused_with_an_example(class_room: FakeRoom, typed: str, why: str) -> None:
    await class_room.say(DURAND, f"!rappel {typed}")
    assert class_room.last.kind == "error"
    assert why in class_room.last.body
    assert "!rappel demain 18h" in class_room.last.body


async def test_in_english_it_answers_in_english(bot: FakeBot, private: FakeRoom) -> None:
    from coedu_bot.store import people

    async with bot.database.transaction() as db:
        await people.mark_setting(db, DURAND, "language", "en")
    await private.say(DURAND, "remind every weekday at 7:45 have you packed?")
    assert plain(private.last.body).startswith("R1, from Tuesday, October 6, 2026 at 07:45.")


async def test_holidays_ahead_are_told_and_skipped(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!rappel tous les lundis à 7 h 30 piscine, prévoir le sac")
    told = plain(class_room.last.body)
    assert told.startswith("R1, dès le lundi 12 octobre 2026 à 7 h 30.")
    assert "Rien lun. 19 oct. et lun. 26 oct. (vacances) ; reprise lun. 2 nov." in told
    await bot.later(days=28)
    assert len(class_room.of_kind("reminder")) == 2


async def test_with_holidays_yes_it_is_said_in_the_holidays_too(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!rappel tous les lundis à 8h piscine\n\nvacances : oui")
    assert "vacances" not in class_room.last.body
    await bot.later(days=28)
    assert len(class_room.of_kind("reminder")) == 4


async def test_ones_own_reminders_know_no_holidays(bot: FakeBot, private: FakeRoom) -> None:
    await private.say(DURAND, "rappel tous les lundis à 8h arroser")
    await bot.later(days=28)
    assert len(private.of_kind("reminder")) == 4


async def test_weeks_a_are_counted_from_the_schools_calendar(bot: FakeBot, private: FakeRoom) -> None:
    await private.say(DURAND, "rappel tous les lundis semaine B à 8h bibliothèque")
    assert plain(private.last.body).startswith("R1, dès le lundi 19 octobre 2026 à 8 h.")
    bot.school = replace(bot.school, calendar=Calendar())
    bot.restart()
    await private.say(DURAND, "rappel tous les lundis semaine A à 8h bibliothèque")
    assert "quelles semaines" in private.last.body


async def test_a_parent_reminds_only_themselves(bot: FakeBot, class_room: FakeRoom, parent: FakeRoom) -> None:
    await class_room.say(BENALI, "!rappel demain 18h cahier")
    assert class_room.last.kind == "error"
    assert "en privé" in class_room.last.body
    await parent.say(BENALI, "rappel demain 18h cahier")
    await bot.later(days=2)
    assert parent.last.kind == "reminder"
    assert parent.last.body.splitlines() == ["⏰ Rappel", "", "cahier"]
    assert not class_room.of_kind("reminder")


async def test_from_private_a_room_is_named(bot: FakeBot, class_room: FakeRoom, private: FakeRoom) -> None:
    await private.say(DURAND, "rappel demain 18h cahier pour=6B")
    assert "Dans 6B." in plain(private.last.body)
    await bot.later(days=2)
    assert class_room.last.kind == "reminder"


async def test_a_parent_cannot_name_a_room(class_room: FakeRoom, parent: FakeRoom) -> None:
    await parent.say(BENALI, "rappel demain 18h cahier pour=6B")
    assert parent.last.kind == "error"
    assert "enseignants" in parent.last.body


@pytest.mark.parametrize("powerful", [True, False])
async def test_the_whole_room_is_called_only_by_who_may(bot: FakeBot, powerful: bool) -> None:
    room = await bot.room("4A", {DURAND: "Mme Durand"}, {DURAND: 50})
    await room.say(DURAND, "!rappel demain 18h @room réunion")
    if not powerful:
        await lose_power(bot, room)
    await bot.later(days=2)
    said = room.last
    assert said.kind == "reminder"
    assert said.content["m.mentions"] == ({"room": True} if powerful else {})
    assert ("@room" in said.body) is powerful


async def lose_power(bot: FakeBot, room: FakeRoom) -> None:
    """Between the making and the saying."""
    from coedu_bot.events import StateEvent

    levels = {"users": {"@coedu:test": 50, DURAND: 0}, "users_default": 0}
    await bot.change_state(room.id, StateEvent("m.room.power_levels", "", levels, "@admin:test"))


async def test_the_list_shows_what_one_may_see_next_first(
    class_room: FakeRoom, private: FakeRoom, parent: FakeRoom
) -> None:
    await private.say(DURAND, "rappel jeudi 17h le mien")
    await class_room.say(DURAND, "!rappel mercredi 17h celui de la classe")
    await class_room.say(DURAND, "!rappel tous les lundis à 8h piscine")
    await parent.say(BENALI, "rappels")
    assert (parent.last.kind, parent.last.rings) == ("reminder.list", False)
    assert plain(parent.last.body).splitlines()[2:] == [
        "- R2 · mer. 7 oct. à 17 h : celui de la classe (6B)",
        "- R3 · 🔁 lun. 12 oct. à 8 h : piscine (6B)",
    ]
    await private.say(DURAND, "rappels")
    assert [line.split(" ")[1] for line in private.last.body.splitlines()[2:]] == ["R2", "R1", "R3"]
    await class_room.say(COSTA, "!rappels")
    assert "le mien" not in class_room.last.body
    assert "R2" in class_room.last.body


async def test_nothing_to_come_is_said(private: FakeRoom) -> None:
    await private.say(DURAND, "rappels")
    assert private.last.body == "Aucun rappel à venir."
