"""Date polls: opened with dates only, answered privately, counted in the room, changed and called off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coedu_bot.app import load_catalog, load_registry
from coedu_bot.language.languages import LANGUAGES
from coedu_bot.school.class_ import SchoolClass
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.polls.conftest import (
    COSTA,
    COSTA_TOO,
    DURAND,
    FATHER,
    INFORMED,
    MOTHER,
    PEOPLE,
    SCHOOL,
    open_class_room,
)
from tests.plugins.polls.test_native import body, plain

ASKED = "!dates Réunion de rentrée | jeudi 18h | vendredi 17h30 | samedi 10h"


def counts(room: FakeRoom) -> list[str]:
    """What the room shows of each date: yes, if need be, no."""
    lines = plain(room.of_kind("poll")[0].body).splitlines()
    shown = [line.partition(" : ✅ ")[2] for line in lines if " : ✅ " in line]
    return ["".join(part for part in one if part.isdigit()) for one in shown]


async def test_the_room_reads_the_dates_spelled_out_and_that_answers_are_private(room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    assert not room.polls
    shown = room.of_kind("poll")[0]
    assert shown.rings
    assert shown.coedu["id"] == "D1"
    text = plain(shown.body)
    assert "Réunion de rentrée" in text
    assert "1 jeu. 8 oct. à 18 h : ✅ 0 · 🤷 0 · ❌ 0" in text
    assert "3 sam. 10 oct. à 10 h" in text
    assert "Répondez-moi en privé, par exemple !voter D1 1 oui 2 peut-être" in text


async def test_days_hours_and_several_days_are_dates_too(room: FakeRoom) -> None:
    await room.say(DURAND, "!dates Sortie\n- jeudi 16h30-18h\n- samedi\n- 12-16 octobre\nfin : mercredi 20h")
    text = plain(room.of_kind("poll")[0].body)
    assert "1 jeu. 8 oct. à 16 h 30, jusqu’à 18 h" in text
    assert "2 sam. 10 oct. :" in text
    assert "3 du lun. 12 oct. au ven. 16 oct." in text
    assert "Fin : mer. 7 oct. à 20 h" in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("!dates Réunion | jeudi 18h | bof", "La date 2, « bof », ne va pas."),
        ("!dates Réunion | hier 8h | jeudi 18h", "c’est déjà passé"),
        ("!dates Réunion | 31 février | jeudi 18h", "n’existe pas au calendrier"),
        ("!dates Réunion | jeudi 18h | tous les lundis à 8h", "La date 2, « tous les lundis à 8h »"),
        ("!dates Réunion | jeudi 16h-18h toutes les 10 minutes | samedi", "en contient plusieurs"),
        ("!dates Réunion | jeudi 18h | 8 octobre 18h", "sont la même date"),
        ("!dates Réunion | jeudi 18h", "au moins deux dates"),
        ("!dates | jeudi 18h | vendredi 18h", "De quoi s’agit-il"),
        ("!dates Q | " + " | ".join(f"{n} novembre" for n in range(1, 22)), "il y en a 21"),
        (ASKED + " rappel=oui", "veille de la fin"),
        (ASKED + " fin=dimanche", "vient après la dernière date"),
        (ASKED + " voix=foyer", "ne sont pas connues"),
        (ASKED + " voie=foyer", "Vouliez-vous dire"),
    ],
)
async def test_what_is_wrong_is_named_with_an_example_that_works_and_changes_nothing(
    bot: FakeBot, room: FakeRoom, typed: str, said: str
) -> None:
    await room.say(DURAND, typed)
    assert room.last.kind == "error"
    assert said in await body(room)
    assert not room.of_kind("poll")
    assert bot.direct_of(COSTA) is None
    example = (await body(room)).rpartition("Par exemple : ")[2].replace(" pour=6B", "")
    await room.say(DURAND, example)
    assert room.of_kind("poll")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_example_of_every_language_opens_a_date_poll(
    bot: FakeBot, room: FakeRoom, language: str
) -> None:
    catalog = load_catalog(load_registry({"polls": None})[0])
    await room.say(DURAND, "!" + catalog.get("example-dates", language))
    await room.say(DURAND, "!" + catalog.get("example-dates-more", language))
    assert len(room.of_kind("poll")) == 2, await body(room)


async def test_every_language_of_the_room_reads_dates_its_own_way() -> None:
    class_ = replace(SchoolClass("6B", "6e B", teachers=frozenset({DURAND})), languages=("fr", "ar", "en"))
    async with FakeBot.with_plugins("polls", **{**SCHOOL, "classes": {"6B": class_}}) as bot:
        room = await open_class_room(bot)
        await room.say(DURAND, ASKED)
        text = plain(room.of_kind("poll")[0].body)
        assert "jeu. 8 oct. à 18 h" in text
        assert "Thu, Oct 8" in text
        assert "الخميس" in text


async def test_a_parent_may_not_open_one(room: FakeRoom) -> None:
    await room.say(COSTA, ASKED)
    assert room.last.kind == "error"
    assert not room.of_kind("poll")


async def test_in_private_it_goes_to_the_room_that_is_named(bot: FakeBot, room: FakeRoom) -> None:
    private = await bot.direct(DURAND)
    await private.say(DURAND, "dates Réunion | jeudi 18h | samedi 10h pour=6B")
    assert room.of_kind("poll")
    assert "D1 ouvert : 6B" in plain("\n".join(one.body for one in private.shown))


async def test_typed_bare_it_is_asked_for_one_thing_at_a_time(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, "!dates")
    private = await bot.direct(DURAND)
    assert "Une date pour quoi ?" in plain(private.last.body)
    await private.say(DURAND, "Réunion de rentrée")
    await private.say(DURAND, "jeudi 18h\nvendredi 17h30")
    await private.vote(DURAND, "Sans date de fin")
    assert "2 ven. 9 oct. à 17 h 30" in plain(room.of_kind("poll")[0].body)


async def test_everybody_who_has_a_voice_is_asked_privately_and_nobody_else(
    school_bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, ASKED)
    for person in (MOTHER, FATHER, COSTA, COSTA_TOO):
        private = school_bot.direct_of(person)
        assert private is not None
        ballot = private.of_kind("poll.ballot")[0]
        assert "1 jeudi 8 octobre 2026 à 18 h" in plain(ballot.body)
        assert "Mme Durand voit vos réponses" in plain(ballot.body)
        assert ballot.rings
        assert list(ballot.reactions) == ["✅", "🤷", "❌"]
        assert list(private.menu.choices) == ["Oui", "Si besoin", "Non", "Passer cette date"]
    assert school_bot.direct_of(INFORMED) is None
    assert "Une voix par foyer" in plain(class_room.of_kind("poll")[0].body)


async def test_the_command_changes_the_poll_before_the_first_answer_and_only_the_end_after(
    bot: FakeBot, room: FakeRoom
) -> None:
    command = await room.say(DURAND, ASKED)
    private = await bot.direct(COSTA)
    await room.edit(DURAND, command, "!dates Réunion | jeudi 18h | lundi 12 octobre 18h")
    assert len(room.of_kind("poll")) == 1
    assert room.of_kind("poll")[0].coedu["v"] == 2
    assert len(private.of_kind("poll.ballot")) == len(private.polls) == 1
    await private.vote(COSTA, "Oui")
    await room.edit(DURAND, command, ASKED)
    assert "On a déjà voté" in await body(room)
    await bot.later(days=1)  # "jeudi" still means the one it meant
    await room.edit(DURAND, command, "!dates Réunion | jeudi 18h | lundi 12 octobre 18h fin=demain")
    assert "Fin : mer. 7 oct. à 18 h" in plain(room.of_kind("poll")[0].body)
    await room.edit(DURAND, command, "!sondage Réunion | jeudi 18h | lundi 18h")
    assert "gardez la commande" in await body(room)


async def test_a_colleague_moves_the_end_or_the_dates(school_bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, ASKED)
    await class_room.say(DURAND, "!modifier D1 fin=dimanche")
    assert "vient après la dernière date" in await body(class_room)
    await class_room.say(DURAND, "!modifier D1 fin=demain")
    assert "Fin : mer. 7 oct. à 18 h" in plain(class_room.of_kind("poll")[0].body)
    await class_room.say(DURAND, "!modifier D1 Réunion | lundi 18h | mardi 13 octobre 18h")
    assert "1 lun. 12 oct. à 18 h" in plain(class_room.of_kind("poll")[0].body)


async def test_its_redaction_takes_it_back_and_tells_who_had_answered(bot: FakeBot, room: FakeRoom) -> None:
    command = await room.say(DURAND, ASKED)
    private, other = await bot.direct(COSTA), await bot.direct(MOTHER)
    await private.say(COSTA, "1 oui 2 non")
    await room.redact(DURAND, command)
    assert not room.of_kind("poll")
    assert "Sondage annulé : Réunion de rentrée" in plain(private.last.body)
    for one in (private, other):
        assert not one.polls
        assert not one.of_kind("poll.ballot")


async def test_it_is_listed_with_the_polls(bot: FakeBot, room: FakeRoom) -> None:
    await room.say(DURAND, "!sondage Quel jour ? | lundi | mardi")
    await bot.later(minutes=1)
    await room.say(DURAND, ASKED)
    await room.say(DURAND, "!sondages")
    assert "- D1 : Réunion de rentrée\n- P1 : Quel jour ?" in await body(room)
    await room.say(DURAND, "!fin D1 2")
    await room.say(DURAND, "!sondages")
    assert "- D1 : Réunion de rentrée (ven. 9 oct. à 17 h 30)" in await body(room)


async def test_a_room_of_people_without_a_school_votes_by_person(bot: FakeBot) -> None:
    room = await bot.room("6C", PEOPLE, {DURAND: 50})
    await room.say(DURAND, ASKED)
    assert "0 personne sur 6" in plain(room.of_kind("poll")[0].body)
