"""How people speak to the bot, by the lines of the contract."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import time

import pytest

from coedu_bot.language.words import fold
from coedu_bot.school.quiet_hours import QuietHours
from tests.unit.contract.school import BENALI, COSTA, DURAND, MARTIN, Class, a_class

PILL = '<a href="https://matrix.to/#/@coedu:test">Le robot</a>'
SOMEBODY = '<a href="https://matrix.to/#/@costa:test">Coedu</a>'


@pytest.fixture
async def school() -> AsyncIterator[Class]:
    async with a_class() as one:
        yield one


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("Le robot ping", f"{PILL} ping"),
        ("Le robot: ping", f"<p>{PILL}: ping</p>"),
        ("[Le robot](https://matrix.to/#/@coedu:test) ping", f"{PILL} ping"),
        ("@coedu:test ping", f"{PILL} ping"),
    ],
)
async def test_a_pill_calls_the_bot_whatever_a_client_names_it(school: Class, body: str, html: str) -> None:
    await school.room.say(COSTA, body, html=html, mentions=("@coedu:test",))
    assert "Je suis là" in school.room.last.body


async def test_a_pill_of_somebody_else_is_not_for_the_bot(school: Class) -> None:
    await school.room.say(COSTA, "Le robot ping", html=f"{SOMEBODY} ping", mentions=(COSTA,))
    assert school.room.shown == []


@pytest.mark.parametrize("typed", ["!suivi A99", "!suivi A99 lu Petit", "!relance A99"])
async def test_a_command_that_names_families_leaves_the_room_though_it_is_refused(
    school: Class, typed: str
) -> None:
    event = await school.room.say(DURAND, typed)
    assert school.is_redacted(event)
    assert [message.kind for message in school.room.shown] == ["sent-privately"]
    assert (school.teacher.last.kind, "A99" in school.teacher.last.body) == ("error", True)


async def test_a_globe_in_a_shared_room_works_and_is_taken_away(school: Class) -> None:
    await school.room.say(DURAND, "!annonce Bonjour")
    tap = await school.room.tap(BENALI, school.room.last, "🌐")
    assert "Türkçe" in school.parent.menu.choices
    assert school.is_redacted(tap)
    assert school.room.polls == []


async def test_privately_no_word_meets_silence(school: Class) -> None:
    await school.parent.say(BENALI, "!bonjour madame")
    assert next(iter(school.parent.menu.choices)) == "Mme Durand"


async def test_an_edited_notice_is_no_command(school: Class) -> None:
    await school.room.edit(COSTA, "$of-a-program", "!ping", msgtype="m.notice")
    assert school.room.shown == []


async def test_help_is_in_the_language_of_who_asks_and_shows_two_examples(school: Class) -> None:
    await school.room.say(BENALI, "!aide")
    assert (school.room.last.kind, school.room.last.coedu["lang"]) == ("help", "ar")
    await school.room.say(COSTA, "!aide stop")
    assert (school.room.last.kind, school.room.last.coedu["lang"]) == ("help", "fr")
    assert school.room.last.body.count("stop") == 3


async def test_an_answer_to_a_letter_is_a_letter_though_it_begins_like_a_command(school: Class) -> None:
    await school.parent.say(BENALI, "Yanis est malade.")
    await school.parent.vote(BENALI, "Mme Durand")
    letter = school.teacher.of_kind("relay")[-1]
    await school.teacher.say(DURAND, "Message bien reçu", reply_to=letter.event_id)
    assert "Message bien reçu" in school.parent.last.body
    assert school.teacher.polls == []


async def test_what_waits_to_be_handed_on_changes_and_goes_with_its_message(school: Class) -> None:
    first = await school.parent.say(BENALI, "Yanis est malade.")
    second = await school.parent.say(BENALI, "Il a 39 de fièvre.")
    await school.parent.edit(BENALI, first, "Yanis est guéri.")
    await school.parent.redact(BENALI, second)
    await school.parent.vote(BENALI, "Mme Durand")
    (letter,) = school.teacher.of_kind("relay")
    assert "guéri" in letter.body


async def test_what_is_taken_back_before_anybody_was_chosen_is_asked_about_no_more(school: Class) -> None:
    written = await school.parent.say(BENALI, "Yanis est malade.")
    await school.parent.redact(BENALI, written)
    assert school.parent.polls == []
    again = await school.parent.say(BENALI, "anonce")
    await school.parent.edit(BENALI, again, "!ping")
    assert "أنا هنا" in school.parent.last.body
    assert school.parent.polls == []


async def test_at_night_a_letter_is_promised_as_people_say_it() -> None:
    async with a_class(quiet_hours=QuietHours(time(19), time(7, 30))) as school:
        await school.bot.later(hours=14)
        await school.parent.say(BENALI, "langue fr")
        await school.parent.say(BENALI, "Yanis est malade.")
        await school.parent.vote(BENALI, "Mme Durand")
        promised = "transmis. mme durand le lira a partir de demain, 7 h 30."
        assert fold(school.parent.last.body) == promised


async def test_who_stops_leaves_the_rooms_on_request_and_is_asked_back_when_they_return(
    school: Class,
) -> None:
    room = school.bot.homeserver.rooms[school.room.id]
    await school.parent.say(BENALI, "stop")
    await school.parent.vote(BENALI, 1)
    assert BENALI not in room.members()
    assert COSTA in room.members()
    assert (await school.bot.direct(MARTIN)).shown == []
    await school.parent.say(BENALI, "reprendre")
    assert BENALI in room.members()


async def test_a_refusal_names_the_option_as_it_is_written(school: Class) -> None:
    await school.room.say(DURAND, "!annonce Bonjour\n\nprioritee : urgente")
    assert "« priorité »" in school.room.last.body.replace("\u00a0", " ")


async def test_a_lone_word_that_lacks_something_is_explained_and_handed_on_to_nobody(school: Class) -> None:
    await school.parent.say(BENALI, "Yanis est malade.")
    await school.parent.vote(BENALI, "Mme Durand")
    await school.teacher.say(DURAND, "Bon rétablissement !")
    await school.teacher.say(DURAND, "annuler")
    assert (school.teacher.last.kind, "annuler A12" in school.teacher.last.body) == ("error", True)
    assert "Bon rétablissement" in school.parent.last.body
