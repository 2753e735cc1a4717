"""What a class reads when a teacher announces something."""

from __future__ import annotations

import pytest

from coedu_bot.events import MediaFile, StateEvent
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements.conftest import BENALI, COSTA, DURAND, YILMAZ

PICTURE = MediaFile("mxc://test/picture", "plan.png", "image/png", 2048, "m.image")
OUTING = "!annonce 🚌 Sortie au Muséum\nDépart à **8 h 30**.\n- un pique-nique\n- une gourde"


async def test_one_line_is_posted_as_it_is_written(class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonce La sortie est reportée.")
    post = class_room.last
    assert post.coedu | {"ref": ""} == {"kind": "announcement", "id": "A1", "lang": "fr", "v": 1, "ref": ""}
    assert post.body.startswith("La sortie est reportée.\n\n✅ = j’ai lu.")
    assert post.content["msgtype"] == "m.text"
    assert post.content["m.mentions"] == {}
    assert post.reactions == {"✅": [post.sender]}


async def test_the_first_of_several_lines_is_the_title_and_keeps_its_pictogram_first(
    class_room: FakeRoom,
) -> None:
    await class_room.say(DURAND, OUTING)
    assert class_room.last.body.startswith("🚌 Sortie au Muséum\n\nDépart à 8 h 30.")
    assert "<strong>🚌 Sortie au Muséum</strong>" in class_room.last.html
    assert "<li>une gourde</li>" in class_room.last.html


async def test_a_post_in_the_room_it_was_typed_in_needs_no_confirmation(class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonce Rappel.")
    assert [message.kind for message in class_room.shown] == ["announcement"]


async def test_a_member_without_the_right_reads_who_may_and_nothing_is_posted(class_room: FakeRoom) -> None:
    await class_room.say(BENALI, "!annonce Goûter chez nous !")
    assert [message.kind for message in class_room.shown] == ["error"]
    assert "enseignants" in class_room.last.body


async def test_a_teacher_of_another_class_may_not_write_to_this_one(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    await bot.room("5A", {"@petit:test": "M. Petit"}, {"@petit:test": 50})
    private = await bot.direct("@petit:test")
    await private.say("@petit:test", "annonce Bonjour. pour=6B")
    assert private.last.kind == "error"
    assert not class_room.shown


async def test_power_that_outlived_a_membership_counts_for_nothing(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    private = await bot.direct(DURAND)
    await class_room.leave(DURAND)
    await private.say(DURAND, "annonce Bonjour. pour=6B")
    assert not class_room.shown


async def test_important_is_pinned(class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonce Grève jeudi. priorité=importante")
    assert class_room.pinned == [class_room.last.event_id]
    assert class_room.last.content["m.mentions"] == {}


async def test_only_the_five_latest_of_the_bots_pins_stay(class_room: FakeRoom) -> None:
    for number in range(7):
        await class_room.say(DURAND, f"!annonce Numéro {number}. priorité=importante")
    posts = [message.event_id for message in class_room.of_kind("announcement")]
    assert class_room.pinned == posts[-5:]


async def test_urgent_calls_the_room_only_for_authors_who_may(bot: FakeBot, class_room: FakeRoom) -> None:
    private = await bot.direct(DURAND)
    await private.say(DURAND, "annonce Car en retard. pour=6B priorité=urgente")
    assert private.last.kind == "announcement.preview"
    assert not class_room.shown
    await private.tap(DURAND, private.last)
    assert class_room.last.content["m.mentions"] == {"room": True}


async def test_urgent_of_an_author_without_that_power_rings_no_whole_room(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    levels = {"users": {DURAND: 50, "@coedu:test": 50}, "notifications": {"room": 80}}
    await bot.change_state(class_room.id, StateEvent("m.room.power_levels", "", levels, "@admin:test"))
    private = await bot.direct(DURAND)
    await private.say(DURAND, "annonce Car en retard. pour=6B priorité=urgente")
    await private.tap(DURAND, private.last)
    assert class_room.last.kind == "announcement"
    assert class_room.last.content["m.mentions"] == {}


async def test_a_picture_goes_along_when_the_command_is_its_caption(class_room: FakeRoom) -> None:
    await class_room.share(DURAND, PICTURE, "!annonce Le plan du musée.")
    post = class_room.last
    assert (post.content["msgtype"], post.content["url"]) == ("m.image", PICTURE.url)
    assert post.content["filename"] == "plan.png"
    assert post.body.startswith("Le plan du musée.")


async def test_a_picture_goes_along_when_the_command_answers_it(class_room: FakeRoom) -> None:
    picture = await class_room.share(DURAND, PICTURE)
    await class_room.say(DURAND, "!annonce Le plan du musée.", reply_to=picture)
    assert class_room.last.content["url"] == PICTURE.url


async def test_a_file_alone_is_asked_for_a_sentence(class_room: FakeRoom) -> None:
    await class_room.share(DURAND, PICTURE, "!annonce")
    assert class_room.last.kind == "error"
    assert "phrase" in class_room.last.body


async def test_an_announcement_without_acknowledgement_offers_nothing(class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonce Bonnes vacances. accusé=aucun")
    assert class_room.last.reactions == {}
    assert class_room.last.body == "Bonnes vacances."


async def test_a_private_acknowledgement_is_offered_only_in_private(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, "!annonce Rendez-vous au collège. accusé=privé")
    assert class_room.last.reactions == {}
    for parent in (BENALI, COSTA, YILMAZ):
        direct = bot.direct_of(parent)
        assert direct is not None
        assert (direct.last.kind, "✅" in direct.last.reactions) == ("announcement.copy", True)


async def test_an_unknown_option_value_is_quoted_and_the_example_works(class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonce Bonjour. priorité=énorme")
    error = class_room.last
    assert error.kind == "error"
    assert "énorme" in error.body
    await class_room.say(DURAND, error.body.rsplit("Par exemple\u00a0: ", 1)[1])
    assert class_room.last.kind == "announcement"


async def test_an_option_nearly_known_is_named(class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonce Bonjour. priorite=urgent pourr=6B")
    assert class_room.last.kind == "error"
    assert "pour" in class_room.last.body


async def test_an_option_line_in_the_text_is_text(class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonce Sortie\nQuand : vendredi\nPour : les 6e")
    assert "Quand" in class_room.last.body


@pytest.mark.parametrize("word", ["annonce", "announce", "Annonce", "إعلان", "anuncio", "duyuru", "公告"])
async def test_the_command_is_understood_in_every_language(class_room: FakeRoom, word: str) -> None:
    await class_room.say(DURAND, f"!{word} Bonjour.")
    assert class_room.last.kind == "announcement"


async def test_a_room_that_the_bot_may_not_write_in_is_told_to_the_author(
    bot: FakeBot, class_room: FakeRoom, other_room: FakeRoom
) -> None:
    private = await bot.direct(DURAND)
    bot.homeserver.rooms[other_room.id].state.pop(("m.room.member", "@coedu:test"))
    await private.say(DURAND, "annonce Bonjour. pour=6C")
    assert "6C" in private.last.body
    assert (private.last.kind, private.last.rings) == ("error", True)


async def test_annonces_lists_and_with_text_announces(class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonces La cantine est fermée.")
    assert class_room.last.kind == "announcement"
    await class_room.say(DURAND, "!annonces")
    assert "A1\u00a0: La cantine est fermée." in class_room.last.body


async def test_an_id_counts_only_if_the_item_exists_and_only_options_follow(class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonce A1 fermée")
    assert class_room.last.body.startswith("A1 fermée")
    await class_room.say(DURAND, "!annonce A1 fermée à midi")
    assert class_room.last.body.startswith("A1 fermée à midi")
