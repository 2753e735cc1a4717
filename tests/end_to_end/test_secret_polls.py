"""A secret poll on a real homeserver, with kills in its midst: each vote once, receipts verify, no links."""

from __future__ import annotations

import asyncio
import re
import signal
from urllib.parse import quote

from coedu_bot.demo.client import Event, Person, coedu, plain
from tests.end_to_end.conftest import World
from tests.plugins.polls.linking import Dump, Voter, by_id, by_neighbour, by_words, of_folder

RESPONSE = "org.matrix.msc3381.poll.response"
CODE = re.compile(r"[A-Z2-9]{3}-[A-Z2-9]{3}")


async def test_a_secret_poll_from_its_question_to_verified_receipts_with_kills(world: World) -> None:
    bot = await world.bot(plugins={"polls": {}})
    teacher = await world.person("Mme Durand")
    parents = [await world.person(f"P{number}") for number in range(6)]
    room = await world.room("6B", teacher, *parents)
    await teacher.say(room, "!sondage Changer de délégué ? | oui | non secret=oui")
    menus = [await one.sees(is_menu) for one in parents]
    for one, menu in list(zip(parents, menus, strict=True))[:3]:
        await vote(one, menu, "1")
    await bot.end(signal.SIGKILL)
    for one, menu in list(zip(parents, menus, strict=True))[3:]:
        await vote(one, menu, "2")  # while it is down
    await bot.start()
    receipts = [await one.sees_message(kind="poll.receipt") for one in parents]
    codes = [CODE.findall(event["content"]["body"])[0] for event in receipts]
    assert linked(await dump(world, parents), parents, codes)["by_id"] == 6  # as it must be until the end
    private = menus[0]["room_id"]
    await parents[0].say(private, "voter P1 2")
    await parents[0].sees_message("vous avez déjà voté", room=private)
    await teacher.say(room, "!fin P1")
    await bot.end(signal.SIGKILL)
    await bot.start()
    result = await teacher.sees_message("6 personnes sur 7 ont voté.", room=room, kind="poll.result")
    listed = plain(result["content"]["body"]).split("sous son code")[1].splitlines()
    said = {line[2]: set(CODE.findall(line)) for line in listed if line.startswith("- ")}
    assert said == {"1": set(codes[:3]), "2": set(codes[3:])}
    for one, event in zip(parents, receipts, strict=True):
        await gone(one, event)
    await nothing_links(world, parents, codes)
    texts = [m for m in teacher.messages(room, "poll.result") if m["content"]["msgtype"] == "m.text"]
    assert len(texts) == 1


def is_menu(event: Event) -> bool:
    return bool(event["type"].endswith("poll.start") and coedu(event).get("kind") == "menu")


async def vote(person: Person, menu: Event, answer: str) -> None:
    relates = {"rel_type": "m.reference", "event_id": menu["event_id"]}
    content = {"m.relates_to": relates, RESPONSE: {"answers": [answer]}}
    await person.send(menu["room_id"], RESPONSE, content)


async def gone(person: Person, event: Event) -> None:
    """The receipt is redacted, as its voter's own client sees it."""
    await person.sees(
        lambda one: (
            one["type"] == "m.room.redaction"
            and event["event_id"] in (one.get("redacts"), one["content"].get("redacts"))
        ),
        event["room_id"],
    )


def linked(found: Dump, people: list[Person], codes: list[str]) -> dict[str, int]:
    """How often each attempt is right; the codes are in the order of the people."""
    voters = [Voter(one.user_id, names(one)) for one in people]
    truth = {code: one.user_id for code, one in zip(codes, people, strict=True)}
    guesses = {one.__name__: one(found, voters, sorted(codes)) for one in (by_id, by_words, by_neighbour)}
    return {how: sum(truth[code] == user for code, user in guess.items()) for how, guess in guesses.items()}


def names(person: Person) -> frozenset[str]:
    """Account, private room, and everything sent by this person."""
    menu = next(event for event in person.seen() if is_menu(event))
    sent = {event["event_id"] for event in person.seen() if event["sender"] == person.user_id}
    return frozenset({person.user_id, menu["room_id"], *sent})


async def dump(world: World, people: list[Person]) -> Dump:
    """The database with its log file, and the bot's events as the homeserver has them now."""
    events: list[Event] = []
    for one in people:
        for room in list(one.events):
            page = await one.call("GET", f"/rooms/{quote(room)}/messages", dir="b", limit="200")
            events += [event for event in page["chunk"] if event["sender"] == world.bot_id]
    return of_folder(world.folder / "data", (), events)


async def nothing_links(world: World, people: list[Person], codes: list[str]) -> None:
    """Soon after the end, at the latest once the database has been written anew."""
    right: dict[str, int] = {}
    for _ in range(100):
        found = await dump(world, people)
        right = linked(found, people, codes)
        if max(right.values()) <= 1 and not found.tables["task"]:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(right)
