"""What is set, for whom, and who decided so."""

from __future__ import annotations

from datetime import time

from coedu_bot.school.quiet_hours import QuietHours
from coedu_bot.school.school import Person, SchoolClass, SchoolRoom
from coedu_bot.store import rooms
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements.conftest import BENALI, COSTA, DURAND

HOURS = QuietHours(time(19), time(7, 30))


async def test_everyone_sees_their_own_values_and_where_they_come_from(
    bot: FakeBot, private: FakeRoom
) -> None:
    costa = await bot.direct(COSTA)
    await costa.say(COSTA, "réglages")
    assert "Langue\u00a0: Français (école)" in costa.last.body
    assert "Heures calmes\u00a0: aucune (école)" in costa.last.body
    assert "Fuseau horaire\u00a0: Europe/Paris (école)" in costa.last.body
    assert "Résumé\u00a0: non, chaque message à son heure (par défaut)" in costa.last.body
    assert "Pas de droit particulier" in costa.last.body
    await costa.say(COSTA, "heures 20h-7h")
    await costa.say(COSTA, "résumé 18h")
    await costa.say(COSTA, "réglages")
    assert "Heures calmes\u00a0: de 20\u00a0h à 7\u00a0h (choisi par message)" in costa.last.body
    assert "chaque jour à 18\u00a0h (choisi par message)" in costa.last.body
    await costa.say(COSTA, "heures école")
    await costa.say(COSTA, "réglages")
    assert "Heures calmes\u00a0: aucune (école)" in costa.last.body


async def test_a_language_from_the_list_of_people_is_named_as_such(bot: FakeBot) -> None:
    async with FakeBot.with_plugins(people={BENALI: Person(BENALI, "Mme Benali", "ar")}) as other:
        room = await other.direct(BENALI)
        await room.say(BENALI, "إعدادات")
        assert "العربية" in room.last.body
        assert "بطاقة الشخص" in room.last.body


async def test_in_a_room_its_own_values_are_told_privately(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!réglages")
    assert class_room.last.kind == "sent-privately"
    private = bot.direct_of(DURAND)
    assert private is not None
    assert "Dans 6B\u00a0:" in private.last.body
    assert "Fonctions\u00a0: annonce (école)" in private.last.body
    assert "Vous pouvez\u00a0: annonce" in private.last.body
    assert "(par défaut)" in private.last.body


async def test_class_and_room_are_named_as_sources() -> None:
    classes = {"6B": SchoolClass("6B", "6e B", frozenset({DURAND}), ("fr", "tr"))}
    school_rooms = {
        "6B/class": SchoolRoom("6B/class", "class", "6B"),
        "6B/announcements": SchoolRoom("6B/announcements", "announcements", "6B", ("fr", "ar")),
    }
    async with FakeBot.with_plugins(classes=classes, rooms=school_rooms) as bot:
        for binding, source in (("6B/class", "classe"), ("6B/announcements", "salon")):
            room = await bot.room(binding, {DURAND: "Mme Durand"})
            async with bot.database.transaction() as db:
                await rooms.mark_room(db, room.id, bot.clock.now(), binding=binding)
            await room.say(DURAND, "!réglages")
            private = bot.direct_of(DURAND)
            assert private is not None
            assert f"({source})" in private.last.body


async def test_a_teacher_sets_the_hours_of_a_room_and_they_count(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(DURAND, "!réglages heures=7h-12h langues=fr,tr")
    private = bot.direct_of(DURAND)
    assert private is not None
    assert "de 7\u00a0h à 12\u00a0h (choisi par message)" in private.last.body
    assert "Français et Türkçe" in private.last.body
    await class_room.say(DURAND, "!annonce Bonjour.")
    assert "aujourd’hui à 12\u00a0h" in class_room.last.body


async def test_a_parent_may_not_and_in_private_there_is_no_room(bot: FakeBot, class_room: FakeRoom) -> None:
    await class_room.say(COSTA, "!réglages heures=7h-12h")
    assert class_room.last.kind == "error"
    costa = await bot.direct(COSTA)
    await costa.say(COSTA, "!réglages heures=7h-12h")
    assert costa.last.kind == "error"


async def test_a_feature_can_be_switched_off_in_a_room_and_on_again(
    bot: FakeBot, class_room: FakeRoom
) -> None:
    private = await bot.direct(DURAND)
    await class_room.say(DURAND, "!réglages sans=annonce")
    await class_room.say(DURAND, "!annonce Bonjour.")
    assert class_room.last.kind == "error"
    await private.say(DURAND, "annonce Bonjour. pour=6B")
    assert private.last.kind == "error"
    await class_room.say(DURAND, "!réglages avec=annonce")
    await class_room.say(DURAND, "!annonce Bonjour.")
    assert class_room.last.kind == "announcement"


async def test_a_question_about_hours_is_no_command(bot: FakeBot) -> None:
    costa = await bot.direct(COSTA)
    await costa.say(COSTA, "Heures d’ouverture de la cantine ?")
    assert "heures calmes" not in costa.last.body.lower()
    await costa.say(COSTA, "!heures n’importe quoi")
    assert costa.last.kind == "error"
    assert "heures 20h-7h" in costa.last.body


async def test_an_unknown_zone_is_quoted(bot: FakeBot) -> None:
    costa = await bot.direct(COSTA)
    await costa.say(COSTA, "!heures 20h-7h fuseau=Atlantide")
    assert "Atlantide" in costa.last.body
    assert costa.last.kind == "error"
