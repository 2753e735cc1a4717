"""The plugin of CONTRIBUTING.md in the real bot, loaded from a folder of its own."""

from __future__ import annotations

from coedu_bot.demo.client import Event
from tests.contributing.page import build_plugin
from tests.end_to_end.conftest import World


async def test_a_plugin_from_elsewhere_answers(world: World) -> None:
    elsewhere = world.folder / "my-plugins"
    build_plugin(elsewhere)
    await world.bot(plugin_path=["my-plugins"], plugins={"announcements": {}, "lost_property": {}})
    teacher, parent = await world.person("Mme Durand"), await world.person("Mme Benali")
    room = await world.room("6B", teacher, parent)
    await teacher.say(room, "!trouvé un bonnet bleu")
    asked = await parent.sees_message("Trouvé : un bonnet bleu", room=room, kind="lost-thing", id="L1")
    await parent.tap(room, asked["event_id"])
    told = await teacher.sees_message("Mme Benali a reconnu : un bonnet bleu.", kind="reply", id="L1")
    assert told["room_id"] != room

    def given_back(event: Event) -> bool:
        return "c’est rendu" in str(event["content"].get("m.new_content", {}).get("body"))

    await parent.sees(given_back, room)
