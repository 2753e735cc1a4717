"""Announcements on a real homeserver: asserted on what another user's sync brings."""

from __future__ import annotations

from tests.end_to_end.conftest import World


async def test_a_teachers_line_is_posted_and_a_parents_tap_is_counted(world: World) -> None:
    await world.bot()
    teacher, parent = await world.person("Mme Durand"), await world.person("Mme Benali")
    room = await world.room("6B", teacher, parent)
    await teacher.say(room, "!annonce La sortie est reportée au vendredi 9 octobre à 14 h.")
    post = await parent.sees_message("La sortie est reportée", room=room, kind="announcement")
    assert post["sender"] == world.bot_id
    assert post["content"]["msgtype"] == "m.text"
    assert post["content"]["m.mentions"] == {}
    assert post["content"]["org.coedu"]["id"] == "A1"
    offered = await parent.sees(
        lambda e: e["type"] == "m.reaction" and e["content"]["m.relates_to"]["event_id"] == post["event_id"],
        room,
    )
    assert offered["sender"] == world.bot_id
    await parent.tap(room, post["event_id"])
    private = await world.direct(teacher)
    await teacher.say(private, "suivi A1")
    report = await teacher.sees_message("1 sur 1 a lu.", room=private, kind="announcement.receipts")
    assert "Mme Benali" in report["content"]["body"]
    assert report["content"]["msgtype"] == "m.notice"
