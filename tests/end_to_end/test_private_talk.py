"""Private talk on a real homeserver: greeting, languages, dialogues over a kill, the relay, strangers."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from coedu_bot.demo.client import Event, Person, coedu
from tests.end_to_end.conftest import World

START = "org.matrix.msc3381.poll.start"
TEXT = "org.matrix.msc1767.text"
PLUGINS: dict[str, dict[str, Any]] = {"announcements": {}, "welcome": {}}


async def sees_menu(person: Person, entry: str, room: str | None = None) -> Event:
    """A menu that has this entry."""
    return await person.sees(lambda e: e["type"] == START and entry in entries(e), room)


def entries(menu: Event) -> dict[str, str]:
    """The labels of a menu with the ids of its answers."""
    return {one[TEXT]: one["id"] for one in menu["content"].get(START, {}).get("answers", ())}


async def vote(person: Person, menu: Event, entry: str) -> None:
    """Choose as a client does."""
    content = {
        "m.relates_to": {"rel_type": "m.reference", "event_id": menu["event_id"]},
        "org.matrix.msc3381.poll.response": {"answers": [entries(menu)[entry]]},
    }
    await person.send(menu["room_id"], "org.matrix.msc3381.poll.response", content)


async def is_redacted(person: Person, event: Event) -> None:
    await person.sees(
        lambda e: (
            e["type"] == "m.room.redaction"
            and event["event_id"] in (e.get("redacts"), e["content"].get("redacts"))
        )
    )


async def test_a_parent_is_greeted_picks_arabic_and_is_spoken_to_in_arabic(world: World) -> None:
    await world.bot(plugins=PLUGINS)
    teacher, parent = await world.person("Mme Durand"), await world.person("Mme Benali")
    room = await world.room("6B", teacher)
    await teacher.invite(room, parent.user_id)
    greeting = await parent.sees_message("Bienvenue", kind="welcome")
    menu = await sees_menu(parent, "العربية", greeting["room_id"])
    assert list(entries(menu))[:3] == ["Français", "English", "العربية"]
    await vote(parent, menu, "العربية")
    await parent.sees_message("سأكتب لكم", room=greeting["room_id"], kind="reply", lang="ar")
    await is_redacted(parent, menu)
    await parent.say(greeting["room_id"], "ping")
    await parent.sees_message("أنا هنا", room=greeting["room_id"], lang="ar")
    assert [m for m in parent.messages(room) if coedu(m).get("kind") == "welcome"] == []


async def test_a_dialogue_goes_on_after_a_kill(world: World) -> None:
    bot = await world.bot(plugins=PLUGINS)
    teacher, parent = await world.person("Mme Durand"), await world.person("Mme Benali")
    room = await world.room("6B", teacher, parent)
    private = await world.direct(teacher)
    await teacher.say(private, "annonce")
    await teacher.sees_message("Que voulez-vous annoncer", room=private, kind="dialogue")
    await bot.end(signal.SIGKILL)
    await teacher.say(private, "La sortie est reportée.")
    await bot.start()
    menu = await sees_menu(teacher, "6B", private)
    await vote(teacher, menu, "6B")
    await vote(teacher, menu, "6B")
    await parent.sees_message("La sortie est reportée.", room=room, kind="announcement")
    await is_redacted(teacher, menu)
    await teacher.sees_message("déjà noté", room=private)
    assert len(parent.messages(room, "announcement")) == 1


async def test_private_text_is_handed_on_and_the_answer_comes_back(world: World) -> None:
    await world.bot(plugins=PLUGINS)
    teacher, parent = await world.person("Mme Durand"), await world.person("Mme Benali")
    await world.room("6B", teacher, parent)
    private = await world.direct(parent)
    await parent.say(private, "Yanis est malade.")
    await vote(parent, await sees_menu(parent, "Mme Durand", private), "Mme Durand")
    received = await teacher.sees_message("Yanis est malade.", kind="relay")
    assert "Mme Benali" in received["content"]["body"]
    assert received["content"]["msgtype"] == "m.text"
    await teacher.say(received["room_id"], "Bon rétablissement !", reply_to=received["event_id"])
    await parent.sees_message("Bon rétablissement", room=private, kind="relay")
    await parent.say(private, "Merci !")
    await teacher.sees_message("Merci", room=received["room_id"], kind="relay")


async def test_strangers_get_nowhere(world: World) -> None:
    stranger = await world.person("Inconnu")
    teacher_id = f"@durand-{stranger.user_id[1:].partition(':')[0]}:ecole.test"
    families = world.folder / "families.csv"
    families.write_text(
        "élève;classe;foyer;responsable;identifiant\nYanis Benali;6B;Benali;Mme Benali;@b:ecole.test\n"
    )
    classes = {"6B": {"teachers": [teacher_id], "families": str(families)}}
    await world.bot(plugins=PLUGINS, classes=classes)
    room = await stranger.open_direct(world.bot_id)
    left = ("m.room.member", world.bot_id)
    await stranger.sees(
        lambda e: (e["type"], e.get("state_key")) == left and e["content"]["membership"] == "leave", room
    )
    await stranger.say(room, "moi")
    await asyncio.sleep(0.5)
    assert [
        e for e in stranger.seen(room) if e["sender"] == world.bot_id and e["type"] != "m.room.member"
    ] == []
