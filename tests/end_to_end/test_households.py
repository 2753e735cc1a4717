"""Households, private copies and the night, on a real homeserver."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coedu_bot.demo.client import Event, NotSeenError, Person, coedu, is_message
from coedu_bot.demo.process import BotProcess
from tests.end_to_end.conftest import World, is_join
from tests.end_to_end.test_private_talk import is_redacted, sees_menu, vote

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
    head: Person
    teacher: Person
    mother: Person
    father: Person
    room: str


async def families_of(world: World, now: datetime) -> Families:
    """All are in the class room but the mother, who is still to be invited."""
    names = ("Mme Martin", "Mme Durand", "Mme Benali", "M. Benali")
    head, teacher, mother, father = [await world.person(name) for name in names]
    (world.folder / "6b.csv").write_text(
        HEADER
        + f"Inès Benali;6B;Benali (mère);Mme Benali;{mother.user_id};fr;complet;;\n"
        + f"Inès Benali;6B;Benali (père);M. Benali;{father.user_id};fr;complet;;\n"
        + "Lucas Petit;6B;Petit;Mme Petit;;fr;complet;;01 99 00 12 34\n"
    )
    alias = f"6b-{world.folder.name}".replace("_", "-")[:40]
    room_ = {"alias": f"#{alias}:ecole.test"}
    class_ = {"name": "6e B", "teachers": [teacher.user_id], "families": "6b.csv", "rooms": {"class": room_}}
    people = {"coordinators": [head.user_id]}
    plugins: dict[str, object] = {"announcements": {}, "welcome": {}}
    bot = await world.bot(start=False, school=SCHOOL, classes={"6B": class_}, people=people, plugins=plugins)
    room = await teacher.create_room("6e B", (father.user_id, world.bot_id), room_alias_name=alias)
    await teacher.set_power(room, users={world.bot_id: 50})
    await father.is_in(room)
    await set_time(bot, now)
    await teacher.sees(lambda event: is_join(event, world.bot_id), room)
    return Families(bot, head, teacher, mother, father, room)


async def greeted_in_arabic(one: Families) -> None:
    """The mother comes in, is greeted privately, and picks her language from the menu."""
    await one.teacher.invite(one.room, one.mother.user_id)
    greeting = await one.mother.sees_message("Bienvenue", kind="welcome")
    assert greeting["room_id"] != one.room
    menu = await sees_menu(one.mother, "العربية", greeting["room_id"])
    await vote(one.mother, menu, "العربية")
    await one.mother.sees_message("سأكتب لكم", room=greeting["room_id"], kind="reply", lang="ar")


async def set_time(bot: BotProcess, now: datetime) -> None:
    """Have the bot run at this moment."""
    bot.clock_offset = (now - datetime.now(UTC)).total_seconds()
    await bot.start()


async def test_separated_parents_read_each_on_their_own_and_only_staff_sees_who(world: World) -> None:
    one = await families_of(world, EVENING - timedelta(hours=11))
    await greeted_in_arabic(one)
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
    office = await world.direct(one.head)
    await a_new_family_gets_what_is_open(world, one, office)
    await suspended_without_a_word(one, office, private)
    await frozen_and_withdrawn(one, office)


async def a_new_family_gets_what_is_open(world: World, one: Families, office: str) -> None:
    """The coordinator sends the new list privately, taps ✅, and who has come is told what is still open."""
    newcomer = await world.person("M. Costa")
    families = (world.folder / "6b.csv").read_text()
    families += f"Lina Costa;6B;Costa;M. Costa;{newcomer.user_id};pt;complet;;\n"
    await one.head.share(office, families.encode(), "6b.csv", "text/csv")
    plan = await sees_menu(one.head, "Oui, l’utiliser", office)
    assert "Costa" in plan["content"]["body"]
    await one.head.tap(office, plan["event_id"])
    await one.head.sees_message("6b.csv est en service", room=office, kind="reply")
    copy = await newcomer.sees_message("Sortie au Muséum", kind="announcement.copy", id="A1", lang="pt")
    await newcomer.tap(copy["room_id"], copy["event_id"])


async def suspended_without_a_word(one: Families, office: str, private: str) -> None:
    """The father is out of the room and gets nothing; the others see that he left, and no more."""
    before = known(one.mother), known(one.teacher)
    await one.head.say(office, "suspendre M. Benali")
    await one.head.sees_message("M. Benali ne reçoit plus rien", room=office, kind="reply")
    for other, seen in zip((one.mother, one.teacher), before, strict=True):
        await other.sees(lambda e: is_leave(e, one.father.user_id), one.room)
        assert [event["type"] for event in news(other, seen)] == ["m.room.member"]
    told = known(one.father)
    await one.teacher.say(private, "annonce Piscine demain.\n\npour : 6B")
    await one.mother.sees_message("Piscine demain", kind="announcement.copy", id="A2")
    await one.teacher.say(private, "suivi A2")
    await one.teacher.sees_message("sur 3", room=private, kind="announcement.receipts", id="A2")
    assert news(one.father, told) == []


async def frozen_and_withdrawn(one: Families, office: str) -> None:
    """A tap takes away what the teacher's account posted; readers are told that it is gone, not why."""
    seen = known(one.mother)
    await one.head.say(office, "gel Mme Durand")
    offer = await one.head.sees_message("est gelé", room=office)
    await one.head.tap(office, offer["event_id"])
    for kind in ("announcement", "announcement.copy"):
        shown = next(e for e in one.mother.seen() if is_message(e, kind=kind, id="A2"))
        await is_redacted(one.mother, shown)
    theirs = [event for event in news(one.mother, seen) if event["sender"] != one.teacher.user_id]
    shown_as = {coedu(event).get("kind", event["type"]) for event in theirs}
    assert shown_as <= {"m.room.redaction", "announcement.correction"}
    assert not [event for event in theirs if "Durand" in str(event["content"])]
    await one.teacher.say(one.room, "!annonce Cliquez ici.")
    await one.mother.say(one.room, "!ping")
    await one.mother.sees_message("Je suis là", room=one.room)
    assert not [event for event in one.mother.seen() if is_message(event, id="A3")]


def known(person: Person) -> set[str]:
    return {event["event_id"] for event in person.seen()}


def news(person: Person, before: set[str]) -> list[Event]:
    """What somebody has seen since then."""
    return [event for event in person.seen() if event["event_id"] not in before]


def is_leave(event: Event, user: str) -> bool:
    member = (event["type"], event.get("state_key")) == ("m.room.member", user)
    return member and event["content"].get("membership") == "leave"


async def test_at_night_no_phone_rings_until_the_morning_unless_its_author_wants_it(world: World) -> None:
    one = await families_of(world, EVENING)
    await greeted_in_arabic(one)
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
