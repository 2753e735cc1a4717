"""Announcements on a real homeserver: asserted on what another user's sync brings."""

from __future__ import annotations

import pytest

from coedu_bot.demo.client import Event, NotSeenError, Person, coedu
from coedu_bot.demo.process import BotProcess
from tests.end_to_end.conftest import World, is_join

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


class ClassRoom:
    """A class room with its teacher and two parents."""

    def __init__(
        self, world: World, bot: BotProcess, teacher: Person, parents: tuple[Person, Person], room: str
    ) -> None:
        self.world, self.bot, self.teacher, self.parents, self.room = world, bot, teacher, parents, room

    @property
    def parent(self) -> Person:
        return self.parents[0]

    async def two_hours_later(self) -> None:
        """The bot is started again with its clock put forward."""
        await self.bot.end()
        self.bot.clock_offset += 7200
        await self.bot.start()

    async def private(self) -> str:
        return await self.world.direct(self.teacher)


async def class_of(world: World, name: str = "6B", *, power: int = 50) -> ClassRoom:
    bot = await world.bot()
    teacher = await world.person("Mme Durand")
    parents = (await world.person("Mme Benali"), await world.person("M. Costa"))
    room = await world.room(name, teacher, *parents, power=power)
    return ClassRoom(world, bot, teacher, parents, room)


async def second_room(one: ClassRoom, name: str = "6C") -> str:
    return await one.world.room(name, one.teacher, *one.parents)


async def confirm(one: ClassRoom, private: str) -> None:
    preview = await one.teacher.sees_message(room=private, kind="announcement.preview")
    assert preview["content"]["msgtype"] == "m.text"
    await offers(one.teacher, private, preview, "✅", "❌")
    await one.teacher.tap(private, preview["event_id"])


async def offers(person: Person, room: str, message: Event, *keys: str) -> None:
    for key in keys:
        relation = {"rel_type": "m.annotation", "event_id": message["event_id"], "key": key}
        await person.sees(lambda e, r=relation: e["content"].get("m.relates_to") == r, room)  # type: ignore[misc]


async def test_a_teachers_line_is_posted_and_a_parents_tap_is_counted(world: World) -> None:
    one = await class_of(world)
    await one.teacher.say(one.room, "!annonce La sortie est reportée au vendredi 9 octobre à 14 h.")
    post = await one.parent.sees_message("La sortie est reportée", room=one.room, kind="announcement")
    assert post["sender"] == world.bot_id
    assert post["content"]["msgtype"] == "m.text"
    assert post["content"]["m.mentions"] == {}
    assert {**coedu(post), "ref": ""} == {"kind": "announcement", "id": "A1", "lang": "fr", "v": 1, "ref": ""}
    await offers(one.parent, one.room, post, "✅")
    await one.parent.tap(one.room, post["event_id"], "✅\ufe0f")
    private = await one.private()
    await one.teacher.say(private, "suivi A1")
    report = await one.teacher.sees_message("1 sur 2 a lu.", room=private, kind="announcement.receipts")
    assert "Mme Benali" in report["content"]["body"]
    assert report["content"]["msgtype"] == "m.notice"


async def test_markdown_goes_to_two_rooms_after_a_preview(world: World) -> None:
    one = await class_of(world)
    other = await second_room(one)
    private = await one.private()
    await one.teacher.say(
        private, "annonce 🚌 Sortie\nDépart à **8 h 30**.\n- un pique-nique\n- une gourde\n\npour : 6B, 6C"
    )
    await confirm(one, private)
    for room in (one.room, other):
        post = await one.parent.sees_message("🚌 Sortie", room=room, kind="announcement")
        assert "<strong>8 h 30</strong>" in post["content"]["formatted_body"]
        assert "<li>une gourde</li>" in post["content"]["formatted_body"]
    await one.teacher.sees_message("A1 publiée : 6B, 6C", room=private, kind="reply")


async def test_a_planned_announcement_is_listed_and_cancelled(world: World) -> None:
    one = await class_of(world)
    private = await one.private()
    await one.teacher.say(private, "annonce Piscine.\n\npour : 6B\nenvoyer : demain 7h45")
    await one.teacher.sees_message("A1 partira", room=private, kind="reply")
    await one.teacher.say(private, "annonces")
    await one.teacher.sees_message("A1 : Piscine.", room=private, kind="reply")
    await one.teacher.say(private, "annuler A1")
    await one.teacher.sees_message("A1 est retirée.", room=private, kind="reply")


async def test_a_planned_announcement_goes_when_its_time_has_come(world: World) -> None:
    one = await class_of(world)
    private = await one.private()
    await one.teacher.say(private, 'annonce Piscine. pour=6B envoyer="dans 2 heures"')
    await one.teacher.sees_message("A1 partira", room=private)
    await one.two_hours_later()
    post = await one.parent.sees(lambda e: coedu(e).get("kind") == "announcement", one.room)
    assert post["content"]["body"].startswith("Piscine.")


async def test_a_picture_goes_along(world: World) -> None:
    one = await class_of(world)
    await one.teacher.share(one.room, PNG, "plan.png", "image/png", "!annonce Le plan du musée.")
    post = await one.parent.sees_message("Le plan du musée.", room=one.room, kind="announcement")
    assert post["content"]["msgtype"] == "m.image"
    assert post["content"]["url"].startswith("mxc://")
    assert post["content"]["info"]["mimetype"] == "image/png"


@pytest.mark.parametrize("may", [True, False])
async def test_urgent_calls_the_room_if_its_author_may(world: World, may: bool) -> None:
    one = await class_of(world)
    await one.teacher.set_power(one.room, notifications={"room": 50 if may else 101}, users={})
    head = await world.person("Mme Martin")
    room = await world.room("5A", head, one.teacher, one.parent)
    await head.set_power(room, users={one.teacher.user_id: 50}, notifications={"room": 50 if may else 60})
    private = await one.private()
    await one.teacher.say(private, "annonce Le car est en panne. pour=5A priorité=urgente")
    await confirm(one, private)
    post = await one.parent.sees_message("Le car est en panne.", room=room, kind="announcement")
    assert post["content"]["m.mentions"] == ({"room": True} if may else {})
    copy = await head.sees_message("Le car est en panne.", kind="announcement.copy")
    assert copy["room_id"] != room


async def test_an_important_one_is_pinned(world: World) -> None:
    one = await class_of(world)
    await one.teacher.say(one.room, "!annonce Grève jeudi. priorité=importante")
    post = await one.parent.sees_message("Grève jeudi.", room=one.room, kind="announcement")
    pins = await one.parent.sees(lambda e: e["type"] == "m.room.pinned_events", one.room)
    assert pins["content"]["pinned"] == [post["event_id"]]


async def test_who_has_not_read_is_written_to_privately(world: World) -> None:
    one = await class_of(world)
    await one.teacher.say(one.room, "!annonce Sortie\nDépart à 8 h 30.")
    post = await one.parent.sees_message("Sortie", room=one.room)
    await one.parent.tap(one.room, post["event_id"])
    private = await one.private()
    await one.teacher.say(private, "relance A1")
    await one.teacher.sees_message("1 personne", room=private)
    costa = one.parents[1]
    nudge = await costa.sees_message("Bonjour, avez-vous vu", kind="announcement.nudge")
    assert nudge["room_id"] not in (one.room, private)
    assert nudge["content"]["msgtype"] == "m.text"
    await costa.tap(nudge["room_id"], nudge["event_id"])
    await one.teacher.say(private, "suivi A1")
    await one.teacher.sees_message("2 sur 2 ont lu.", room=private)
    assert one.parent.invitations == [one.room]


async def test_follow_up_in_the_class_room_is_answered_privately_and_taken_out(world: World) -> None:
    one = await class_of(world)
    await one.teacher.say(one.room, "!annonce Sortie.")
    await one.parent.sees_message("Sortie.", room=one.room)
    question = await one.teacher.say(one.room, "!suivi A1")
    await one.teacher.sees_message("0 sur 2", kind="announcement.receipts")
    await one.parent.sees_message("Je vous ai écrit en privé", room=one.room, kind="sent-privately")
    await one.parent.sees(lambda e: redacts(e) == question, one.room)
    with pytest.raises(NotSeenError):
        await one.parent.sees(lambda e: "sur 2" in str(e["content"].get("body")), within=1)


async def test_an_edit_changes_every_copy_and_a_new_hour_rings(world: World) -> None:
    one = await class_of(world)
    command = await one.teacher.say(one.room, "!annonce Sortie\nDépart à 8 h 30.")
    post = await one.parent.sees_message("Sortie", room=one.room, kind="announcement")
    await one.teacher.edit(one.room, command, "!annonce Sortie\nDépart à 7 h 45.")
    correction = await one.parent.sees_message(
        "Départ à 7 h 45 (et non 8 h 30)", room=one.room, kind="announcement.correction"
    )
    assert correction["content"]["m.relates_to"] == {"m.in_reply_to": {"event_id": post["event_id"]}}
    edit = await one.parent.sees(
        lambda e: (
            e["content"].get("m.relates_to", {}).get("rel_type") == "m.replace"
            and e["sender"] == world.bot_id
        ),
        one.room,
    )
    assert edit["content"]["m.relates_to"]["event_id"] == post["event_id"]
    assert "7 h 45" in edit["content"]["m.new_content"]["body"]
    assert coedu(edit)["v"] == 2
    await offers(one.parent, one.room, correction, "✅")


async def test_redacting_the_command_takes_the_post_back(world: World) -> None:
    one = await class_of(world)
    command = await one.teacher.say(one.room, "!annonce Sortie.")
    post = await one.parent.sees_message("Sortie.", room=one.room, kind="announcement")
    await one.teacher.redact(one.room, command)
    await one.parent.sees(lambda e: redacts(e) == post["event_id"] and e["sender"] == world.bot_id, one.room)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("!annonce Bonjour. priorité=énorme", "énorme"),
        ("!annonce Bonjour. pourr=6B", "pour"),
        ("!annonce Bonjour. envoyer=hier", "hier"),
        ('!annonce Bonjour. envoyer="31 février 8h"', "31 février"),
        ("!annnonce Bonjour.", "!annonce"),
        ("!annuler A99", "A99"),
    ],
)
async def test_a_wrong_command_is_explained_where_it_was_typed_and_changes_nothing(
    world: World, command: str, told: str
) -> None:
    one = await class_of(world)
    typed = await one.teacher.say(one.room, command)
    error = await one.teacher.sees_message(told, room=one.room, kind="error")
    assert error["content"]["msgtype"] == "m.notice"
    assert error["content"]["m.relates_to"] == {"m.in_reply_to": {"event_id": typed}}
    await one.teacher.say(one.room, "!ping")
    await one.teacher.sees_message("Je suis là.", room=one.room)
    assert not one.teacher.messages(one.room, "announcement")


async def test_a_parent_may_not_announce_and_is_told_who_may(world: World) -> None:
    one = await class_of(world)
    await one.parent.say(one.room, "!annonce Goûter chez nous.")
    await one.parent.sees_message("enseignants", room=one.room, kind="error")


async def test_a_command_in_a_thread_is_answered_there(world: World) -> None:
    one = await class_of(world)
    root = await one.teacher.say(one.room, "À propos de la sortie")
    await one.teacher.say(one.room, "!ping", thread=root)
    answer = await one.parent.sees_message("Je suis là.", room=one.room)
    assert answer["content"]["m.relates_to"]["rel_type"] == "m.thread"
    assert answer["content"]["m.relates_to"]["event_id"] == root


async def test_an_upgraded_room_keeps_what_is_planned_and_the_bot_follows(world: World) -> None:
    one = await class_of(world)
    private = await one.private()
    await one.teacher.say(private, 'annonce Piscine. pour=6B envoyer="dans 2 heures"')
    await one.teacher.sees_message("A1 partira", room=private)
    answer = await one.teacher.call("POST", f"/rooms/{one.room}/upgrade", {"new_version": "11"})
    new = answer["replacement_room"]
    await one.teacher.invite(new, world.bot_id)
    await one.parent.call("POST", f"/rooms/{one.room}/leave", {})
    await one.teacher.invite(new, one.parent.user_id)
    await one.teacher.sees(lambda e: is_join(e, world.bot_id), new)
    await one.two_hours_later()
    post = await one.parent.sees(lambda e: coedu(e).get("kind") == "announcement", new)
    assert post["content"]["body"].startswith("Piscine.")


def redacts(event: Event) -> str | None:
    """Which event this one takes away."""
    if event["type"] != "m.room.redaction":
        return None
    return event.get("redacts") or event["content"].get("redacts")
