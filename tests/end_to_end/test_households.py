"""Households, private copies and the night, on a real homeserver."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coedu_bot.demo.client import NotSeenError, Person, is_message
from coedu_bot.demo.process import BotProcess
from tests.end_to_end.conftest import World, is_join

EVENING = datetime(2026, 10, 6, 21, 0, tzinfo=ZoneInfo("Europe/Paris"))
HEADER = "élève;classe;foyer;responsable;identifiant;langue;droits;discret;téléphone\n"
SCHOOL = {
    "name": "Collège",
    "controller": "La principale",
    "contact": "dpo@ecole.test",
    "quiet_hours": {"from": "19:00", "to": "07:30"},
}


@dataclass(slots=True)
class Families:
    """A class of three households: separated parents, and one without a smartphone."""

    bot: BotProcess
    teacher: Person
    mother: Person
    father: Person
    room: str


async def families_of(world: World, now: datetime) -> Families:
    teacher, mother, father = [await world.person(name) for name in ("Mme Durand", "Mme Benali", "M. Benali")]
    (world.folder / "6b.csv").write_text(
        HEADER
        + f"Inès Benali;6B;Benali (mère);Mme Benali;{mother.user_id};ar;complet;;\n"
        + f"Inès Benali;6B;Benali (père);M. Benali;{father.user_id};fr;complet;;\n"
        + "Lucas Petit;6B;Petit;Mme Petit;;fr;complet;;01 99 00 12 34\n"
    )
    alias = f"6b-{world.folder.name}".replace("_", "-")[:40]
    room_ = {"alias": f"#{alias}:ecole.test"}
    class_ = {"name": "6e B", "teachers": [teacher.user_id], "families": "6b.csv", "rooms": {"class": room_}}
    bot = await world.bot(start=False, school=SCHOOL, classes={"6B": class_})
    members = (mother.user_id, father.user_id, world.bot_id)
    room = await teacher.create_room("6e B", members, room_alias_name=alias)
    for parent in (mother, father):
        await parent.is_in(room)
    await set_time(bot, now)
    return Families(bot, teacher, mother, father, room)


async def set_time(bot: BotProcess, now: datetime) -> None:
    """Have the bot run at this moment."""
    bot.clock_offset = (now - datetime.now(UTC)).total_seconds()
    await bot.start()


async def test_separated_parents_read_each_on_their_own_and_only_staff_sees_who(world: World) -> None:
    one = await families_of(world, EVENING - timedelta(hours=11))
    private = await world.direct(one.teacher)
    await one.teacher.say(private, "annonce Sortie au Muséum\nDépart à 8 h 30.\n\npour : 6B")
    await one.father.sees_message("Sortie au Muséum", room=one.room, kind="announcement", id="A1")
    copy = await one.mother.sees_message("Sortie au Muséum", kind="announcement.copy", id="A1")
    assert copy["room_id"] != one.room
    assert "✅ = قرأتُ" in copy["content"]["body"]
    await one.mother.tap(copy["room_id"], copy["event_id"])
    await one.teacher.say(private, "suivi A1 lu Petit")
    await one.teacher.sees_message("Noté : Petit. 2 foyers sur 3 ont lu.", room=private)
    await one.teacher.say(private, "suivi A1")
    report = await one.teacher.sees_message("2 foyers sur 3", room=private, kind="announcement.receipts")
    assert "À relancer\u00a0:\n\n- Benali (père)" in report["content"]["body"]
    await one.teacher.say(private, "relance A1")
    nudge = await one.father.sees_message(kind="announcement.nudge")
    await one.father.tap(nudge["room_id"], nudge["event_id"])
    await one.teacher.say(private, "suivi A1")
    await one.teacher.sees_message("3 foyers sur 3 ont lu.", room=private, kind="announcement.receipts")
    for parent in (one.mother, one.father):
        told = [str(event["content"]) for events in parent.events.values() for event in events]
        assert not [text for text in told if "foyer" in text or "Petit" in text]


async def test_at_night_no_phone_rings_until_the_morning_unless_its_author_wants_it(world: World) -> None:
    one = await families_of(world, EVENING)
    await one.teacher.sees(lambda event: is_join(event, world.bot_id), one.room)
    await one.teacher.say(one.room, "!annonce Rapportez les livres du CDI.")
    notice = await one.teacher.sees_message("🌙 Partira demain à 7 h 30.", room=one.room, kind="reply")
    assert notice["content"]["msgtype"] == "m.notice"
    await one.teacher.say(one.room, "!annonce Demain, piscine.")
    second = await one.teacher.sees_message("🌙 Partira demain", room=one.room, kind="reply", id="A2")
    await one.teacher.tap(one.room, second["event_id"])
    await one.father.sees_message("Demain, piscine.", room=one.room, kind="announcement", id="A2")
    with pytest.raises(NotSeenError):
        await one.father.sees(lambda event: is_message(event, kind="announcement", id="A1"), within=1)
    await one.bot.end(signal.SIGKILL)
    await set_time(one.bot, EVENING + timedelta(hours=10, minutes=31))
    await one.father.sees_message("Rapportez les livres", room=one.room, kind="announcement", id="A1")
    await one.mother.sees_message("Rapportez les livres", kind="announcement.copy", id="A1")
