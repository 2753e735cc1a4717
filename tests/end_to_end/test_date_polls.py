"""A date poll on a real homeserver, with a kill in its midst: answers, counts, the calendar file."""

from __future__ import annotations

import signal

import icalendar

from coedu_bot.demo.client import Event, Person, coedu, plain
from tests.end_to_end.conftest import World

RESPONSE = "org.matrix.msc3381.poll.response"


async def test_a_date_is_found_privately_through_a_kill_and_comes_as_a_calendar_file(world: World) -> None:
    bot = await world.bot(plugins={"polls": {}})
    teacher = await world.person("Mme Durand")
    ana, bia = await world.person("Ana"), await world.person("Bia")
    room = await world.room("6B", teacher, ana, bia)
    await teacher.say(room, "!dates Réunion de rentrée | jeudi 18h | samedi 10h")
    first = await ana.sees(lambda event: asks(event, "Date 1 sur 2"))
    ballot = await bia.sees_message(kind="poll.ballot")
    await vote(ana, first, "1")
    await bot.end(signal.SIGKILL)
    await bia.say(ballot["room_id"], "1 non 2 oui", reply_to=ballot["event_id"])  # while it is down
    await bot.start()
    await vote(ana, await ana.sees(lambda event: asks(event, "Date 2 sur 2")), "2")
    for one in (ana, bia):
        await one.sees_message("vos réponses", kind="poll.receipt")
    await teacher.say(room, "!fin D1")
    proposal = await teacher.sees_message("La date qui convient le mieux : samedi", kind="poll.result")
    await teacher.say(proposal["room_id"], "fin D1 2")
    told = await bia.sees_message("date retenue : samedi", room=room, kind="poll.result")
    assert "2 personnes sur 3 ont voté." in plain(told["content"]["body"])
    assert counts(told) == ["✅ 1 · 🤷 0 · ❌ 1", "✅ 1 · 🤷 1 · ❌ 0"]
    file = await bia.sees(lambda event: event["content"].get("msgtype") == "m.file", room)
    (event,) = icalendar.Calendar.from_ical(await bia.download(file)).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Réunion de rentrée"
    assert (event.decoded("DTSTART").weekday(), event.decoded("DTSTART").hour) == (5, 10)
    (shown,) = bia.messages(room, "poll")
    assert counts(shown) == counts(told)
    assert not [one for one in bia.seen(room) if "Ana" in str(one["content"].get("body"))]


def asks(event: Event, text: str) -> bool:
    """Whether this is the menu that asks about a date."""
    menu = event["type"].endswith("poll.start") and coedu(event).get("kind") == "menu"
    return bool(menu and text in plain(event["content"]["body"]))


def counts(message: Event) -> list[str]:
    """What a message says of each date."""
    lines = plain(message["content"]["body"]).splitlines()
    return ["✅" + line.partition(" : ✅")[2] for line in lines if " : ✅" in line]


async def vote(person: Person, menu: Event, answer: str) -> None:
    relates = {"rel_type": "m.reference", "event_id": menu["event_id"]}
    content = {"m.relates_to": relates, RESPONSE: {"answers": [answer]}}
    await person.send(menu["room_id"], RESPONSE, content)
