"""Announcements by household: who counts, who is written to, what staff see."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date, time

import pytest

from coedu_bot.school.families import Families, Guardian, Pupil
from coedu_bot.school.person import Person
from coedu_bot.school.quiet_hours import QuietHours
from coedu_bot.store import people
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements import a_school
from tests.plugins.announcements.a_school import (
    COSTA,
    COSTA_TOO,
    DURAND,
    EVERYONE,
    FATHER,
    FULL,
    KOVALENKO,
    LEROY,
    MOTHER,
    ROUX_EXCLUDED,
    SILVA_INFORMED,
    YILMAZ,
)

OUTING = "annonce Sortie au Muséum\nDépart à 8 h 30.\n\npour : 6B, 6C"
COPY = "announcement.copy"


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    async with FakeBot.with_plugins("announcements", **a_school.school()) as bot:
        yield bot


@pytest.fixture
async def rooms(bot: FakeBot) -> Mapping[str, FakeRoom]:
    return await a_school.open_rooms(bot)


@pytest.fixture
async def private(bot: FakeBot, rooms: Mapping[str, FakeRoom]) -> FakeRoom:
    return await bot.direct(DURAND)


async def announce(private: FakeRoom, text: str = OUTING) -> None:
    await private.say(DURAND, text)
    await private.tap(DURAND, private.last)


async def follow(private: FakeRoom, text: str = "suivi A1") -> str:
    await private.say(DURAND, text)
    return private.last.body


def copies(bot: FakeBot) -> set[str]:
    """Who has been written to privately."""
    return {user for user in EVERYONE if (room := bot.direct_of(user)) and room.of_kind(COPY)}


async def test_the_preview_counts_families_households_and_languages(private: FakeRoom) -> None:
    await private.say(DURAND, OUTING)
    assert "7 familles, 9 foyers et 4 langues" in private.last.body


async def test_only_other_languages_and_discreet_guardians_get_private_copies(
    bot: FakeBot, private: FakeRoom
) -> None:
    await announce(private)
    assert copies(bot) == {MOTHER, COSTA, YILMAZ, KOVALENKO}
    mother = bot.direct_of(MOTHER)
    assert mother is not None
    assert "Sortie au Muséum" in mother.last.body  # the human part, until an engine translates it
    assert "✅ = قرأتُ" in mother.last.body or "قرأت" in mother.last.body
    assert list(mother.last.reactions) == ["✅"]


async def test_a_private_acknowledgement_is_given_by_everyone_in_private(
    bot: FakeBot, private: FakeRoom, rooms: Mapping[str, FakeRoom]
) -> None:
    await announce(private, OUTING + "\naccusé : privé")
    assert copies(bot) == set(EVERYONE) - {ROUX_EXCLUDED}
    assert rooms["6B"].last.reactions == {}


async def test_one_guardian_is_enough_for_a_household_and_siblings_are_one(
    bot: FakeBot, private: FakeRoom, rooms: Mapping[str, FakeRoom]
) -> None:
    await announce(private)
    await rooms["6C"].tap(COSTA_TOO, rooms["6C"].last)
    await rooms["6B"].tap(FATHER, rooms["6B"].last)
    body = await follow(private)
    assert "2 foyers sur 9 ont lu." in body
    read = body[body.index("Ont lu") :]
    assert read.index("Benali (père)") < read.index("Costa")
    assert "Benali (mère)" not in read


async def test_the_follow_up_says_whom_to_nudge_to_await_and_to_call(bot: FakeBot, private: FakeRoom) -> None:
    bot.people_accept = False
    await announce(private)
    body = await follow(private)
    assert "Sans smartphone, à appeler\u00a0:\n\n- Petit (06 12 34 56 78)" in body
    assert "Invitation pas encore acceptée\u00a0:\n\n- Kovalenko" in body
    missing = body[body.index("À relancer") : body.index("Invitation")]
    assert missing.index("Benali (mère)") < missing.index("Roux") < missing.index("Yılmaz")
    assert "Roux (père)" not in body


async def test_everyone_asked_counts_each_guardian(private: FakeRoom, rooms: Mapping[str, FakeRoom]) -> None:
    await announce(private, OUTING + "\naccusé : chacun")
    await rooms["6B"].tap(COSTA, rooms["6B"].last)
    body = await follow(private)
    assert "1 sur 10 a lu." in body
    assert "Mme Costa" in body[body.index("À relancer") : body.index("Ont lu")]


async def test_information_only_counts_and_nothing_does_not(
    private: FakeRoom, rooms: Mapping[str, FakeRoom]
) -> None:
    await announce(private)
    post = rooms["6C"].last
    for user in (SILVA_INFORMED, ROUX_EXCLUDED, LEROY, "@stranger:test"):
        await rooms["6C"].tap(user, post)
    assert "1 foyer sur 9 a lu." in await follow(private)


async def test_a_call_is_noted_for_a_household_without_smartphone(private: FakeRoom) -> None:
    await announce(private)
    body = await follow(private, "suivi A1 lu Petit")
    assert body == "Noté\u00a0: Petit. 1 foyer sur 9 a lu."
    assert "Petit (saisi par Mme Durand)" in await follow(private)


async def test_a_nudge_goes_once_a_day_to_the_households_that_can_be_reached(
    bot: FakeBot, private: FakeRoom, rooms: Mapping[str, FakeRoom]
) -> None:
    await announce(private)
    await rooms["6B"].tap(COSTA, rooms["6B"].last)
    assert "à 7 foyers." in await follow(private, "relance A1")
    nudged = {user for user in EVERYONE if (one := bot.direct_of(user)) and one.of_kind("announcement.nudge")}
    assert nudged == set(EVERYONE) - {COSTA, COSTA_TOO, ROUX_EXCLUDED}
    assert "prochaine relance" in await follow(private, "relance A1")


async def test_the_nudge_by_itself_is_earlier_than_the_quiet_hours() -> None:
    hours = QuietHours(time(19), time(7, 30))
    async with FakeBot.with_plugins("announcements", **a_school.school(quiet_hours=hours)) as bot:
        rooms = await a_school.open_rooms(bot)
        await rooms["6B"].say(DURAND, '!annonce Signez. réponse avant="jeudi 20h"')
        await bot.later(hours=35)  # Wednesday, 18:40
        assert not [
            user for user in EVERYONE if (one := bot.direct_of(user)) and one.last.kind.endswith("nudge")
        ]
        await bot.later(minutes=10)
        father = bot.direct_of(FATHER)
        assert father is not None
        assert father.last.kind == "announcement.nudge"


async def test_a_correction_and_a_redaction_reach_the_private_copies(bot: FakeBot, private: FakeRoom) -> None:
    command = await private.say(DURAND, OUTING)
    await private.tap(DURAND, private.last)
    await private.edit(DURAND, command, OUTING.replace("8 h 30", "7 h 45"))
    yilmaz = bot.direct_of(YILMAZ)
    assert yilmaz is not None
    copy = yilmaz.of_kind(COPY)[0]
    assert "7 h 45" in copy.body
    assert yilmaz.last.body.startswith("✏️ Düzeltme: ")
    assert yilmaz.last.answers == copy.event_id
    await yilmaz.tap(YILMAZ, yilmaz.last)
    assert "1 foyer sur 9 a lu." in await follow(private)
    await private.redact(DURAND, command)
    assert not yilmaz.of_kind(COPY)
    assert yilmaz.last.body == "Geri alınan bilgi: Sortie au Muséum"


async def test_a_class_added_by_an_edit_gets_its_copies_and_one_taken_out_loses_them(
    bot: FakeBot, private: FakeRoom
) -> None:
    command = await private.say(DURAND, "annonce Sortie.\n\npour : 6C")
    await private.edit(DURAND, command, "annonce Sortie.\n\npour : 6B")
    await private.tap(DURAND, private.last)
    assert copies(bot) == {MOTHER, COSTA, YILMAZ}


async def test_who_wants_no_copies_says_so_in_a_word(bot: FakeBot, private: FakeRoom) -> None:
    yilmaz = await bot.direct(YILMAZ)
    await yilmaz.say(YILMAZ, "kopyalar hayır")
    await announce(private)
    assert YILMAZ not in copies(bot)
    await yilmaz.say(YILMAZ, "copies oui")
    await announce(private)
    assert YILMAZ in copies(bot)


async def test_a_language_chosen_by_chat_counts(bot: FakeBot, private: FakeRoom) -> None:
    async with bot.database.transaction() as db:
        await people.mark_setting(db, FATHER, "language", "en")
        await people.mark_setting(db, YILMAZ, "language", "fr")
    await announce(private)
    assert copies(bot) == {MOTHER, FATHER, COSTA, KOVALENKO}


async def test_a_substitute_follows_nudges_and_is_told_instead_of_the_absent_author() -> None:
    leroy = Person(LEROY, "M. Leroy", replaces=DURAND, until=date(2026, 11, 20))
    staff = {DURAND: Person(DURAND, "Mme Durand"), LEROY: leroy}
    async with FakeBot.with_plugins("announcements", **a_school.school()) as bot:
        await a_school.open_rooms(bot)
        private = await bot.direct(DURAND)
        await private.say(DURAND, "annonce Piscine.\n\npour : 6B\nenvoyer : demain 8h")
        bot.school = replace(bot.school, people=staff)
        bot.restart()
        before = len(private.shown)
        await bot.later(hours=25)
        assert len(private.shown) == before
        leroys = await bot.direct(LEROY)
        assert "A1 publiée" in leroys.last.body
        await leroys.say(LEROY, "suivi A1")
        assert leroys.last.kind == "announcement.receipts"
        await bot.later(days=60)
        await leroys.say(LEROY, "annonce Trop tard. pour=6B")
        assert leroys.last.kind == "error"


async def test_a_household_that_comes_later_gets_what_is_still_open(bot: FakeBot, private: FakeRoom) -> None:
    await announce(private)
    await announce(private, "annonce Rien à dire.\n\npour : 6B, 6C\naccusé : aucun")
    new = Guardian("@new:test", "Mme Nouvelle", "Nouvelle", "@new:test", "fr")
    before = bot.school
    families = Families(
        {**before.families.guardians, new.key: new},
        (*before.families.pupils, Pupil("Noé N.", "6B", {new.key: FULL})),
    )
    bot.school = replace(before, families=families)
    for _ in range(2):  # as a start does; another one brings nothing more
        bot.restart()
        await bot.bot.follow_school()
        await bot.settle()
    room = bot.direct_of("@new:test")
    assert room is not None
    assert [message.kind for message in room.shown] == [COPY]
    await room.tap("@new:test", room.last)
    assert "1 foyer sur 10 a lu." in await follow(private)
