"""Polls that Element shows and counts: opened, answered, changed, ended."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.polls.conftest import (
    COSTA,
    COSTA_TOO,
    DURAND,
    FATHER,
    INFORMED,
    MOTHER,
)

ASKED = "!sondage Quel jour ? | lundi | mardi | jeudi"


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ").replace("\u2068", "").replace("\u2069", "")


async def body(room: FakeRoom) -> str:
    return plain(room.last.body)


async def result(room: FakeRoom) -> str:
    """The text of the newest result that the room shows."""
    return plain([m for m in room.of_kind("poll.result") if "url" not in m.content][-1].body)


async def file_of(bot: FakeBot, room: FakeRoom) -> list[list[str]]:
    """The newest table in a direct room."""
    shown = [m for m in room.of_kind("poll.result") if "url" in m.content][-1]
    data = bot.homeserver.files[shown.content["url"]].decode("utf-8-sig")
    return list(csv.reader(io.StringIO(data), delimiter=";"))


async def test_a_question_becomes_a_native_poll_with_a_companion_that_rings(room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    start = room.polls[0].content["org.matrix.msc3381.poll.start"]
    assert start["question"]["body"] == "Quel jour ?"
    assert [answer["org.matrix.msc1767.text"] for answer in start["answers"]] == ["lundi", "mardi", "jeudi"]
    assert start["kind"].endswith("poll.disclosed")
    assert room.polls[0].coedu["kind"] == "poll"
    assert room.last.rings
    assert "Sondage P1" in await body(room)
    assert "!voter P1 2" in await body(room)


async def test_options_stand_in_lines_and_unlike_lines_are_part_of_the_question(room: FakeRoom) -> None:
    await room.say(
        DURAND,
        "!sondage Goûter\nAttention : un seul choix\n- gâteau\n- fruits\nfin : vendredi 18h\nvoix : personne",
    )
    start = room.polls[0].content["org.matrix.msc3381.poll.start"]
    assert start["question"]["body"] == "Goûter Attention : un seul choix"
    assert "Fin : ven. 9 oct. à 18 h" in await body(room)


async def test_an_option_nearly_written_right_is_refused_by_name(room: FakeRoom) -> None:
    await room.say(DURAND, "!sondage Goûter ?\n- gâteau\n- fruits\nquorun : 3")
    assert not room.polls
    assert "quorum" in await body(room)


async def test_what_is_wrong_with_a_question_is_said(room: FakeRoom) -> None:
    for typed, said in (
        ("!sondage Quel jour ?", "au moins deux"),
        ("!sondage | lundi | mardi", "Quelle est la question"),
        ("!sondage Quel jour ? | lundi | Lundi", "identiques"),
        ("!sondage Q ? | " + " | ".join(str(n) for n in range(21)), "il y en a 21"),
        (ASKED + " choix=4", "entre 1 et 3"),
        (ASKED + " rappel=oui", "veille de la fin"),
        (ASKED + " voix=foyer", "ne sont pas connues"),
    ):
        await room.say(DURAND, typed)
        assert said in await body(room), typed
    assert not room.polls


async def test_a_parent_may_not_open_a_poll(room: FakeRoom) -> None:
    await room.say(COSTA, ASKED)
    assert not room.polls
    assert room.last.kind == "error"


async def test_vote_with_a_question_is_a_poll_and_with_an_id_a_vote(room: FakeRoom) -> None:
    await room.say(DURAND, "!vote Quel jour ? | lundi | mardi")
    assert len(room.polls) == 1
    await room.say(COSTA, "!vote P1 2")
    await room.say(DURAND, "!résultats P1")
    assert "mardi : 1 voix" in await body(room)


async def test_the_end_reads_all_votes_again_and_shows_bars_and_a_picture(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, ASKED)
    await room.answer(COSTA, "1")
    await room.answer(MOTHER, "2")
    relation = {"rel_type": "m.reference", "event_id": room.polls[0].event_id}
    response = {"org.matrix.msc3381.poll.response": {"answers": ["2"]}, "m.relates_to": relation}
    bot.homeserver.add_event(room.id, FATHER, "org.matrix.msc3381.poll.response", response)  # never synced
    await room.say(DURAND, "!fin P1")
    ends = [e for e in bot.homeserver.rooms[room.id].timeline if e.type.endswith("poll.end")]
    assert [end.content["m.relates_to"]["event_id"] for end in ends] == [room.polls[0].event_id]
    text = await result(room)
    assert "1 lundi : 1 voix" in text
    assert "2 mardi : 2 voix ▇▇▇▇▇▇▇▇▇▇" in text
    assert "3 personnes sur 6 ont voté." in text
    picture = bot.homeserver.files[room.last.content["url"]]
    assert picture.startswith(b"\x89PNG")


async def test_the_deadline_ends_it_by_itself_and_later_votes_do_not_count(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, ASKED + ' fin="vendredi 18h"')
    await room.answer(COSTA, "1")
    await bot.later(days=3, hours=11)
    at = bot.clock.now() - timedelta(minutes=30)
    assert "1 lundi : 1 voix" in await result(room)
    await room.answer(MOTHER, "2", at=at)
    await room.say(COSTA, "!voter P1 2")
    assert "P1 est terminé" in await body(room)


async def test_a_vote_taken_away_brings_back_the_one_before(room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    await room.answer(COSTA, "1")
    second = await room.answer(COSTA, "2")
    await room.redact(COSTA, second)
    await room.say(DURAND, "!résultats P1")
    assert "lundi : 1 voix" in await body(room)


async def test_a_households_latest_vote_is_its_voice_and_informed_parents_have_none(
    school_bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, ASKED)
    assert "Une voix par foyer" in await body(class_room)
    assert class_room.polls[0].content["org.matrix.msc3381.poll.start"]["kind"].endswith("undisclosed")
    await class_room.answer(COSTA, "1")
    await class_room.answer(COSTA_TOO, "2")
    await class_room.answer(MOTHER, "3")
    await class_room.answer(FATHER, "1")
    await class_room.answer(INFORMED, "1")
    await class_room.say(DURAND, "!fin P1")
    text = await result(class_room)
    assert [line for line in text.splitlines() if "voix" in line] == [
        "- 1 lundi : 1 voix ▇▇▇▇▇▇▇▇▇▇",
        "- 2 mardi : 1 voix ▇▇▇▇▇▇▇▇▇▇",
        "- 3 jeudi : 1 voix ▇▇▇▇▇▇▇▇▇▇",
    ]
    assert "3 foyers sur 4 ont voté." in text
    told = school_bot.direct_of(INFORMED)
    assert told is not None
    assert "ne compte pas" in plain(told.last.body)


async def test_a_pupils_first_answer_stands_and_the_other_household_learns_no_more_than_that(
    school_bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, ASKED + " voix=élève")
    await class_room.answer(MOTHER, "1")
    await class_room.answer(FATHER, "2")
    await class_room.answer(FATHER, "3")
    told = school_bot.direct_of(FATHER)
    assert told is not None
    assert [plain(one.body) for one in told.shown] == [
        "P1 : une réponse est déjà enregistrée. En désaccord ? Écrivez à Mme Durand."
    ]
    await told.say(FATHER, "voter P1 2")
    assert "une réponse est déjà enregistrée" in plain(told.last.body)
    await class_room.say(DURAND, "!fin P1")
    assert "1 lundi : 1 voix" in await result(class_room)


async def test_staff_enter_a_vote_for_a_family_without_a_telephone(
    school_bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, ASKED)
    private = await school_bot.direct(DURAND)
    await private.say(DURAND, "voter P1 2 pour Petit")
    assert "saisi pour Petit, Mme Petit : mardi" in plain(private.last.body)
    await class_room.say(COSTA, "!voter P1 1 pour Petit")
    await class_room.say(DURAND, "!fin P1")
    rows = await file_of(school_bot, private)
    assert rows[0] == ["voix", "réponse", "heure", "saisi par"]
    assert ["Petit, Mme Petit", "mardi", "2026-10-06 07:40", "Mme Durand"] in rows


async def test_what_names_a_family_is_refused_in_private_and_taken_out_of_sight(
    school_bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, ASKED)
    shown = len(class_room.shown)
    for who, typed in ((DURAND, "!voter P1 2 pour Martin"), (COSTA, "!voter P1 2 pour Petit")):
        command = await class_room.say(who, typed)
        assert school_bot.homeserver.rooms[class_room.id].event(command).redacted
        private = school_bot.direct_of(who)
        assert private is not None
        assert private.last.kind == "error"
    assert {said.kind for said in class_room.shown[shown:]} == {"sent-privately"}
    teacher = await school_bot.direct(DURAND)
    assert "« Martin »" in plain(teacher.last.body)
    assert "voter P7 2 pour Petit" in teacher.last.body


async def test_a_name_that_begins_like_a_formula_stays_a_name(bot: FakeBot) -> None:
    room = await bot.room("6C", {DURAND: "Mme Durand", COSTA: "=1+1"}, {DURAND: 50})
    await room.say(DURAND, "!sondage Q ? | +a | @b")
    await room.answer(COSTA, "1")
    await room.say(DURAND, "!fin P1")
    private = await bot.direct(DURAND)
    assert ["'=1+1", "'+a", "2026-10-06 07:40", ""] in await file_of(bot, private)


async def test_a_sensitive_matter_gets_warning_and_says_that_everyone_sees(
    bot: FakeBot, room: FakeRoom
) -> None:
    await room.say(DURAND, "!sondage Repas ? | avec porc | sans porc")
    assert "Réponses visibles de tous" in await body(room)
    private = bot.direct_of(DURAND)
    assert private is not None
    assert "tout le monde voit qui répond quoi" in plain(private.last.body)


async def test_a_reminder_that_would_come_too_late_is_said_to_be_none_to_its_author_only(
    bot: FakeBot, room: FakeRoom
) -> None:
    private = await bot.direct(DURAND)

    def times_told(where: FakeRoom) -> int:
        return sum("pas de rappel" in shown.body for shown in where.shown)

    await room.say(DURAND, ASKED + "   fin=aujourd'hui rappel=oui")
    assert times_told(private) == 1
    await room.say(DURAND, ASKED + '   fin="vendredi 18h" rappel=oui')
    assert times_told(private) == 1
    await room.say(DURAND, "!modifier P2   fin=aujourd'hui")
    assert times_told(private) == 2
    await room.say(DURAND, "!dates Réunion | jeudi 18h | vendredi 18h   fin=aujourd'hui rappel=oui")
    assert times_told(private) == 3
    assert times_told(room) == 0


@pytest.mark.parametrize("asked", ["L’allergie ?", "Des allergies", "«Halal», sinon ?", "Au prix de 5 € ?"])
async def test_delicate_words_are_found_whatever_stands_around_them(
    bot: FakeBot, room: FakeRoom, asked: str
) -> None:
    await room.say(DURAND, f"!sondage {asked} | oui | non")
    assert "Réponses visibles de tous" in await body(room)
    await room.say(DURAND, "!sondage Le porche ? | oui | non")
    assert "Réponses visibles de tous" not in await body(room)


async def test_a_result_that_comes_at_the_end_is_not_told_before(class_room: FakeRoom) -> None:
    await class_room.say(DURAND, ASKED)
    await class_room.answer(COSTA, "1")
    await class_room.say(COSTA, "!résultats P1")
    assert "paraît à la fin" in await body(class_room)


async def test_polls_are_listed_open_ones_first(room: FakeRoom) -> None:
    await room.say(DURAND, ASKED)
    await room.say(DURAND, "!fin P1")
    await room.say(DURAND, "!sondage Encore ? | oui | non")
    await room.say(DURAND, "!sondages")
    assert "- P2 : Encore ?\n- P1 : Quel jour ? (clos)" in await body(room)


async def test_who_has_no_voice_reads_so_and_whom_to_ask(class_room: FakeRoom) -> None:
    await class_room.say(DURAND, ASKED)
    await class_room.say(INFORMED, "!voter P1 2")
    assert "ne compte pas dans P1. Une question ? Écrivez à Mme Durand." in await body(class_room)
