"""Previews, planned announcements, and taking things back."""

from __future__ import annotations

from datetime import timedelta

from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements.conftest import BENALI, COSTA, DURAND

BOTH = "annonce Réunion\nÀ 18 h.\n\npour : 6B, 6C"


async def test_two_rooms_are_previewed_and_posted_after_the_authors_tap(
    private: FakeRoom, class_room: FakeRoom, other_room: FakeRoom
) -> None:
    await private.say(DURAND, BOTH)
    preview = private.last
    assert (preview.kind, preview.rings) == ("announcement.preview", True)
    assert "6B et 6C" in preview.body
    assert set(preview.reactions) == {"✅", "❌"}
    assert not class_room.shown
    await private.tap(DURAND, preview)
    assert [room.last.kind for room in (class_room, other_room)] == ["announcement"] * 2
    assert private.last.body == "A1 publiée\u00a0: 6B, 6C"


async def test_a_no_posts_nothing(private: FakeRoom, class_room: FakeRoom, other_room: FakeRoom) -> None:
    await private.say(DURAND, BOTH)
    await private.tap(DURAND, private.last, "❌")
    assert not class_room.shown
    assert "ne part pas" in private.last.body


async def test_only_the_author_can_confirm(bot: FakeBot, class_room: FakeRoom, other_room: FakeRoom) -> None:
    private = await bot.direct(DURAND)
    await private.say(DURAND, BOTH)
    preview = private.last
    await private.join(COSTA)
    await private.tap(COSTA, preview)
    assert not class_room.shown


async def test_a_preview_lapses_after_ten_minutes_and_says_so(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom, other_room: FakeRoom
) -> None:
    await private.say(DURAND, BOTH)
    preview = private.last
    await bot.later(minutes=11)
    assert "plus de 10 minutes" in private.last.body
    await private.tap(DURAND, preview)
    assert not class_room.shown


async def test_a_preview_nobody_has_received_yet_does_not_lapse(
    bot: FakeBot, class_room: FakeRoom, other_room: FakeRoom
) -> None:
    bot.people_accept = False
    await class_room.say(DURAND, "!" + BOTH)
    await bot.later(minutes=30)
    bot.people_accept = True
    await bot.settle()
    private = bot.direct_of(DURAND)
    assert private is not None
    assert private.last.kind == "announcement.preview"
    await private.tap(DURAND, private.last)
    assert class_room.last.kind == "announcement"


async def test_an_edit_before_the_tap_takes_the_old_preview_away(
    private: FakeRoom, class_room: FakeRoom, other_room: FakeRoom
) -> None:
    command = await private.say(DURAND, BOTH)
    old = private.last
    await private.edit(DURAND, command, BOTH.replace("18 h", "19 h"))
    assert "19 h" in private.last.body
    assert len(private.of_kind("announcement.preview")) == 1
    await private.tap(DURAND, old)
    assert not class_room.shown
    await private.tap(DURAND, private.last)
    assert "19 h" in class_room.last.body


async def test_a_tap_found_hours_later_is_asked_about_again(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom, other_room: FakeRoom
) -> None:
    await private.say(DURAND, BOTH)
    preview = private.last
    tapped_at = bot.clock.now()
    bot.clock.advance(timedelta(hours=3))
    await private.tap(DURAND, preview, at=tapped_at)
    assert not class_room.shown
    assert private.last.kind == "announcement.preview"


async def test_a_planned_announcement_goes_at_its_hour(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom
) -> None:
    await private.say(DURAND, "annonce N’oubliez pas le pique-nique.\n\npour : 6B\nenvoyer : demain 7h45")
    assert "mercredi 7 octobre 2026 à 7\u00a0h\u00a045" in private.last.body
    await bot.later(hours=24)
    assert not class_room.shown
    await bot.later(minutes=6)
    assert class_room.last.body.startswith("N’oubliez pas")
    assert "retard" not in class_room.last.body


async def test_a_planned_announcement_whose_hour_was_missed_is_marked_late(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom
) -> None:
    await private.say(DURAND, "annonce Piscine.\n\npour : 6B\nenvoyer : demain 7h45")
    bot.clock.advance(timedelta(hours=26))
    bot.restart()
    await bot.settle()
    assert class_room.last.body.startswith("Prévu mer. 7 oct. à 7\u00a0h\u00a045, envoyé en retard.")
    assert len(class_room.shown) == 1


async def test_a_planned_announcement_is_cancelled_by_its_id(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom
) -> None:
    await private.say(DURAND, "annonce Piscine.\n\npour : 6B\nenvoyer : demain 7h45")
    await private.say(DURAND, "annuler a1")
    await bot.later(hours=30)
    assert not class_room.shown


async def test_a_planned_announcement_is_moved(bot: FakeBot, private: FakeRoom, class_room: FakeRoom) -> None:
    await private.say(DURAND, "annonce Piscine.\n\npour : 6B\nenvoyer : jeudi 18h")
    await private.say(DURAND, 'modifier A1 envoyer="demain 7h45"')
    await private.tap(DURAND, private.last)
    await bot.later(hours=25)
    assert len(class_room.shown) == 1
    await bot.later(hours=48)
    assert len(class_room.shown) == 1


async def test_a_routine_post_is_undone_within_half_a_minute(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom
) -> None:
    await private.say(DURAND, "annonce Oups. pour=6B")
    notice = private.last
    assert "❌" in notice.reactions
    await private.tap(DURAND, notice, "❌")
    assert not class_room.shown
    await private.say(DURAND, "annonce Juste. pour=6B")
    notice = private.last
    await bot.later(seconds=40)
    await private.tap(DURAND, notice, "❌")
    assert class_room.last.body.startswith("Juste.")


async def test_redacting_the_command_takes_every_copy_back_and_tells_who_had_read(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom, other_room: FakeRoom
) -> None:
    command = await private.say(DURAND, BOTH)
    await private.tap(DURAND, private.last)
    await class_room.tap(BENALI, class_room.last)
    await private.redact(DURAND, command)
    assert not class_room.shown
    assert not other_room.shown
    benali = bot.direct_of(BENALI)
    assert benali is not None
    assert "Information retirée" in benali.last.body
    assert bot.direct_of(COSTA) is None


async def test_a_stranger_to_the_announcement_cannot_cancel_it(class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonce Grève jeudi.")
    await class_room.say(BENALI, "!annuler A1")
    assert class_room.last.kind == "error"
    assert class_room.of_kind("announcement")


async def test_a_coteacher_can_correct_what_somebody_else_announced(bot: FakeBot) -> None:
    room = await bot.room("4A", {DURAND: "Mme Durand", COSTA: "M. Costa"}, {DURAND: 50, COSTA: 50})
    await room.say(DURAND, "!annonce Départ à 8 h.")
    await room.say(COSTA, "!modifier A1 Départ à 9 h.")
    assert room.of_kind("announcement")[0].body.startswith("Départ à 9 h.")


async def test_a_coordinator_can_withdraw_an_urgent_announcement_with_one_tap(bot: FakeBot) -> None:
    head = "@head:test"
    room = await bot.room("4A", {DURAND: "Mme Durand", head: "Mme Martin"}, {DURAND: 50, head: 100})
    private = await bot.direct(DURAND)
    await private.say(DURAND, "annonce Alerte ! pour=4A priorité=urgente")
    await private.tap(DURAND, private.last)
    office = bot.direct_of(head)
    assert office is not None
    assert "Mme Durand" in office.last.body
    await office.tap(head, office.last, "❌")
    assert not room.shown
    assert "Mme Martin" in private.last.body
