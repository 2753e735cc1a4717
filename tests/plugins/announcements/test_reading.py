"""Who has read: counted once, shown in private, asked again where it matters."""

from __future__ import annotations

from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements.conftest import BENALI, COSTA, DURAND, YILMAZ


async def test_readers_and_the_others_are_listed_by_name(private: FakeRoom, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonce Sortie reportée.")
    await class_room.tap(YILMAZ, class_room.last)
    await class_room.tap(COSTA, class_room.last)
    await private.say(DURAND, "suivi A1")
    report = private.last
    assert report.kind == "announcement.receipts"
    assert "2 sur 3 ont lu." in report.body
    missing, read = report.body.split("Ont lu")
    assert "Mme Benali" in missing
    assert read.index("M. Costa") < read.index("Mme Yılmaz")
    assert "à 7\u00a0h\u00a040" in read


async def test_a_second_tap_changes_nothing_and_taking_it_away_never_unreads(
    private: FakeRoom, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, "!annonce Sortie reportée.")
    tap = await class_room.tap(COSTA, class_room.last)
    await class_room.redact(COSTA, tap)
    await class_room.tap(COSTA, class_room.last)
    await private.say(DURAND, "suivi A1")
    assert "1 sur 3 a lu." in private.last.body


async def test_the_author_and_people_of_other_rooms_do_not_count(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, "!annonce Sortie reportée.")
    post = class_room.last
    await class_room.tap(DURAND, post)
    await class_room.tap("@stranger:test", post)
    await private.say(DURAND, "suivi A1")
    assert "0 sur 3 a lu." in private.last.body


async def test_a_tap_found_later_counts_with_its_own_time(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, "!annonce Sortie reportée.")
    then = bot.clock.now()
    await bot.later(hours=3)
    await class_room.tap(COSTA, class_room.last, at=then)
    await private.say(DURAND, "suivi A1")
    assert "M. Costa (mar. 6 oct. à 7\u00a0h\u00a040)" in private.last.body


async def test_who_has_read_is_answered_in_private_and_the_question_is_taken_out_of_the_room(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, "!annonce Sortie reportée.")
    question = await class_room.say(DURAND, "!suivi A1")
    assert class_room.last.kind == "sent-privately"
    assert bot.homeserver.rooms[class_room.id].event(question).redacted
    assert class_room.of_kind("announcement")
    private = bot.direct_of(DURAND)
    assert private is not None
    assert private.last.kind == "announcement.receipts"


async def test_a_parent_does_not_see_who_has_read(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonce Sortie reportée.")
    await class_room.say(BENALI, "!suivi A1")
    benali = bot.direct_of(BENALI)
    assert benali is not None
    assert benali.last.kind == "error"
    assert "Costa" not in benali.last.body


async def test_a_reply_needs_no_id(private: FakeRoom, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonce Sortie reportée.")
    await class_room.say(DURAND, "!suivi", reply_to=class_room.last.event_id)
    assert "0 sur 3" in private.last.body


async def test_a_call_is_noted_with_who_noted_it(private: FakeRoom, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonce Sortie reportée.")
    await private.say(DURAND, "suivi A1 lu Costa")
    assert "1 sur 3" in private.last.body
    await private.say(DURAND, "suivi A1")
    assert "M. Costa (saisi par Mme Durand)" in private.last.body


async def test_a_name_that_two_people_bear_is_not_guessed(bot: FakeBot, private: FakeRoom) -> None:
    room = await bot.room(
        "4A", {DURAND: "Mme Durand", "@a:test": "Anna Petit", "@b:test": "Paul Petit"}, {DURAND: 50}
    )
    await room.say(DURAND, "!annonce Bonjour.")
    await private.say(DURAND, "suivi A1 lu Petit")
    assert private.last.kind == "error"


async def test_a_nudge_reaches_only_those_who_have_not_read_and_its_tap_counts(
    bot: FakeBot, private: FakeRoom, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, "!annonce Sortie\nDépart à 8 h 30.")
    await class_room.tap(BENALI, class_room.last)
    await private.say(DURAND, "relance A1")
    assert "2 personnes" in private.last.body
    assert bot.direct_of(BENALI) is None
    costa = bot.direct_of(COSTA)
    assert costa is not None
    assert (costa.last.kind, costa.last.rings) == ("announcement.nudge", True)
    assert "Départ à 8 h 30." in costa.last.body
    await costa.tap(COSTA, costa.last)
    await private.say(DURAND, "suivi A1")
    assert "2 sur 3" in private.last.body


async def test_one_nudge_a_day_is_enough(bot: FakeBot, private: FakeRoom, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!annonce Sortie.")
    await private.say(DURAND, "relance A1")
    await private.say(DURAND, "relance A1")
    assert private.last.kind == "error"
    await bot.later(hours=25)
    await private.say(DURAND, "relance A1")
    assert "3 personnes" in private.last.body


async def test_a_day_before_the_answer_is_wanted_a_nudge_goes_by_itself(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    await class_room.say(DURAND, "!annonce Sortie\nDépart à 8 h 30.\n\nréponse avant : jeudi 18h")
    assert "À lire avant jeu. 8 oct. à 18\u00a0h." in class_room.last.body
    await class_room.tap(BENALI, class_room.last)
    await bot.later(hours=34)
    assert bot.direct_of(COSTA) is None
    await bot.later(hours=1)
    costa = bot.direct_of(COSTA)
    assert costa is not None
    assert costa.last.kind == "announcement.nudge"
    assert bot.direct_of(BENALI) is None


async def test_a_changed_number_rings_again_and_asks_again(private: FakeRoom, class_room: FakeRoom) -> None:
    command = await class_room.say(DURAND, "!annonce Sortie\nDépart à 8 h 30, retour à 16 h.")
    post = class_room.last
    await class_room.tap(BENALI, post)
    await class_room.edit(DURAND, command, "!annonce Sortie\nDépart à 7 h 45, retour à 16 h.")
    edited, correction = class_room.shown
    assert (edited.event_id, edited.coedu["v"]) == (post.event_id, 2)
    assert "7 h 45" in edited.body
    assert (correction.kind, correction.rings, correction.answers) == (
        "announcement.correction",
        True,
        post.event_id,
    )
    assert "Départ à 7 h 45 (et non 8 h 30)" in correction.body
    await class_room.tap(COSTA, correction)
    await private.say(DURAND, "suivi A1")
    assert "1 sur 3" in private.last.body
    assert "Mme Benali (a lu avant la correction)" in private.last.body


async def test_a_changed_word_is_edited_without_ringing(private: FakeRoom, class_room: FakeRoom) -> None:
    command = await class_room.say(DURAND, "!annonce Sortie\nDépart à 8 h 30.")
    await class_room.tap(BENALI, class_room.last)
    await class_room.edit(DURAND, command, "!annonce Sortie\nDépart à 8 h 30 devant le portail.")
    assert len(class_room.shown) == 1
    assert "portail" in class_room.last.body
    await private.say(DURAND, "suivi A1")
    assert "1 sur 3" in private.last.body


async def test_to_be_read_again_can_be_asked_for(class_room: FakeRoom) -> None:
    command = await class_room.say(DURAND, "!annonce Sortie\nPrévoir un manteau.")
    await class_room.edit(DURAND, command, "!annonce Sortie\nPrévoir des bottes.\n\nrelire : oui")
    assert class_room.last.kind == "announcement.correction"


async def test_somebody_elses_edit_of_a_command_changes_nothing(class_room: FakeRoom) -> None:
    command = await class_room.say(DURAND, "!annonce Départ à 8 h.")
    await class_room.edit(COSTA, command, "!annonce Départ à 9 h.")
    assert len(class_room.shown) == 1
    assert "8 h" in class_room.last.body


async def test_an_edit_that_adds_a_room_is_previewed_first(
    private: FakeRoom, class_room: FakeRoom, other_room: FakeRoom
) -> None:
    command = await private.say(DURAND, "annonce Réunion.\n\npour : 6B")
    await private.edit(DURAND, command, "annonce Réunion.\n\npour : 6B, 6C")
    assert private.last.kind == "announcement.preview"
    assert not other_room.shown
    await private.tap(DURAND, private.last)
    assert other_room.last.body.startswith("Réunion.")
    assert len(class_room.shown) == 1


async def test_an_edit_that_drops_a_room_takes_the_copy_there_back(
    private: FakeRoom, class_room: FakeRoom, other_room: FakeRoom
) -> None:
    command = await private.say(DURAND, "annonce Réunion.\n\npour : 6B, 6C")
    await private.tap(DURAND, private.last)
    await private.edit(DURAND, command, "annonce Réunion.\n\npour : 6C")
    await private.tap(DURAND, private.last)
    assert not class_room.shown
    assert other_room.shown


async def test_a_refused_command_runs_once_when_it_is_mended(class_room: FakeRoom) -> None:
    command = await class_room.say(DURAND, "!annonce Bonjour. priorité=énorme")
    await class_room.edit(DURAND, command, "!annonce Bonjour.")
    await class_room.edit(DURAND, command, "!annonce Bonjour à tous.")
    assert [message.body.split("\n")[0] for message in class_room.of_kind("announcement")] == [
        "Bonjour à tous."
    ]


async def test_many_readers_come_as_a_table_too(bot: FakeBot, private: FakeRoom) -> None:
    parents = {f"@p{number}:test": f"Parent {number:02}" for number in range(20)}
    room = await bot.room("4A", {DURAND: "Mme Durand", **parents}, {DURAND: 50})
    await room.say(DURAND, "!annonce Bonjour.")
    for parent in parents:
        await room.tap(parent, room.last)
    await private.say(DURAND, "suivi A1")
    assert "20 sur 20" in private.last.body
    table = bot.homeserver.files[private.last.content["url"]].decode("utf-8-sig").splitlines()
    assert table[0] == "nom;état;heure"
    assert table[1] == "Parent 00;lu;2026-10-06 07:40"
    assert len(table) == 21
