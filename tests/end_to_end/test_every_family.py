"""A school with every kind of family, through real clients; a family that comes later, by CSV in private."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from coedu_bot.demo.client import Person
from coedu_bot.demo.process import BotProcess
from tests.end_to_end.conftest import World, is_join
from tests.end_to_end.test_households import EVENING, HEADER, SCHOOL, set_time
from tests.end_to_end.test_private_talk import sees_menu, vote

NAMES = (
    *("Inès B", "Lucas P", "Ana C", "Luis C", "Daria K", "Inês S", "Zoé N"),
    *("Benali", "Petit", "Costa", "Kovalenko", "Silva", "Nguyen", "01 99 00", "Muséum"),
)
"""What no log of the bot may hold: pupils, families, numbers, what is said."""


@dataclass(slots=True)
class Families:
    """Separated parents in 6B, siblings in both classes, a discreet guardian and one to be informed in 6C."""

    teacher: Person
    mother: Person
    father: Person
    costa: Person
    discreet: Person
    informed: Person
    room: str
    bot: BotProcess


async def families_of(world: World) -> Families:
    names = ("Mme Durand", "Mme Benali", "M. Benali", "M. Costa", "Mme Kovalenko", "M. Silva")
    teacher, *parents = [await world.person(name) for name in names]
    mother, father, costa, discreet, informed = [parent.user_id for parent in parents]
    (world.folder / "families.csv").write_text(
        HEADER
        + f"Inès B.;6B;Benali (mère);Mme Benali;{mother};ar;complet;;\n"
        + f"Inès B.;6B;Benali (père);M. Benali;{father};fr;complet;;\n"
        + "Lucas P.;6B;Petit;Mme Petit;;fr;complet;;01 99 00 12 34\n"
        + f"Ana C.;6B;Costa;M. Costa;{costa};pt;complet;;\n"
        + f"Luis C.;6C;Costa;M. Costa;{costa};pt;complet;;\n"
        + f"Daria K.;6C;Kovalenko;Mme Kovalenko;{discreet};fr;complet;oui;\n"
        + f"Inês S.;6C;Silva;M. Silva;{informed};fr;information;;\n"
    )
    suffix = teacher.user_id.rpartition("-")[2].partition(":")[0]
    aliases = {id_: f"{id_.lower()}-{suffix}" for id_ in ("6B", "6C")}
    classes = {
        id_: {
            "teachers": [teacher.user_id],
            "families": "families.csv",
            "rooms": {"class": {"alias": f"#{alias}:ecole.test"}},
        }
        for id_, alias in aliases.items()
    }
    people = {"coordinators": [teacher.user_id]}
    bot = await world.bot(start=False, school=SCHOOL, classes=classes, people=people)
    members = {"6B": (mother, father, costa), "6C": (costa, informed)}
    rooms = {
        id_: await teacher.create_room(
            f"6e {id_[-1]}", (*invited, world.bot_id), room_alias_name=aliases[id_]
        )
        for id_, invited in members.items()
    }
    await set_time(bot, EVENING - timedelta(hours=11))
    for room in rooms.values():
        await teacher.sees(lambda event: is_join(event, world.bot_id), room)
    return Families(teacher, *parents, room=rooms["6B"], bot=bot)


async def test_every_kind_of_family_gets_what_is_theirs_and_nothing_of_another(world: World) -> None:
    """Separated parents, siblings in two classes, no smartphone, discreet, to be informed only."""
    one = await families_of(world)
    costa, discreet, informed = one.costa, one.discreet, one.informed
    private = await world.direct(one.teacher)
    await one.teacher.say(private, "annonce Sortie au Muséum\nDépart à 8 h 30.\n\npour : 6B, 6C")
    preview = await one.teacher.sees_message("5 familles, 6 foyers et 3 langues", room=private)
    await one.teacher.tap(private, preview["event_id"])
    await one.father.sees_message("Sortie au Muséum", room=one.room, kind="announcement", id="A1")
    copy = await one.mother.sees_message("Sortie au Muséum", kind="announcement.copy", id="A1")
    assert copy["room_id"] != one.room
    assert "✅ = قرأتُ" in copy["content"]["body"]
    await one.mother.tap(copy["room_id"], copy["event_id"])
    for person in (costa, discreet):
        theirs = await person.sees_message("Sortie au Muséum", kind="announcement.copy", id="A1")
        await person.tap(theirs["room_id"], theirs["event_id"])
    post = await informed.sees_message("Sortie au Muséum", kind="announcement", id="A1")
    await informed.tap(post["room_id"], post["event_id"])
    await one.teacher.say(private, "suivi A1 lu Petit")
    await one.teacher.sees_message("Noté : Petit. 5 foyers sur 6 ont lu.", room=private)
    await one.teacher.say(private, "suivi A1")
    report = await one.teacher.sees_message("5 foyers sur 6", room=private, kind="announcement.receipts")
    assert "À relancer\u00a0:\n\n- Benali (père)" in report["content"]["body"]
    await one.teacher.say(private, "relance A1")
    nudge = await one.father.sees_message(kind="announcement.nudge")
    await one.father.tap(nudge["room_id"], nudge["event_id"])
    await one.teacher.say(private, "suivi A1")
    await one.teacher.sees_message("6 foyers sur 6 ont lu.", room=private, kind="announcement.receipts")

    new = await world.person("Mme Nguyen")
    families = (
        world.folder / "families.csv"
    ).read_text() + f"Zoé N.;6C;Nguyen;Mme Nguyen;{new.user_id};fr;;;\n"
    await one.teacher.share(private, families.encode("cp1252"), "export.csv", "text/csv")
    menu = await sees_menu(one.teacher, "Oui, l’utiliser", private)
    await vote(one.teacher, menu, "Oui, l’utiliser")
    await new.sees_message("Sortie au Muséum", kind="announcement.copy", id="A1")

    homes = [(one.mother, "mère"), (one.father, "père"), (costa, "Costa")]
    homes += [(discreet, "Kovalenko"), (informed, "Silva"), (new, "Nguyen")]
    assert len(costa.messages(theirs_of(costa), "announcement.copy")) == 1  # two children, one copy
    for parent, own in homes:
        told = [str(e["content"]) for e in parent.seen() if e["sender"] == world.bot_id]
        others = [name for _, name in homes if name != own] + ["Petit", "foyer"]
        assert not [(name, text) for text in told for name in others if name in text]
    assert len({event["room_id"] for event in discreet.seen()}) == 1  # alone with the bot
    log = json.dumps(one.bot.log, ensure_ascii=False)
    assert len(one.bot.log) > 5
    assert [name for name in NAMES if name in log] == []


def theirs_of(person: Person) -> str:
    """The direct room in which somebody got a copy."""
    found = [room for room in person.events if person.messages(room, "announcement.copy")]
    return found[0]
