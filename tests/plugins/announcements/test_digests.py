"""What is not urgent, once a day at an hour of one's own."""

from __future__ import annotations

import pytest

from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements.conftest import BENALI, COSTA, DURAND

PRIVATELY = "annonce {0}.\n\npour : 6B\naccusé : privé"


@pytest.fixture
async def costa(bot: FakeBot, private: FakeRoom) -> FakeRoom:
    room = await bot.direct(COSTA)
    await room.say(COSTA, "résumé 18h")
    assert "chaque jour à 18\u00a0h" in room.last.body
    return room


async def test_copies_come_in_one_message_at_the_chosen_hour(
    bot: FakeBot, private: FakeRoom, costa: FakeRoom
) -> None:
    before = len(costa.shown)
    await private.say(DURAND, PRIVATELY.format("Piscine lundi"))
    await private.say(DURAND, PRIVATELY.format("Photo mardi"))
    await bot.later(hours=10)
    assert len(costa.shown) == before
    await bot.later(minutes=21)
    assert len(costa.shown) == before + 1
    assert costa.last.kind == "digest"
    assert costa.last.body.startswith("Votre résumé du jour\u00a0: 2 informations")
    assert costa.last.body.index("Piscine lundi") < costa.last.body.index("Photo mardi")
    assert "<hr>" in costa.last.html
    assert list(costa.last.reactions) == ["✅"]


async def test_a_tap_on_the_digest_reads_all_that_is_in_it(
    bot: FakeBot, private: FakeRoom, costa: FakeRoom
) -> None:
    await private.say(DURAND, PRIVATELY.format("Piscine lundi"))
    await private.say(DURAND, PRIVATELY.format("Photo mardi"))
    await bot.later(hours=11)
    await costa.tap(COSTA, costa.last)
    for item in ("A1", "A2"):
        await private.say(DURAND, f"suivi {item}")
        assert "1 sur 3 a lu." in private.last.body
        assert "M. Costa (mar. 6 oct. à 18\u00a0h\u00a040)" in private.last.body


async def test_urgent_does_not_wait_for_it(bot: FakeBot, private: FakeRoom, costa: FakeRoom) -> None:
    await private.say(DURAND, PRIVATELY.format("Collège fermé") + "\npriorité : urgente")
    await private.tap(DURAND, private.last)
    assert costa.last.kind == "announcement.copy"


async def test_nor_does_what_is_wanted_before_long(bot: FakeBot, private: FakeRoom, costa: FakeRoom) -> None:
    await private.say(DURAND, PRIVATELY.format("Signez vite") + "\nréponse avant : mercredi 12h")
    assert costa.last.kind == "announcement.copy"


async def test_an_edit_changes_what_waits_and_what_was_sent(
    bot: FakeBot, private: FakeRoom, costa: FakeRoom
) -> None:
    command = await private.say(DURAND, PRIVATELY.format("Piscine lundi"))
    await private.edit(DURAND, command, PRIVATELY.format("Piscine samedi"))
    await bot.later(hours=11)
    assert costa.last.kind == "digest"
    assert "Piscine samedi" in costa.last.body
    digest = costa.last
    await private.edit(DURAND, command, PRIVATELY.format("Piscine dimanche"))
    shown = next(one for one in costa.shown if one.event_id == digest.event_id)
    assert "Piscine dimanche" in shown.body
    await bot.later(hours=24)
    assert "Correction" in costa.last.body
    assert costa.last.answers == digest.event_id


async def test_a_part_taken_back_leaves_the_others_and_the_last_takes_all(
    bot: FakeBot, private: FakeRoom, costa: FakeRoom
) -> None:
    first = await private.say(DURAND, PRIVATELY.format("Piscine lundi"))
    second = await private.say(DURAND, PRIVATELY.format("Photo mardi"))
    await private.redact(DURAND, first)
    await bot.later(hours=11)
    assert "Piscine" not in costa.last.body
    assert "Photo" in costa.last.body
    await private.redact(DURAND, second)
    assert not costa.of_kind("digest")


async def test_without_a_digest_again_what_waits_comes_at_once(
    bot: FakeBot, private: FakeRoom, costa: FakeRoom
) -> None:
    await private.say(DURAND, PRIVATELY.format("Piscine lundi"))
    assert not costa.of_kind("digest")
    await costa.say(COSTA, "résumé non")
    assert costa.of_kind("digest")
    await private.say(DURAND, PRIVATELY.format("Photo mardi"))
    assert costa.last.kind == "announcement.copy"


async def test_others_get_theirs_as_it_comes(bot: FakeBot, private: FakeRoom, costa: FakeRoom) -> None:
    await private.say(DURAND, PRIVATELY.format("Piscine lundi"))
    benali = bot.direct_of(BENALI)
    assert benali is not None
    assert benali.last.kind == "announcement.copy"
